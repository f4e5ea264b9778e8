import type { Fault, FaultSource } from '../faults/fault.ts';
import type { ToolServer } from '../hook-tools/tool-server.ts';
import type { LogLevel, LogLine } from '../report/debug-log.ts';
import type { ApplicationState, ModelState, UnitState } from '../state/model-state.ts';
import type { TaskState } from '../state/task-state.ts';
import { rebootMachine, restartAgent } from './agent-restart.ts';
import { HookContext } from './hook-context.ts';
import { HookExecution } from './hook-execution.ts';
import { type HookInfo, relationIdText } from './hook-info.ts';
import { rememberHook } from './hook-memory.ts';
import type { HookProcess } from './hook-process.ts';
import type { HookRecord, ModelEvent } from './hook-record.ts';
import { findHookScript, type HookScript } from './hook-script.ts';
import type { ProcessCommand, ProcessEnd, ProcessLauncher } from './process-launcher.ts';
import { announceHook, concludeHook, failHook, setAgentStatus, statusNow } from './statuses.ts';
import { beginTask, endTask, refuseTask } from './task-run.ts';
import { charmFolderOf, provideCharm } from './unit-charm.ts';

/** What all agents of a model share. */
export interface AgentHost {
  readonly state: ModelState;
  readonly server: ToolServer;
  readonly launcher: ProcessLauncher;
  /** What comes first on hooks' PATH: the hook tools, and what keeps the host as it is. */
  readonly toolsPath: string;
  /** PATH for hooks, after the tools. */
  readonly path: string;
  readonly faults: FaultSource;
  readonly emit: (event: ModelEvent) => void;
  /** Writes down what has changed about a unit, and around it. */
  readonly save: (unit: UnitState) => void;
  /** Has it written down with whatever is saved next. */
  readonly defer: (unit: UnitState) => void;
  /** The hooks that run at this moment, so that they can be killed. */
  readonly running: Set<HookProcess>;
  /** Whether the model is being closed: a hook that is killed for that is no error, and runs again later. */
  readonly isClosing: () => boolean;
  /** Runs a hook's command in another way than as it is: `debug-hooks` opens a shell. Undefined runs it as it is. */
  readonly intercept?: (
    unit: string,
    hook: HookInfo,
  ) => ((command: ProcessCommand) => Promise<ProcessEnd>) | undefined;
}

/**
 * Runs one hook, or task, of a unit, as one process, and lands what came of it: all that it wrote if it succeeded, nothing
 * but what Juju lets stand at once if it failed. Then the unit is in error, and the same hook comes again when it is
 * resolved. Never throws for what a charm does.
 */
export async function runHook(host: AgentHost, unit: UnitState, hook: HookInfo): Promise<HookRecord> {
  const application = host.state.applications[unit.application];
  if (application === undefined) {
    throw new Error(`cannot run ${hook.name}: "${unit.name}" has no application`);
  }
  return new HookRun({ host, unit, application, hook }).run();
}

/** The hooks before which a unit's copy of the charm is made, or made anew. */
const CHARM_HOOKS: readonly HookInfo['kind'][] = ['install', 'upgrade-charm', 'storage-attached'];

class HookRun {
  readonly #host: AgentHost;
  readonly #unit: UnitState;
  readonly #hook: HookInfo;
  readonly #fault: Fault | undefined;
  readonly #context: HookContext;
  readonly #charmFolder: string;
  readonly #log: LogLine[] = [];
  readonly #started = performance.now();
  readonly #execution: HookExecution;

