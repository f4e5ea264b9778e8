import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { HookInfo } from '../../simulator/agent/hook-info.ts';
import type { ProcessCommand, ProcessEnd } from '../../simulator/agent/process-launcher.ts';
import { describeHookRun } from './hook-story.ts';
import { openModelAlone } from './model-access.ts';
import { addModelCommand, placeOf } from './model-command.ts';
import { print, say } from './output.ts';
import { keepRunning } from './watching.ts';

/** Adds `debug-hooks`: a shell in place of a hook, with the hook's environment. */
export function addDebugHooksCommand(sim: Command): void {
  addModelCommand(
    sim,
    'debug-hooks',
    'a shell in place of the hooks and actions of a unit, with their environment',
  )
    .alias('debug-hook')
    .argument('<unit>')
    .argument('[name...]', 'these hooks and actions; all if none is given')
    .action(async (unit: string, names: readonly string[], _flags: unknown, command: Command) => {
      const place = placeOf(command);
      const shell = new HookShell(unit);
      const model = await openModelAlone(place, {
        onEvent: (event) => {
          if (event.type === 'hook') shell.tell(`${describeHookRun(event.record).join('\n')}\n`);
        },
      });
      try {
        model.interceptHooks(unit, (hook) => {
          const isWanted = names.length === 0 || names.includes(hook.name);
          return isWanted ? (run) => shell.open(hook, run) : undefined;
        });
      } catch (error) {
        await model.close();
        throw error;
      }
      const what = names.length === 0 ? 'the next hook' : names.join(', ');
      await keepRunning(model, {
        announce: `Waiting for ${what} of ${unit}; other hooks run meanwhile. Ctrl-C ends it.`,
        mayEnd: () => !shell.isOpen,
      });
    });
}

/** The shell that stands in for hooks of one unit, one at a time. It has the terminal; what is told meanwhile waits. */
class HookShell {
  readonly #unit: string;
  #waiting: string[] | undefined;

  constructor(unit: string) {
    this.#unit = unit;
  }

  get isOpen(): boolean {
    return this.#waiting !== undefined;
  }

  /** Prints a text, once the shell is over. */
  tell(text: string): void {
    if (this.#waiting === undefined) print(text);
    else this.#waiting.push(text);
  }

  /** Opens the shell. Its exit code is the hook's. */
  async open(hook: HookInfo, run: ProcessCommand): Promise<ProcessEnd> {
    this.#waiting = [];
    say(describeShell(this.#unit, hook, run));
    const file = process.env.SHELL || '/bin/bash';
    // Bash's own start-up files would set another prompt.
    const args = basename(file) === 'bash' ? ['--norc', '--noprofile'] : [];
    const env = { ...run.env, PS1: `${this.#unit}:${hook.name} \\W$ ` };
    const child = spawn(file, args, { cwd: run.cwd, env, stdio: 'inherit' });
    const end = await new Promise<ProcessEnd>((settle) => {
      child.once('error', (error) => settle({ exitCode: null, signal: null, failure: error.message }));
      child.once('exit', (exitCode, signal) => settle({ exitCode, signal }));
    });
    const told = this.#waiting;
    this.#waiting = undefined;
    for (const text of told) print(text);
    return end;
  }
}

function describeShell(unit: string, hook: HookInfo, run: ProcessCommand): string {
  const about = hook.relation?.remoteUnit === undefined ? '' : ` (${hook.relation.remoteUnit})`;
  const program = run.file.startsWith(`${run.cwd}/`) ? `.${run.file.slice(run.cwd.length)}` : run.file;
  return [
    '',
    `This is a shell in place of the hook "${hook.name}"${about} of ${unit}, with its environment, in its charm's folder.`,
    `  ${program}   runs it by hand; hook tools work here: config-get, relation-get, status-set, …`,
    '  exit 0       lets the hook succeed: what was written lands',
    '  exit 1       lets it fail: the unit is in error, and what was written is lost',
    '',
  ].join('\n');
}
