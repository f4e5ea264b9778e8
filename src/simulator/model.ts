import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { APPLICATION_NAME } from '../metadata/name-rules.ts';
import type { AgentHost } from './agent/agent.ts';
import { rememberHook } from './agent/hook-memory.ts';
import type { HookRecord } from './agent/hook-record.ts';
import { type Interrupt, Interrupts } from './agent/interrupts.ts';
import { endLeftovers } from './agent/leftover-processes.ts';
import { type SettleOptions, type SettleReport, settle } from './agent/settling.ts';
import { statusNow } from './agent/statuses.ts';
import { ToolServer } from './hook-tools/tool-server.ts';
import { writeTools } from './hook-tools/tools-folder.ts';
import type { ModelOptions } from './model-options.ts';
import { readSettings } from './operator/application-config.ts';
import { copyCharm, readCharm } from './operator/charm-folder.ts';
import { fireHook } from './operator/fired-hook.ts';
import { addRelation, relationBetween } from './operator/integration.ts';
import {
  addApplication,
  addUnit,
  buryUnit,
  removeApplication,
  removeRelation,
  unitsOf,
} from './operator/lifecycle.ts';
import type { LogLine } from './report/debug-log.ts';
import { describeRelation, type RelationDescription } from './report/relation-description.ts';
import { type ModelStatus, reportStatus } from './report/status-report.ts';
import type { ApplicationState, ModelState, StatusRecord, UnitState } from './state/model-state.ts';
import { createModelState } from './state/new-model.ts';

/**
 * A small Juju on this machine: applications, units, relations, and hooks that run as real processes of the charm in
 * Juju's order. What is asked of it changes the model at once; hooks run when it is told to `settle`.
 *
 * Errors quote Juju's words for what it refuses.
 */
export class Model {
  /** Where the model's files are. */
  readonly folder: string;
  readonly #state: ModelState;
  readonly #host: AgentHost;
  readonly #concurrency: number;
  readonly #isFolderOurs: boolean;
  readonly #debugLog: LogLine[] = [];
  readonly #hooks: HookRecord[] = [];
  readonly #end = new AbortController();
  #settling: Promise<unknown> = Promise.resolve();

