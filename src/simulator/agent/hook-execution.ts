import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../faults/fault.ts';
import { passLeadership } from '../operator/lifecycle.ts';
import { provideStorage } from '../operator/storage.ts';
import type { LogLevel } from '../report/debug-log.ts';
import type { AgentHost } from './agent.ts';
import type { HookContext } from './hook-context.ts';
import { hookEnvironment } from './hook-environment.ts';
import { HookProcess } from './hook-process.ts';
import type { ProcessCommand, ProcessEnd } from './process-launcher.ts';
import { charmFolderOf } from './unit-charm.ts';

/** The tools whose effect stands at once, whatever becomes of the hook (Juju's rule). */
const IMMEDIATE_TOOLS =
  /^(status-set|application-version-set|leader-set|secret-get|payload-|action-|add-metric)/;

/** The process of one hook, with its environment, its tools, and what is to go wrong in it. */
export class HookExecution {
  readonly #run: ExecutionRun;
  #process: HookProcess | undefined;
  #isCutOff = false;

  constructor(run: ExecutionRun) {
    this.#run = run;
  }

  /** Whether the hook was killed together with its agent, so that it is to run again. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** What the process printed. */
  get output(): { readonly stdout: string; readonly stderr: string } {
    return this.#process?.output ?? { stdout: '', stderr: '' };
  }

  /** Runs a command in the unit's charm folder until it ends. The hook's tools are served meanwhile. */
  async run(command: Pick<ProcessCommand, 'file' | 'args'>): Promise<ProcessEnd> {
    const { host, context, write } = this.#run;
    this.#provideFolders();
    context.rebootNow = () => this.#cutOff();
    context.onHostCall = (call) => write('host', 'INFO', `recorded and not run: ${call.join(' ')}`);
    const whole = { ...command, cwd: charmFolderOf(context.unit), env: this.#environment() };
    host.server.open(context, () => this.#passTool());
    try {
      const intercept = host.intercept?.(context.unit.name, context.hook);
      return await (intercept === undefined ? this.#runProcess(whole) : intercept(whole));
    } finally {
      host.server.close(context);
    }
  }

  #provideFolders(): void {
    const { host, context } = this.#run;
    const { unit, hook } = context;
    for (const name of ['home', 'tmp']) mkdirSync(join(unit.folder, name), { recursive: true });
    const storage = hook.storage === undefined ? undefined : host.state.storage[hook.storage];
    if (storage !== undefined) provideStorage(storage);
  }

  #environment(): Record<string, string> {
    const { host, context } = this.#run;
    return hookEnvironment({
      context,
      charmFolder: charmFolderOf(context.unit),
      toolsPath: host.toolsPath,
      socket: host.server.address,
      path: host.path,
    });
  }

  async #runProcess(command: ProcessCommand): Promise<ProcessEnd> {
    const { host, context, write } = this.#run;
    const hookProcess = new HookProcess({
      ...command,
      launcher: host.launcher,
      onLine: (stream, line) => write(context.hook.name, stream === 'stdout' ? 'DEBUG' : 'WARNING', line),
    });
    this.#process = hookProcess;
    host.running.add(hookProcess);
    void hookProcess.started.then((processGroup) => this.#noteProcess(processGroup));
    const end = await hookProcess.ended;
    host.running.delete(hookProcess);
    return end;
  }

  /** Writes down what runs, so that it can be ended if this process is killed. */
  #noteProcess(processGroup: number): void {
    const { host, context } = this.#run;
    if (context.unit.agent.running === null) return;
    context.unit.agent.running = { hook: context.hook, processGroup };
    host.save(context.unit);
  }

  /** Called before a tool runs; answers whether it may. */
  #passTool(): boolean {
    const { host, context, fault } = this.#run;
    const { toolCalls } = context;
    const [name = ''] = toolCalls.at(-1) ?? [];
    // The tool runs before this does, and its caller goes on after.
    if (IMMEDIATE_TOOLS.test(name)) setImmediate(() => host.save(context.unit));
    if (fault === undefined || !('toolCall' in fault) || fault.toolCall !== toolCalls.length) return true;
    if (fault.kind === 'lose-leadership') {
      passLeadership(host.state, context.application);
      return true;
    }
    if (fault.kind === 'kill') this.#cutOff();
    else this.#process?.kill();
    return false;
  }

  /** Kills the hook together with its agent: it runs again, and is no error. */
  #cutOff(): void {
    this.#isCutOff = true;
    this.#process?.kill();
  }
}

interface ExecutionRun {
  readonly host: AgentHost;
  readonly context: HookContext;
  readonly fault: Fault | undefined;
  /** Writes to the debug log, as what the source says. */
  readonly write: (source: string, level: LogLevel, message: string) => void;
}
