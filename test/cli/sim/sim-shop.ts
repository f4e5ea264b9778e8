import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { addSimCommand } from '../../../src/cli/commands/sim.ts';
import { CommandFailure } from '../../../src/cli/sim/command-failure.ts';
import { type BashCharm, Workshop } from '../../simulator/bash-charm.ts';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** Node keeps what it has compiled here, so that each further process starts sooner. */
const COMPILED = fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url));

/** What a command has come to. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `reactive sim` as a user runs it, each command a process, with models and charms that go with the test. */
export class SimShop {
  readonly #workshop = new Workshop();
  readonly #children: ChildProcess[] = [];
  readonly #data = this.#workshop.folder('data');

  /** Where commands run. */
  readonly here = this.#workshop.folder('here');

  /** Where the model of a name is, as commands find it. */
  modelFolder(name = 'dev'): string {
    return join(this.#data, 'charms-reactive', 'models', name);
  }

  /** Settles once there is a file in the model `dev`, by its path from there. */
  async sees(path: string): Promise<void> {
    while (!existsSync(join(this.modelFolder(), path))) await new Promise((look) => setTimeout(look, 20));
  }

  /** Runs a command to its end. */
  sim(...words: readonly string[]): Ended {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'sim', ...words], {
      cwd: this.here,
      env: this.#environment(),
      encoding: 'utf8',
      timeout: 50_000,
      killSignal: 'SIGKILL',
    });
    return { status, stdout, stderr };
  }

  /** As `sim`, for a command that must go well: answers what it printed. */
  done(...words: readonly string[]): string {
    const { status, stdout, stderr } = this.sim(...words);
    if (status !== 0) throw new Error(`sim ${words.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** As `sim`, but in this process, which takes far less time: for what does not hang on being a process of its own. */
  async inside(...words: readonly string[]): Promise<Ended> {
    const output = { stdout: '', stderr: '' };
    const before = {
      cwd: process.cwd(),
      env: process.env,
      writes: [process.stdout.write, process.stderr.write],
    };
    process.chdir(this.here);
    process.env = this.#environment();
    for (const name of ['stdout', 'stderr'] as const) {
      process[name].write = (text: string | Uint8Array) => {
        output[name] += text.toString();
        return true;
      };
    }
    let status = 0;
    try {
      const program = new Command('reactive');
      addSimCommand(program);
      await program.parseAsync(['sim', ...words], { from: 'user' });
      status = Number(process.exitCode ?? 0);
    } catch (error) {
      output.stderr += `ERROR ${error instanceof Error ? error.message : String(error)}\n`;
      status = error instanceof CommandFailure ? error.exitCode : 1;
    } finally {
      process.exitCode = undefined;
      [process.stdout.write, process.stderr.write] = before.writes as [
        typeof process.stdout.write,
        typeof process.stderr.write,
      ];
      process.chdir(before.cwd);
      process.env = before.env;
    }
    return { status, ...output };
  }

  /** As `done`, in this process. */
  async doneInside(...words: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.inside(...words);
    if (status !== 0) throw new Error(`sim ${words.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** Starts a command; it is killed at the latest when the shop closes. */
  start(...words: readonly string[]): RunningCommand {
    const child = spawn(process.execPath, [MAIN, 'sim', ...words], {
      cwd: this.here,
      env: { ...this.#environment(), SHELL: '/bin/bash' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    return new RunningCommand(child);
  }

  /** A charm in bash; `files` are further ones, by name. */
  charm(charm: BashCharm, files: Readonly<Record<string, string>> = {}): string {
    const folder = this.#workshop.charm(charm);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.#workshop.clean();
  }

  #environment(): NodeJS.ProcessEnv {
    const { REACTIVE_MODEL: _, ...environment } = process.env;
    return { ...environment, XDG_DATA_HOME: this.#data, NODE_COMPILE_CACHE: COMPILED, TZ: 'UTC' };
  }
}

/** A command that has not ended yet. */
export class RunningCommand {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  /** Settles, with all that was printed, once it has printed a text. Rejects where it ends before. */
  async says(text: string): Promise<string> {
    while (!this.#output.includes(text)) {
      const isOver = this.#child.exitCode !== null || this.#child.signalCode !== null;
      if (isOver) throw new Error(`it ended without "${text}":\n${this.#output}`);
      await new Promise((look) => setTimeout(look, 20));
    }
    return this.#output;
  }

  /** Types what it reads from its terminal. */
  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Sends it a signal, and answers the exit code that it ends with. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    await this.#ended;
    return this.#child.exitCode;
  }
}
