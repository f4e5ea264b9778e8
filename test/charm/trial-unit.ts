import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type CharmDefinition,
  type HookReport,
  type HookTools,
  type JsonValue,
  type Role,
  runHook,
  type Tracer,
} from 'charms-reactive';
import {
  type MemoryModel,
  type MemoryRelation,
  MemoryTools,
  readConfigOptions,
  readMetadata,
  SqliteStore,
} from 'charms-reactive/testing';
import { onTestFinished } from 'vitest';

/** What a trial charm is made of: as little as the test needs. */
export interface CharmParts {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly options?: NonNullable<CharmDefinition['options']>;
  /** Layer names to what their file exports by default. */
  readonly layers?: Readonly<Record<string, unknown>>;
  /** `requires/redis` to the class that implements it. */
  readonly interfaces?: Readonly<Record<string, unknown>>;
}

export function makeCharm(parts: CharmParts = {}): CharmDefinition {
  const base = { name: 'web', summary: 'a trial', description: 'a trial' };
  return {
    metadata: readMetadata({ ...base, ...parts.metadata }, 'metadata.yaml'),
    config: readConfigOptions({ options: parts.config ?? {} }, 'config.yaml'),
    ...(parts.options ? { options: parts.options } : {}),
    layers: Object.entries(parts.layers ?? {}).map(([name, layer]) => ({
      name,
      file: `reactive/${name}.ts`,
      exports: { default: layer },
    })),
    interfaces: Object.entries(parts.interfaces ?? {}).map(([key, endpointClass]) => {
      const [role = '', interfaceName = ''] = key.split('/');
      const file = `interfaces/${interfaceName}/${role}.ts`;
      return { role: role as Role, interface: interfaceName, file, exports: { endpointClass } };
    }),
  };
}

/** What Juju says about a relation hook. */
export interface RelationEvent {
  readonly relation?: string;
  readonly unit?: string;
  readonly app?: string;
  readonly departing?: string;
}

type Bag = Readonly<Record<string, string>>;

/**
 * A unit of a charm, in a folder of its own, over hook tools in memory, whose hooks are run one after the other.
 *
 * `join`, `change`, `changeApp`, `depart` and `break` first do to the model what Juju does, then run the hook.
 */
export class TrialUnit {
  charm: CharmDefinition;
  readonly tools: MemoryTools;
  readonly charmDir = mkdtempSync(path.join(tmpdir(), 'trial-unit-'));
  /** What the hook is given in place of `tools`: a spy, or tools that fail. */
  wrap: (tools: MemoryTools) => HookTools = (tools) => tools;
  tracer: Tracer | undefined;

  constructor(charm: CharmDefinition, model: Partial<MemoryModel> = {}) {
    this.charm = charm;
    this.tools = new MemoryTools({ unit: 'web/0', ...model });
    onTestFinished(() => rmSync(this.charmDir, { recursive: true, force: true }));
  }

  /** Runs a hook as Juju does: what was buffered lands when it went well and is dropped when it did not. */
  async run(hook: string, event: RelationEvent = {}): Promise<HookReport> {
    try {
      const report = await runHook(this.charm, {
        environment: this.environment(hook, event),
        tools: this.wrap(this.tools),
        ...(this.tracer ? { tracer: this.tracer } : {}),
      });
      this.tools.commit();
      return report;
    } catch (error) {
      this.tools.rollback();
      throw error;
    }
  }

  /** Runs a hook that must fail; the answer is what it threw. */
  async runFailing(hook: string, event: RelationEvent = {}): Promise<Error> {
    try {
      await this.run(hook, event);
    } catch (error) {
      return error as Error;
    }
    throw new Error(`the hook ${hook} went well, and should not have`);
  }

  join(relation: string, unit: string, bag: Bag = {}): Promise<HookReport> {
    this.putUnit(relation, unit, bag);
    return this.run(hookOf(relation, 'joined'), { relation, unit });
  }

  change(relation: string, unit: string, bag: Bag): Promise<HookReport> {
    this.putUnit(relation, unit, bag);
    return this.run(hookOf(relation, 'changed'), { relation, unit });
  }

  changeApp(relation: string, bag: Bag): Promise<HookReport> {
    this.putRelation(relation, { applicationBag: bag });
    return this.run(hookOf(relation, 'changed'), { relation });
  }

