import { existsSync, mkdtempSync } from 'node:fs';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AgentHost } from './agent/agent.ts';
import type { HookInfo } from './agent/hook-info.ts';
import type { HookRecord, ModelEvent } from './agent/hook-record.ts';
import { endLeftovers } from './agent/leftover-processes.ts';
import { chooseLauncher, type ProcessCommand, type ProcessEnd } from './agent/process-launcher.ts';
import { recoverUnits } from './agent/recovery.ts';
import { type SettleOptions, type SettleReport, type SettlingPlan, settle } from './agent/settling.ts';
import type { Fault } from './faults/fault.ts';
import { FaultPlan } from './faults/fault-plan.ts';
import { ToolServer } from './hook-tools/tool-server.ts';
import { writeHostTools, writeTools } from './hook-tools/tools-folder.ts';
import { ModelBelongings } from './model-belongings.ts';
import type { ModelOptions, OpenOptions } from './model-options.ts';
import { buryUnit } from './operator/lifecycle.ts';
import type { LogLine } from './report/debug-log.ts';
import { ModelLock } from './state/model-lock.ts';
import type { ModelState, UnitState } from './state/model-state.ts';
import { ModelStore } from './state/model-store.ts';
import { createModelState } from './state/new-model.ts';

/** Another process has the model open: it is asked through that one (`connectModel`), or later. */
export class ModelInUseError extends Error {
  override readonly name = 'ModelInUseError';

  constructor(folder: string) {
    super(`cannot open the model in "${folder}": another process has it open`);
  }
}

/**
 * A small Juju on this machine: applications, units, relations, and hooks that run as real processes of the charm in
 * Juju's order. What is asked of it changes the model at once, and is written down; hooks run when it is told to `settle`.
 *
 * A model lives in a folder, which outlives the process: `close` leaves it, and `open` goes on where it was. One process at
 * a time may have it open. Errors quote Juju's words for what it refuses.
 */
export class Model extends ModelBelongings {
  readonly #store: ModelStore;
  readonly #lock: ModelLock;
  readonly #host: AgentHost;
  readonly #faults = new FaultPlan();
  readonly #intercepts = new Map<string, Interceptor>();
  readonly #concurrency: number;
  readonly #isFolderOurs: boolean;
  readonly #hooks: HookRecord[] = [];
  readonly #listeners = new Set<(event: ModelEvent) => void>();
  readonly #end = new AbortController();
  #settling: Promise<unknown> = Promise.resolve();
  #noticeChange: () => void = () => undefined;