  /**
   * Makes an empty model, and starts what serves its hooks' tools. End it with `destroy`. Throws where the folder given is
   * not empty.
   */
  static async create(options: ModelOptions = {}): Promise<Model> {
    const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'model-')));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if ((await readdir(folder)).length > 0) {
      throw new Error(
        `cannot create a model in "${folder}": the folder is not empty; give one that is, or is not there`,
      );
    }
    for (const name of ['charms', 'agents']) await mkdir(join(folder, name), { mode: 0o700 });
    const toolsFolder = join(folder, 'tools');
    writeTools(toolsFolder);
    const server = await ToolServer.start(folder);
    return new Model({ options, folder, toolsFolder, server });
  }

  private constructor(parts: {
    readonly options: ModelOptions;
    readonly folder: string;
    readonly toolsFolder: string;
    readonly server: ToolServer;
  }) {
    const { options, folder, toolsFolder, server } = parts;
    this.folder = folder;
    this.#isFolderOurs = options.folder === undefined;
    this.#concurrency = options.concurrency ?? availableParallelism();
    this.#state = createModelState(options);
    this.#host = {
      state: this.#state,
      server,
      toolsFolder,
      path: options.path ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      interrupts: new Interrupts(),
      running: new Set(),
      emit: (event) => {
        if (event.type === 'log') this.#debugLog.push(event.line);
        if (event.type === 'hook') this.#hooks.push(event.record);
        options.onEvent?.(event);
      },
    };
  }

  /**
   * Deploys the charm in a folder, which is copied: later changes in it do not reach the model. The application is named
   * after the charm, and has one unit, if not told otherwise. Throws for a folder that is no charm by Juju's rules, for a
   * name in use and for config that does not fit.
   */
  async deploy(
    charmFolder: string,
    options: {
      readonly application?: string;
      readonly units?: number;
      readonly config?: Readonly<Record<string, unknown>>;
    } = {},
  ): Promise<void> {
    const facts = readCharm(resolve(charmFolder));
    const name = options.application ?? facts.metadata.name;
    if (!APPLICATION_NAME.test(name)) {
      throw new Error(`cannot deploy "${name}": invalid application name "${name}"`);
    }
    if (this.#state.applications[name] !== undefined) {
      throw new Error(`cannot deploy "${name}": application already exists`);
    }
    const folder = mkdtempSync(join(this.folder, 'charms', `${name}-`));
    const charm = { ...facts, folder, revision: 0 };
    const config = readSettings(charm, options.config ?? {});
    await copyCharm(resolve(charmFolder), folder);
    const application = addApplication(this.#state, { name, charm });
    this.#applySettings(application, config);
    this.addUnit(name, options.units ?? 1);
  }

  /** Relates two applications, each `application` or `application:endpoint`, and answers the relation's number. */
  integrate(first: string, second: string): number {
    return addRelation(this.#state, first, second).id;
  }

  /** Sets config options: values of their types, or the text a user would type; null takes one back to its default. */
  setConfig(application: string, settings: Readonly<Record<string, unknown>>): void {
    const target = this.#application(application);
    this.#applySettings(target, readSettings(target.charm, settings));
  }

  /** Takes config options back to their defaults. */
  resetConfig(application: string, ...names: readonly string[]): void {
    this.setConfig(application, Object.fromEntries(names.map((name) => [name, null])));
  }

  /** Adds units, and answers their names. */
  addUnit(application: string, count = 1): string[] {
    const target = this.#application(application);
    if (target.life === 'dying') throw new Error(`cannot add unit to "${application}": it is not alive`);
    const agents = join(this.folder, 'agents');
    return Array.from({ length: count }, () => addUnit(this.#state, target, { folder: agents }).name);
  }

  /** Lets a unit die: others see it depart, it leaves its relations, and then runs stop and remove. */
  removeUnit(unit: string): void {
    this.#unit(unit).life = 'dying';
  }

  /** Lets an application die, with its units and relations. */
  removeApplication(application: string): void {
    removeApplication(this.#state, this.#application(application));
  }

  /** Lets a relation die: each unit sees the others depart, and then the relation broken. */
  removeRelation(first: string, second: string): void {
    removeRelation(this.#state, relationBetween(this.#state, first, second));
  }

  /** Runs hooks until none is due, after any `settle` still under way. See `SettleOptions` for retries and limits. */
  async settle(options: SettleOptions = {}): Promise<SettleReport> {
    const turn = this.#settling.then(() =>
      settle({
        ...options,
        host: this.#host,
        concurrency: this.#concurrency,
        bury: (unit) => this.#bury(unit),
        signal: this.#end.signal,
      }),
    );
    this.#settling = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Resolves a failed hook: the next `settle` runs it again or, with `retry: false`, goes on as if it had run. What it
   * wrote is lost either way. Throws for a unit that is not in error.
   */
  resolved(unit: string, options: { readonly retry?: boolean } = {}): void {
    const { agent, ...rest } = this.#unit(unit);
    if (agent.failed === null) throw new Error(`unit "${rest.name}" is not in an error state`);
    if (options.retry ?? true) {
      agent.failed.retry = true;
      return;
    }
    rememberHook(this.#state, this.#unit(unit), agent.failed.hook);
    agent.status = statusNow('idle');
  }

  /** Has a hook run in the next `settle`, once nothing else is due: update-status, or another that this unit can have. */
  fire(
    unit: string,
    hook: string,
    about: { readonly relationId?: number; readonly remoteUnit?: string } = {},
  ): void {
    fireHook(this.#state, { unit: this.#unit(unit), hook, ...about });
  }

  /** Plans to kill a hook at one of its tool calls. */
  killAtToolCall(interrupt: Interrupt): void {
    this.#host.interrupts.plan(interrupt);
  }

  /** The model as `juju status --format json` tells it. `formatStatus` makes a table of it. */
  status(now = new Date()): ModelStatus {
    return reportStatus(this.#state, now);
  }

  /** The relations with both sides' databags, peer relations among them, oldest first. */
  relations(): RelationDescription[] {
    return Object.values(this.#state.relations).map(describeRelation);
  }

  /** A relation's databags. Throws where there is no relation with that number. */
  databags(relationId: number): Pick<RelationDescription, 'applications' | 'units'> {
    const relation = this.#state.relations[relationId];
    if (relation === undefined) throw new Error(`relation ${relationId} not found`);
    return describeRelation(relation);
  }

  /** The names of an application's units, or of all, in the order of their numbers. */
  units(application?: string): string[] {
    const names = application === undefined ? Object.keys(this.#state.applications) : [application];
    return names.flatMap((name) => unitsOf(this.#state, name)).map((unit) => unit.name);
  }

  /** The folder of a unit's charm, in which its hooks run. It is there once install has begun. */
  unitFolder(unit: string): string {
    return join(this.#unit(unit).folder, 'charm');
  }

  /** A unit's workload statuses, oldest first, the present one last. */
  statusHistory(unit: string): readonly StatusRecord[] {
    return this.#unit(unit).workloadHistory;
  }

  /** The debug log, oldest line first. */
  debugLog(): readonly LogLine[] {
    return this.#debugLog;
  }

  /** Every hook that was due so far, in the order in which they ended. */
  hooks(): readonly HookRecord[] {
    return this.#hooks;
  }

  /** Ends everything: running hooks, what they left running, the tools. The folder goes too if the model made it. */
  async destroy(): Promise<void> {
    this.#end.abort();
    for (const hook of this.#host.running) hook.kill();
    await this.#settling;
    await this.#host.server.stop();
    await endLeftovers({ model: this.#state.uuid, folder: this.folder });
    if (this.#isFolderOurs) await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #applySettings(application: ApplicationState, settings: ReturnType<typeof readSettings>): void {
    for (const [name, value] of Object.entries(settings)) {
      if (value === null) delete application.config[name];
      else application.config[name] = value;
    }
  }

  async #bury(unit: UnitState): Promise<void> {
    buryUnit(this.#state, unit);
    await endLeftovers({ model: this.#state.uuid, unit: unit.name, folder: unit.folder });
    await rm(unit.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #application(name: string): ApplicationState {
    const application = this.#state.applications[name];
    if (application === undefined) throw new Error(`application "${name}" not found`);
    return application;
  }

  #unit(name: string): UnitState {
    const unit = this.#state.units[name];
    if (unit === undefined) throw new Error(`unit "${name}" not found`);
    return unit;
  }
}