  constructor(run: {
    readonly host: AgentHost;
    readonly unit: UnitState;
    readonly application: ApplicationState;
    readonly hook: HookInfo;
  }) {
    this.#host = run.host;
    this.#unit = run.unit;
    this.#hook = run.hook;
    this.#charmFolder = charmFolderOf(run.unit);
    this.#fault = run.host.faults.take(run.unit, run.hook);
    const log = (level: LogLevel, message: string) => this.#write('juju-log', level, message);
    this.#context = new HookContext({ ...run, state: run.host.state, log });
    this.#execution = new HookExecution({
      host: run.host,
      context: this.#context,
      fault: this.#fault,
      write: (source, level, message) => this.#write(source, level, message),
    });
  }

  async run(): Promise<HookRecord> {
    const { agent } = this.#unit;
    this.#host.emit({ type: 'hook-started', unit: this.#unit.name, hook: this.#hook.name });
    const { task } = this.#context;
    agent.running = { hook: this.#hook, processGroup: null };
    if (task === undefined) announceHook(this.#unit, this.#hook);
    const showIdle = task === undefined ? undefined : beginTask(this.#unit, task);
    const record = await (task === undefined ? this.#runHook() : this.#runTask(task));
    agent.running = null;
    showIdle?.();
    if (this.#context.reboot !== undefined && record.outcome !== 'failed') {
      rebootMachine(this.#host.state, this.#unit.machine);
    }
    if (record.outcome === 'skipped') this.#host.defer(this.#unit);
    else this.#host.save(this.#unit);
    this.#host.emit({ type: 'hook', record });
    return record;
  }

  async #runHook(): Promise<HookRecord> {
    const { name } = this.#hook;
    let script: HookScript | undefined;
    try {
      await this.#provideCharm();
      script = findHookScript(this.#charmFolder, `hooks/${name}`);
    } catch (error) {
      return this.#fail(`hook "${name}" failed`, messageOf(error));
    }
    if (script === undefined) return this.#finish(`skipped "${name}" hook (missing)`, 'skipped');
    const end = await this.#execution.run({ file: script.file, args: [] });
    if (this.#execution.isCutOff || (end.signal !== null && this.#host.isClosing())) return this.#requeue();
    const failure = describeEnd(end);
    if (failure !== undefined) {
      return this.#fail(`hook "${name}" (via ${script.description}) failed`, failure, end);
    }
    return this.#finish(`ran "${name}" hook (via ${script.description})`, 'ran');
  }

  async #runTask(task: TaskState): Promise<HookRecord> {
    const command = this.#findCommand(task);
    if (typeof command === 'string') {
      refuseTask(task, command);
      this.#write('operation', 'ERROR', `action "${this.#hook.name}" failed: ${command}`);
      return this.#record({ outcome: 'failed', exitCode: null, failure: command });
    }
    const end = await this.#execution.run(command);
    const { exitCode } = end;
    const isLanding = exitCode === 0 || task.what.kind === 'exec';
    const refusal = isLanding ? this.#commit() : undefined;
    const { output } = this.#execution;
    endTask(task, { end, output, failure: refusal ?? this.#context.actionFailure });
    const message = task.status === 'failed' ? `failed: ${task.message}` : 'ran';
    this.#write('operation', 'INFO', `${message} "${this.#hook.name}" ${task.what.kind} (task ${task.id})`);
    if (task.status !== 'failed') return this.#record({ outcome: 'ran', exitCode });
    return this.#record({ outcome: 'failed', exitCode, failure: task.message });
  }

  /** What a task runs; or, as a text, why it cannot. */
  #findCommand({ what, unit }: TaskState): Pick<ProcessCommand, 'file' | 'args'> | string {
    if (what.kind === 'exec') return { file: '/bin/bash', args: ['-c', what.command] };
    try {
      const script = findHookScript(this.#charmFolder, `actions/${what.name}`);
      return script === undefined
        ? `action not implemented on unit ${JSON.stringify(unit)}`
        : { file: script.file, args: [] };
    } catch (error) {
      return messageOf(error);
    }
  }

  async #provideCharm(): Promise<void> {
    if (!CHARM_HOOKS.includes(this.#hook.kind)) return;
    if (this.#hook.kind === 'storage-attached' && this.#unit.agent.installed) return;
    await provideCharm(this.#context.application, this.#unit);
    if (this.#hook.kind === 'install') {
      this.#unit.agent.charmModified = this.#context.application.charmModified;
    }
  }

  #requeue(): HookRecord {
    this.#unit.agent.interrupted = this.#hook;
    this.#unit.agent.failed = null;
    setAgentStatus(this.#unit, statusNow(this.#context.reboot === 'now' ? 'rebooting' : 'idle'));
    restartAgent(this.#unit);
    this.#write('operation', 'INFO', `hook "${this.#hook.name}" was interrupted, and runs again`);
    return this.#record({ outcome: 'interrupted', exitCode: null });
  }

  /** Lands what was written. Answers why not, where Juju refuses it. */
  #commit(): string | undefined {
    try {
      this.#context.changes.commit();
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  #finish(message: string, outcome: 'ran' | 'skipped'): HookRecord {
    const refusal = this.#commit();
    if (refusal !== undefined) return this.#fail(`hook "${this.#hook.name}" failed`, refusal);
    this.#write('operation', 'INFO', message);
    if (this.#fault?.kind === 'run-again') return this.#requeue();
    concludeHook(this.#unit, this.#hook, this.#context.isStatusSet);
    rememberHook(this.#host.state, this.#unit, this.#hook);
    if (this.#fault?.kind === 'restart-agent') restartAgent(this.#unit);
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
    const { relation, task } = this.#hook;
    return {
      unit: this.#unit.name,
      hook: this.#hook.name,
      ...(task === undefined ? {} : { task }),
      ...(relation === undefined ? {} : { relationId: relationIdText(relation) }),
      ...(relation === undefined ? {} : { remoteApplication: relation.remoteApplication }),
      ...(relation?.remoteUnit === undefined ? {} : { remoteUnit: relation.remoteUnit }),
      ...(relation?.departingUnit === undefined ? {} : { departingUnit: relation.departingUnit }),
      ...ending,
      toolCalls: this.#context.toolCalls,
      log: this.#log,
      milliseconds: performance.now() - this.#started,
    };
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