  /**
   * Makes an empty model, and starts what serves its hooks' tools. End it with `close` or `destroy`. Throws where the folder
   * given is not empty.
   */
  static async create(options: ModelOptions = {}): Promise<Model> {
    const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'model-')));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if ((await readdir(folder)).length > 0) {
      throw new Error(
        `cannot create a model in "${folder}": the folder is not empty; give one that is, or is not there`,
      );
    }
    await chmod(folder, 0o700);
    const lock = takeLock(folder);
    const store = new ModelStore(folder);
    for (const name of ['charms', 'agents', 'storage', 'resources']) {
      await mkdir(join(folder, name), { mode: 0o700 });
    }
    const state = createModelState(options);
    store.save(state);
    return Model.#start({ options, folder, lock, store, state });
  }

  /**
   * Opens a model that was made before. A hook that ran when its last process was killed is ended, and runs again. Throws
   * `ModelInUseError` where another process has it open, and where the folder holds no model.
   */
  static async open(folder: string, options: OpenOptions = {}): Promise<Model> {
    const place = resolve(folder);
    if (!existsSync(join(place, 'model.db'))) throw new Error(`no model in "${place}"`);
    const lock = takeLock(place);
    const store = new ModelStore(place);
    const state = store.load();
    if (state === undefined) throw new Error(`no model in "${place}"`);
    recoverUnits(state);
    store.save(state);
    return Model.#start({ options: { ...options, folder: place }, folder: place, lock, store, state });
  }

  static async #start(parts: Omit<ModelParts, 'toolsPath' | 'path' | 'server'>): Promise<Model> {
    const { folder, state, options } = parts;
    const tools = join(folder, 'tools');
    const hostTools = join(folder, 'host-tools');
    // A process that was killed leaves its sockets behind.
    const left = [tools, hostTools, join(folder, 'run')];
    for (const place of left) await rm(place, { recursive: true, force: true });
    const path = options.path ?? HOST_PATH;
    writeTools(tools);
    if (!state.host) writeHostTools(hostTools, path);
    const server = await ToolServer.start(folder);
    const toolsPath = state.host ? tools : `${tools}:${hostTools}`;
    return new Model({ ...parts, toolsPath, path, server });
  }

  private constructor(parts: ModelParts) {
    const { options, folder, toolsPath, path, server, state, store, lock } = parts;
    super(folder, state);
    this.#isFolderOurs = options.folder === undefined;
    this.#concurrency = options.concurrency ?? availableParallelism();
    this.#store = store;
    this.#lock = lock;
    if (options.onEvent !== undefined) this.#listeners.add(options.onEvent);
    this.#host = {
      state,
      server,
      launcher: chooseLauncher(),
      toolsPath,
      path,
      faults: options.faults ?? this.#faults,
      running: new Set(),
      save: (unit) => store.save(state, unit),
      defer: (unit) => store.defer(unit),
      isClosing: () => this.#end.signal.aborted,
      intercept: (unit, hook) => this.#intercepts.get(unit)?.(hook),
      emit: (event) => this.#tell(event),
    };
  }

  /** Runs hooks until none is due, after any `settle` still under way. See `SettleOptions` for retries and limits. */
  async settle(options: SettleOptions & Pick<SettlingPlan, 'isDone' | 'choose'> = {}): Promise<SettleReport> {
    const turn = this.#settling.then(() =>
      settle({
        ...options,
        host: this.#host,
        concurrency: this.#concurrency,
        bury: (unit) => this.#bury(unit),
        signal: this.#end.signal,
      }),
    );
    const saved = turn.finally(() => this.#store.save(this.state));
    this.#settling = saved.catch(() => undefined);
    return saved;
  }

  /** Runs hooks until the tasks of an operation have ended, and answers them. The other units stand still meanwhile. */
  async runTasks(operation: string): Promise<ReturnType<Model['tasks']>> {
    const units = this.tasks(operation).map(({ unit }) => unit);
    const isDone = () =>
      this.tasks(operation).every(({ status }) => status !== 'pending' && status !== 'running');
    await this.settle({ units, isDone });
    return this.tasks(operation);
  }

  /** Settles at the next change that an operator makes, or when the model is closed. */
  async nextChange(): Promise<void> {
    if (this.#end.signal.aborted) return;
    await new Promise<void>((settleNow) => {
      this.#noticeChange = settleNow;
    });
  }

  /** Tells of each hook as it starts and ends, and of each line of the log, from now on. Answers what ends that. */
  listen(listener: (event: ModelEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Has a unit's hooks run in another way than as they are, `debug-hooks` in a shell; undefined ends that. */
  interceptHooks(unit: string, interceptor: Interceptor | undefined): void {
    const { name } = this.findUnit(unit);
    if (interceptor === undefined) this.#intercepts.delete(name);
    else this.#intercepts.set(name, interceptor);
  }

  /** Plans something to go wrong in the next run of a hook. */
  planFault(fault: Fault): void {
    this.#faults.plan(fault);
  }

  /** The debug log, oldest line first: all of it, or what came after the line with a number. */
  debugLog(after?: number): readonly (LogLine & { readonly id: number })[] {
    return this.#store.readLog(after);
  }

  /** Every hook that was due since this process opened the model, in the order in which they ended. */
  hooks(): readonly HookRecord[] {
    return this.#hooks;
  }

  /** Ends what runs in this process. A hook that runs is killed, and runs again when the model is opened next. */
  async close(): Promise<void> {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    for (const hook of this.#host.running) hook.kill();
    this.#noticeChange();
    await this.#settling;
    this.#host.launcher.stop();
    await this.#host.server.stop();
    this.#store.save(this.state);
    this.#store.close();
    this.#lock.release();
  }

  /** Ends everything: running hooks, what they left running, the tools. The folder goes too if the model made it. */
  async destroy(options: { readonly removeFolder?: boolean } = {}): Promise<void> {
    await this.close();
    await endLeftovers({ model: this.state.uuid, folder: this.folder });
    if (options.removeFolder ?? this.#isFolderOurs) {
      await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  protected override changed(): void {
    this.#store.save(this.state);
    this.#noticeChange();
  }

  #tell(event: ModelEvent): void {
    if (event.type === 'log') this.#store.appendLog(event.line);
    if (event.type === 'hook') this.#hooks.push(event.record);
    for (const listener of this.#listeners) listener(event);
  }

  async #bury(unit: UnitState): Promise<void> {
    buryUnit(this.state, unit);
    this.#store.save(this.state);
    await endLeftovers({ model: this.state.uuid, unit: unit.name, folder: unit.folder });
    await rm(unit.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Answers how a hook is to be run; undefined for as it is. */
export type Interceptor = (hook: HookInfo) => ((command: ProcessCommand) => Promise<ProcessEnd>) | undefined;

/** Debian's usual PATH. */
const HOST_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

interface ModelParts {
  readonly options: ModelOptions;
  readonly folder: string;
  readonly toolsPath: string;
  readonly path: string;
  readonly server: ToolServer;
  readonly state: ModelState;
  readonly store: ModelStore;
  readonly lock: ModelLock;
}

function takeLock(folder: string): ModelLock {
  const lock = ModelLock.take(folder);
  if (lock === undefined) throw new ModelInUseError(folder);
  return lock;
}
