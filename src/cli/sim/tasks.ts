import { type Command, Option } from 'commander';
import {
  describeFailedTasks,
  formatExec,
  formatRun,
  formatRunStart,
  formatScheduled,
  formatTaskLog,
  formatWaiting,
  type RunFormat,
} from '../../simulator/report/run-text.ts';
import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import type { ModelState } from '../../simulator/state/model-state.ts';
import type { TaskState } from '../../simulator/state/task-state.ts';
import { CommandFailure, misuse } from './command-failure.ts';
import { findApplication } from './known-parts.ts';
import { addModelCommand, askModel } from './model-command.ts';
import { collectList, readGivenFile } from './option-values.ts';
import { print, say } from './output.ts';

/** Adds the commands that run something on units, in their turn among hooks, and wait for it. */
export function addTaskCommands(sim: Command): void {
  addRunningCommand(sim, 'run', 'run an action on units, and wait for it')
    .argument('<words...>', 'units (web/0, web/leader), then an action, then key=value for its parameters')
    .usage('[options] <unit...> <action> [key=value...]')
    .option('--params <file>', 'parameters out of a YAML file')
    .option('--string-args', 'take values as text, and not as YAML')
    .action((words: readonly string[], flags: RunFlags, command: Command) => {
      const { units, action, args } = splitWords(words);
      const file = flags.params === undefined ? {} : { file: readGivenFile(flags.params) };
      const given = { args, ...file, stringArgs: flags.stringArgs ?? false };
      return askModel(command, async (model) =>
        finishRun(model, await model.enqueueAction(units, action, given), flags),
      );
    });
  addRunningCommand(sim, 'exec', 'run a command in the context of a hook on units, and wait for it')
    .argument('<command...>', 'a single word is taken as a line of bash; -- parts it from options')
    .option('-u, --unit <names>', 'on these units', collectList, [])
    .option('-a, --application <names>', 'on all units of these applications', collectList, [])
    .option('--all', 'on all units')
    .option('-r, --relation <id>', 'in the context of a relation: db:3, or 3')
    .option('--remote-unit <name>', 'which of the units in it is the remote one')
    .passThroughOptions()
    .action((words: readonly string[], flags: ExecFlags, command: Command) =>
      askModel(command, async (model) => {
        const units = chooseUnits(await model.snapshot(), flags);
        const { relation, remoteUnit } = flags;
        const about = {
          ...(relation === undefined ? {} : { relation }),
          ...(remoteUnit === undefined ? {} : { remoteUnit }),
        };
        await finishExec(model, await model.enqueueExec(units, joinWords(words), about), flags);
      }),
    );
}

interface TaskFlags {
  readonly background?: boolean;
  readonly format?: RunFormat;
  readonly utc?: boolean;
}

interface RunFlags extends TaskFlags {
  readonly params?: string;
  readonly stringArgs?: boolean;
}

interface ExecFlags extends TaskFlags {
  readonly unit: readonly string[];
  readonly application: readonly string[];
  readonly all?: boolean;
  readonly relation?: string;
  readonly remoteUnit?: string;
}

function addRunningCommand(sim: Command, name: string, description: string): Command {
  return addModelCommand(sim, name, description)
    .option('--background', 'do not wait: it runs with the next hooks')
    .option('--wait <time>', 'accepted: it waits until the tasks have ended')
    .option('--utc', 'times in UTC')
    .addOption(new Option('--format <format>', 'how to print it').choices(['plain', 'yaml', 'json']));
}

const UNIT_NAME = /^[a-z][a-z0-9-]*\/(?:\d+|leader)$/;

/** Units stand first, then the action, then its parameters. */
function splitWords(words: readonly string[]): {
  readonly units: readonly string[];
  readonly action: string;
  readonly args: readonly string[];
} {
  const at = words.findIndex((word) => !UNIT_NAME.test(word));
  if (at === 0) throw misuse(`invalid unit name ${JSON.stringify(words[0])}: name a unit before the action`);
  const action = words[at];
  if (action === undefined) throw misuse('no action specified');
  return { units: words.slice(0, at), action, args: words.slice(at + 1) };
}

async function finishRun(model: ModelHandle, tasks: readonly TaskState[], flags: TaskFlags): Promise<void> {
  if (flags.background) {
    process.stderr.write(formatScheduled(tasks));
    return;
  }
  process.stderr.write(formatRunStart(tasks) + tasks.map(formatWaiting).join(''));
  const ended = await model.runTasks(tasks[0]?.operation ?? '');
  process.stderr.write(ended.map((task) => formatTaskLog(task, flags)).join(''));
  print(endLine(formatRun(ended, flags)));
  concludeTasks(ended);
}

async function finishExec(model: ModelHandle, tasks: readonly TaskState[], flags: TaskFlags): Promise<void> {
  if (flags.background) {
    process.stderr.write(formatScheduled(tasks));
    return;
  }
  // What a single unit prints is passed on with nothing around it.
  if (tasks.length > 1) process.stderr.write(formatRunStart(tasks) + tasks.map(formatWaiting).join(''));
  const ended = await model.runTasks(tasks[0]?.operation ?? '');
  const [only] = ended;
  const isPlain = flags.format === undefined || flags.format === 'plain';
  if (ended.length === 1 && only !== undefined && isPlain && hasRun(only)) {
    print(String(only.results.stdout ?? ''));
    process.stderr.write(String(only.results.stderr ?? ''));
    process.exitCode = Number(only.results['return-code']);
    if (only.message !== '') throw new CommandFailure(only.message);
    return;
  }
  print(endLine(formatExec(ended, flags)));
  concludeTasks(ended);
}

/** Throws, in Juju's words, where a task has not done what it was asked for. */
function concludeTasks(tasks: readonly TaskState[]): void {
  const failure = describeFailedTasks(tasks);
  if (failure !== undefined) throw new CommandFailure(failure.trimEnd());
  const waiting = tasks.filter(({ status }) => status === 'pending');
  for (const { id, unit } of waiting) {
    say(`task ${id} waits still: ${unit} cannot run anything now; "reactive sim status" tells why`);
  }
  if (!tasks.every(hasRun)) process.exitCode = 1;
}

function hasRun({ results }: TaskState): boolean {
  return results['return-code'] !== undefined;
}

function chooseUnits(state: ModelState, flags: ExecFlags): string[] {
  const { unit, application, all = false } = flags;
  if (all && unit.length + application.length > 0) {
    throw misuse('You cannot specify --all and individual applications or units');
  }
  if (!all && unit.length + application.length === 0) {
    throw misuse('You must specify a target, either through --all, --application or --unit');
  }
  for (const name of application) findApplication(state, name);
  const members = Object.values(state.units).filter((one) => all || application.includes(one.application));
  return [...new Set([...unit, ...members.map(({ name }) => name)])];
}

/** Several words are one command, whatever is in them; a single one is a line of bash (Juju's rule). */
function joinWords(words: readonly string[]): string {
  const [line = '', ...more] = words;
  if (more.length === 0) return line;
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
