import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CharmDefinition } from '../charm/charm-definition.ts';
import { forgetRemoteBags } from '../charm/forget-remote-bags.ts';
import { type HookReport, runHook } from '../charm/run-hook.ts';
import { SqliteStore } from '../store/sqlite-store.ts';
import type { ActionResults } from '../tools/memory-action.ts';
import { type MemoryRelation, MemoryTools } from '../tools/memory-tools.ts';

/** Whom a relation hook is about. */
export interface RelationEvent {
  /** `db:0`, as in `relate`. */
  readonly relation: string;
  /** `redis/0`; absent in -created and -broken, and where the application's databag changed. */
  readonly remoteUnit?: string;
  /** In -departed: the unit that goes. */
  readonly departingUnit?: string;
}

/** How an action ended. */
export interface ActionOutcome {
  readonly report: HookReport;
  readonly results: ActionResults;
  readonly log: readonly string[];
  /** What it failed with, where it did. */
  readonly failure?: string;
}

/**
 * A unit of a charm, for tests: its hooks run in this process, one after the other as a test says, over a model of Juju's in
 * memory. The charm's handlers, triggers and store are the real ones.
 *
 * What Juju would say is in `tools` and set by `configure` and `relate`; what the charm told Juju is in `tools`. The unit has
 * a folder of its own, which `dispose` removes.
 */
export class MemoryUnit {
  /** The charm's folder on the unit; empty but for what the charm's hooks write. */
  readonly folder: string;
  readonly tools: MemoryTools;
  readonly #charm: CharmDefinition;

  /** @param unit `redis/0`; the first unit of an application of the charm's name if not given. */
  constructor(charm: CharmDefinition, unit = `${charm.metadata.name}/0`) {
    this.#charm = charm;
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'memory-unit-')));
    this.tools = new MemoryTools({ unit });
    this.configure({});
  }

  /** Sets options; every other one has its default. */
  configure(values: Readonly<Record<string, string | number | boolean>>): void {
    const defaults = Object.entries(this.#charm.config ?? {}).map(([name, option]) => [name, option.default]);
    this.tools.model.config = { ...Object.fromEntries(defaults), ...values };
  }

  /** What Juju says of the unit's relations from now on, by id: `{ 'db:0': { application: 'redis', units: { 'redis/0': {} } } }`. */
  relate(relations: Readonly<Record<string, MemoryRelation>>): void {
    this.tools.model.relations = relations;
    forgetRemoteBags(this.folder);
  }

  /**
   * Runs a hook, and ends it as Juju does: what was published and opened lands when it went well, and is dropped when it did
   * not. Throws what the charm's code threw.
   */
  hook(name: string, event?: RelationEvent): Promise<HookReport> {
    return this.#run({
      JUJU_HOOK_NAME: name,
      JUJU_DISPATCH_PATH: `hooks/${name}`,
      ...(event === undefined ? {} : this.#relationVariables(event)),
    });
  }

  /** Runs an action. Throws what the charm's code threw. */
  async action(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<ActionOutcome> {
    const action: { failure?: string } & Omit<ActionOutcome, 'report' | 'failure'> & { log: string[] } = {
      results: {},
      log: [],
    };
    this.tools.action = Object.assign(action, { parameters });
    try {
      const report = await this.#run({
        JUJU_HOOK_NAME: '',
        JUJU_ACTION_NAME: name,
        JUJU_DISPATCH_PATH: `actions/${name}`,
      });
      const { results, log, failure } = action;
      return { report, results, log, ...(failure === undefined ? {} : { failure }) };
    } finally {
      this.tools.action = undefined;
    }
  }

  /** The flags that are stored, sorted. */
  get flags(): string[] {
    const store = new SqliteStore({ path: join(this.folder, '.unit-state.db') });
    try {
      return Object.keys(store.getRange('reactive.states.', { strip: true })).sort();
    } finally {
      store.close();
    }
  }

  /** What the charm's code and the framework wrote into the log, line by line. */
  get logLines(): string[] {
    return this.tools.logged.flatMap(({ message }) => message.split('\n'));
  }

  /** Removes the unit's folder. */
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #run(variables: Readonly<Record<string, string | undefined>>): Promise<HookReport> {
    const environment = {
      JUJU_UNIT_NAME: this.tools.model.unit,
      JUJU_CHARM_DIR: this.folder,
      ...variables,
    };
    try {
      const report = await runHook(this.#charm, { environment, tools: this.tools });
      this.tools.commit();
      return report;
    } catch (error) {
      this.tools.rollback();
      throw error;
    }
  }

  #relationVariables({ relation, remoteUnit, departingUnit }: RelationEvent): Record<string, string> {
    const application = this.tools.model.relations[relation]?.application;
    return {
      JUJU_RELATION: relation.split(':')[0] ?? '',
      JUJU_RELATION_ID: relation,
      JUJU_REMOTE_UNIT: remoteUnit ?? '',
      JUJU_REMOTE_APP: application ?? remoteUnit?.split('/')[0] ?? '',
      ...(departingUnit === undefined ? {} : { JUJU_DEPARTING_UNIT: departingUnit }),
    };
  }
}
