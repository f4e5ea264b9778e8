import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPLAINTS_FILE, type ShellPipes } from '../../src/tools/shell.ts';
import { writeScript } from './fake-tools-folder.ts';

const DISPATCH = fileURLToPath(new URL('../../src/shell/dispatch.sh', import.meta.url));

/** A hook as `dispatch` starts it, with a process in Node's place that does nothing; its pipes are opened here. */
export class DispatchedShell {
  readonly pipes: ShellPipes;
  readonly #process: ChildProcess;
  readonly #descriptors: readonly number[];

  private constructor(process: ChildProcess, given: Pick<ShellPipes, 'complaints' | 'mark'>) {
    this.#process = process;
    const open = (descriptor: number, flags: string): number =>
      openSync(`/proc/${process.pid}/fd/${descriptor}`, flags);
    this.pipes = {
      ...given,
      commands: open(9, 'w'),
      answers: open(4, 'r'),
      askers: [5, 6, 7, 8].map((descriptor) => open(descriptor, 'r')),
    };
    this.#descriptors = [this.pipes.commands, this.pipes.answers, ...this.pipes.askers];
  }

  /**
   * Starts a hook in a folder, which becomes a charm's. `shell` is what runs `dispatch`: "sh" or "bash".
   * @throws Error where the shell leaves no pipes.
   */
  static async start(
    folder: string,
    {
      shell = 'sh',
      environment = {},
    }: { shell?: string; environment?: Readonly<Record<string, string>> } = {},
  ): Promise<DispatchedShell> {
    const dispatch = path.join(folder, 'dispatch');
    if (!existsSync(dispatch)) {
      copyFileSync(DISPATCH, dispatch);
      mkdirSync(path.join(folder, 'bin'));
      writeScript(path.join(folder, 'bin'), 'node', 'echo "$CHARM_TOOL_SHELL"\nexec sleep 1000');
    }
    const child = spawn(shell, [dispatch], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, JUJU_HOOK_NAME: '', ...environment },
    });
    const [line] = await once(child.stdout, 'data');
    const mark = String(line).trim();
    if (mark === '') throw new Error(`"${shell}" left no pipes`);
    return new DispatchedShell(child, { complaints: path.join(folder, COMPLAINTS_FILE), mark });
  }

  /** Ends the hook. */
  async end(): Promise<void> {
    for (const descriptor of this.#descriptors) closeSync(descriptor);
    this.#process.kill('SIGKILL');
    await once(this.#process, 'close');
  }
}
