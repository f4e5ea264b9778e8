import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolServer } from '../hook-tools/tool-server.ts';
import { copyCharm } from '../operator/charm-folder.ts';
import type { LogLevel, LogLine } from '../report/debug-log.ts';
import type { ApplicationState, ModelState, UnitState } from '../state/model-state.ts';
import { HookContext } from './hook-context.ts';
import { hookEnvironment } from './hook-environment.ts';
import { type HookInfo, relationIdText } from './hook-info.ts';
import { rememberHook } from './hook-memory.ts';
import { HookProcess, type ProcessEnd } from './hook-process.ts';
import type { HookRecord, ModelEvent } from './hook-record.ts';
import { findHookScript, type HookScript } from './hook-script.ts';
import type { Interrupts } from './interrupts.ts';
import { announceHook, concludeHook, failHook } from './statuses.ts';

/** What all agents of a model share. */
export interface AgentHost {
  readonly state: ModelState;
  readonly server: ToolServer;
  readonly toolsFolder: string;
  /** PATH for hooks, after the tools. */
  readonly path: string;
  readonly interrupts: Interrupts;
  readonly emit: (event: ModelEvent) => void;
  /** The hooks that run at this moment, so that they can be killed. */
  readonly running: Set<HookProcess>;
}

/**
 * Runs one hook of a unit, as one process, and lands what came of it: all that it wrote if it succeeded, nothing but what
 * Juju lets stand at once if it failed. Then the unit is in error, and the same hook comes again when it is resolved.
 * Never throws for what a charm does.
 */
export async function runHook(host: AgentHost, unit: UnitState, hook: HookInfo): Promise<HookRecord> {
  const application = host.state.applications[unit.application];
  if (application === undefined) {
    throw new Error(`cannot run ${hook.name}: "${unit.name}" has no application`);
  }
  return new HookRun({ host, unit, application, hook }).run();
}

class HookRun {
  readonly #host: AgentHost;
  readonly #unit: UnitState;
  readonly #hook: HookInfo;
  readonly #context: HookContext;
  readonly #charmFolder: string;
  readonly #log: LogLine[] = [];
  readonly #started = performance.now();

  constructor(run: {
    readonly host: AgentHost;
    readonly unit: UnitState;
    readonly application: ApplicationState;
    readonly hook: HookInfo;
  }) {
    this.#host = run.host;
    this.#unit = run.unit;
    this.#hook = run.hook;
    this.#charmFolder = join(run.unit.folder, 'charm');
    const log = (level: LogLevel, message: string) => this.#write('juju-log', level, message);
    this.#context = new HookContext({ ...run, state: run.host.state, log });
  }

  async run(): Promise<HookRecord> {
    const { name } = this.#hook;
    this.#host.emit({ type: 'hook-started', unit: this.#unit.name, hook: name });
    announceHook(this.#unit, this.#hook);
    let script: HookScript | undefined;
    try {
      if (this.#hook.kind === 'install') await this.#unpackCharm();
      script = findHookScript(this.#charmFolder, name);
    } catch (error) {
      return this.#fail(`hook "${name}" failed`, messageOf(error));
    }
    if (script === undefined) return this.#finish(`skipped "${name}" hook (missing)`, 'skipped');
    const end = await this.#execute(script.file);
    const failure = describeEnd(end);
    if (failure !== undefined) {
      return this.#fail(`hook "${name}" (via ${script.description}) failed`, failure, end);
    }
    return this.#finish(`ran "${name}" hook (via ${script.description})`, 'ran');
  }

  /** A unit's charm is a copy of its own, which its hooks may change. A retried install finds what the first one left. */
  async #unpackCharm(): Promise<void> {
    const { application } = this.#context;
    if (!existsSync(this.#charmFolder)) await copyCharm(application.charm.folder, this.#charmFolder);
  }

  async #execute(file: string): Promise<ProcessEnd> {
    const { server, interrupts, running, toolsFolder, path } = this.#host;
    for (const folder of ['home', 'tmp']) mkdirSync(join(this.#unit.folder, folder), { recursive: true });
    const context = this.#context;
    const env = hookEnvironment({
      context,
      charmFolder: this.#charmFolder,
      toolsFolder,
      socket: server.address,
      path,
    });
    const killAt = interrupts.take(this.#unit.name, this.#hook.name);
    server.open(context, () => {
      if (context.toolCalls.length !== killAt) return true;
      hookProcess.kill();
      return false;
    });
    const hookProcess = new HookProcess({
      file,
      cwd: this.#charmFolder,
      env,
      onLine: (stream, line) => this.#write(this.#hook.name, stream === 'stdout' ? 'DEBUG' : 'WARNING', line),
    });
    running.add(hookProcess);
    const end = await hookProcess.ended;
    running.delete(hookProcess);
    server.close(context);
    return end;
  }

  #finish(message: string, outcome: 'ran' | 'skipped'): HookRecord {
    try {
      this.#context.changes.commit();
    } catch (error) {
      return this.#fail(`hook "${this.#hook.name}" failed`, messageOf(error));
    }
    concludeHook(this.#unit, this.#hook, this.#context.isStatusSet);
    rememberHook(this.#host.state, this.#unit, this.#hook);
    this.#write('operation', 'INFO', message);
    return this.#record({ outcome, exitCode: outcome === 'ran' ? 0 : null });
  }

  #fail(message: string, failure: string, end?: ProcessEnd): HookRecord {
    failHook(this.#unit, this.#hook);
    this.#write('operation', 'ERROR', `${message}: ${failure}`);
    const signal = end?.signal ?? undefined;
    return this.#record({
      outcome: 'failed',
      exitCode: end?.exitCode ?? null,
      failure,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #record(ending: Pick<HookRecord, 'outcome' | 'exitCode' | 'signal' | 'failure'>): HookRecord {
    const { relation } = this.#hook;
    const record: HookRecord = {
      unit: this.#unit.name,
      hook: this.#hook.name,
      ...(relation === undefined ? {} : { relationId: relationIdText(relation) }),
      ...(relation === undefined ? {} : { remoteApplication: relation.remoteApplication }),
      ...(relation?.remoteUnit === undefined ? {} : { remoteUnit: relation.remoteUnit }),
      ...(relation?.departingUnit === undefined ? {} : { departingUnit: relation.departingUnit }),
      ...ending,
      toolCalls: this.#context.toolCalls,
      log: this.#log,
      milliseconds: performance.now() - this.#started,
    };
    this.#host.emit({ type: 'hook', record });
    return record;
  }

  /** Juju names the unit in loggers of the charm, and its own machinery in others. */
  #write(source: string, level: LogLevel, message: string): void {
    const logger =
      source === 'operation' ? 'juju.worker.uniter.operation' : `unit.${this.#unit.name}.${source}`;
    const line = { time: new Date().toISOString(), unit: this.#unit.name, level, logger, message };
    this.#log.push(line);
    this.#host.emit({ type: 'log', line });
  }
}

/** Juju's words for how a hook ended; undefined for success. */
function describeEnd(end: ProcessEnd): string | undefined {
  if (end.failure !== undefined) return end.failure;
  if (end.signal !== null) return `signal: ${end.signal === 'SIGKILL' ? 'killed' : end.signal}`;
  return end.exitCode === 0 ? undefined : `exit status ${end.exitCode}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