  depart(relation: string, unit: string): Promise<HookReport> {
    this.takeUnit(relation, unit);
    return this.run(hookOf(relation, 'departed'), { relation, unit, departing: unit });
  }

  /** The relation is left out of relation-ids, as Juju does since 3.4.4, and gone afterwards. */
  break(relation: string): Promise<HookReport> {
    const app = this.tools.model.relations[relation]?.application ?? '';
    this.dropRelation(relation);
    return this.run(hookOf(relation, 'broken'), { relation, app });
  }

  putRelation(id: string, relation: Partial<MemoryRelation>): void {
    const { relations } = this.tools.model;
    const before = relations[id] ?? { application: 'redis', units: {} };
    this.tools.model.relations = { ...relations, [id]: { ...before, ...relation } };
  }

  putUnit(id: string, unit: string, bag: Bag): void {
    const application = unit.split('/')[0] ?? unit;
    this.putRelation(id, { application, units: { ...this.tools.model.relations[id]?.units, [unit]: bag } });
  }

  /** The unit is no longer listed, and can still be read. */
  takeUnit(id: string, unit: string): void {
    const { [unit]: bag = {}, ...units } = this.tools.model.relations[id]?.units ?? {};
    this.putRelation(id, { units, departed: { ...this.tools.model.relations[id]?.departed, [unit]: bag } });
  }

  dropRelation(id: string): void {
    const { [id]: _, ...relations } = this.tools.model.relations;
    this.tools.model.relations = relations;
  }

  environment(hook: string, { relation, unit, app, departing }: RelationEvent = {}): Record<string, string> {
    const remoteApp = app ?? this.tools.model.relations[relation ?? '']?.application ?? '';
    return {
      JUJU_UNIT_NAME: this.tools.model.unit,
      ...(hook.startsWith('actions/')
        ? { JUJU_HOOK_NAME: '', JUJU_DISPATCH_PATH: hook }
        : { JUJU_HOOK_NAME: hook }),
      JUJU_CHARM_DIR: this.charmDir,
      ...(relation
        ? {
            JUJU_RELATION: relation.split(':')[0] ?? '',
            JUJU_RELATION_ID: relation,
            JUJU_REMOTE_UNIT: unit ?? '',
            JUJU_REMOTE_APP: remoteApp,
          }
        : {}),
      ...(departing ? { JUJU_DEPARTING_UNIT: departing } : {}),
    };
  }

  /** The store's file, opened anew: every key with its value. */
  stored(prefix = ''): Record<string, JsonValue> {
    const store = new SqliteStore({ path: this.storeFile });
    try {
      return { ...store.getRange(prefix) };
    } finally {
      store.close();
    }
  }

  /** The flags in the store, sorted. */
  flags(): string[] {
    return Object.keys(this.stored('reactive.states.'))
      .map((key) => key.slice('reactive.states.'.length))
      .sort();
  }

  /** Sets flags in the store before a hook. */
  presetFlags(...flags: readonly string[]): void {
    const store = new SqliteStore({ path: this.storeFile });
    for (const flag of flags) store.set(`reactive.states.${flag}`, null);
    store.flush();
    store.close();
  }

  /** The store's file, byte for byte. */
  storeBytes(): string {
    return readFileSync(this.storeFile).toString('base64');
  }

  get storeFile(): string {
    return path.join(this.charmDir, '.unit-state.db');
  }

  /** What this unit published, in a relation. */
  published(relation: string): { unit: Record<string, string>; app: Record<string, string> } {
    const bags = this.tools.published[relation];
    return { unit: { ...bags?.unit }, app: { ...bags?.app } };
  }

  /** The lines of the log, each with its level before it. */
  logLines(): string[] {
    return this.tools.logged.flatMap(({ level, message }) =>
      message.split('\n').map((line) => `${level} ${line}`),
    );
  }
}

/** The handlers that ran, in order. */
export function handlersOf(report: HookReport): string[] {
  return report.runs.map(({ handler }) => handler);
}

/** Notes every call of one of Juju's hook tools, by its name, in `calls`. */
export function spyOnTools(tools: HookTools, calls: string[]): HookTools {
  return new Proxy(tools, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        if (!['askAhead', 'askNextTime', 'settle'].includes(String(name))) calls.push(String(name));
        return member.apply(target, parameters);
      };
    },
  });
}

function hookOf(relation: string, event: string): string {
  return `${relation.split(':')[0]}-relation-${event}`;
}
