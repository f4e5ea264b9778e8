import type { JsonValue } from '../../store/python-json.ts';
import type { CharmDefinition } from '../charm-definition.ts';
import {
  type CommandLine,
  describeUsage,
  type HelpRequest,
  readCommandLine,
  UsageError,
} from './command-line.ts';
import { type CommandSurroundings, CommandUnit } from './command-unit.ts';
import { FORMATS, formatOutput } from './output.ts';
import { type Outcome, subCommands } from './sub-commands.ts';

/** What the command is run with. */
export interface CommandRun extends CommandSurroundings {
  /** The words after `charms.reactive`. */
  readonly words: readonly string[];
  readonly print: (text: string) => void;
}

/**
 * The command `charms.reactive`, with which handlers in any language work on flags and relations, and people look at them.
 *
 * Sub-commands, what they print and how they end are the reference's: exit code 0; 1 for a test that is not true, and for
 * whatever goes wrong, which is told on standard error; 2 for words that make no sense. Outside of hooks it works on the
 * unit's store. What it changes is kept only when it ends with 0.
 */
export async function runCommand(charm: CharmDefinition, run: CommandRun): Promise<number> {
  let line: CommandLine | HelpRequest;
  try {
    line = readCommandLine(run.words, (name) => subCommands.get(name));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    run.complain(`${describeCommand(error.about)}\ncharms.reactive: error: ${error.message}`);
    return 2;
  }
  if ('help' in line) {
    run.print(line.help === undefined ? describeAll() : describeHelp(line.help));
    return 0;
  }
  try {
    return await runSubCommand(charm, { line, run });
  } catch (error) {
    run.complain(`charms.reactive: error: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

async function runSubCommand(
  charm: CharmDefinition,
  { line, run }: { readonly line: CommandLine; readonly run: CommandRun },
): Promise<number> {
  const unit = new CommandUnit(charm, run);
  try {
    const outcome = await subCommands.get(line.name)?.run(unit, line);
    unit.commit();
    run.print(formatOutput(printedValue(outcome), line.format));
    return outcome && 'isTrue' in outcome && !outcome.isTrue ? 1 : 0;
  } finally {
    unit.close();
  }
}

/** What only answers or acts has the empty text for its value, in every format. */
function printedValue(outcome: Outcome): JsonValue {
  return outcome && 'value' in outcome ? outcome.value : '';
}

function describeCommand(about: string | undefined): string {
  const signature = about === undefined ? undefined : subCommands.get(about);
  return signature && about !== undefined
    ? `usage: ${describeUsage(about, signature)}`
    : 'usage: charms.reactive [--help] [--format FORMAT] SUB-COMMAND [ARGUMENTS…]';
}

function describeHelp(name: string): string {
  return `${describeCommand(name)}\n\n${name} ${subCommands.get(name)?.summary}.\n`;
}

function describeAll(): string {
  const width = Math.max(...[...subCommands.keys()].map((name) => name.length));
  const lines = [...subCommands].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  const formats = FORMATS.map((format) => `--${format}`).join(', ');
  return [
    describeCommand(undefined),
    '',
    'Works on the flags of the unit: of the hook that runs, or else of the unit as it is.',
    '',
    ...lines,
    '',
    `FORMAT is one of ${FORMATS.join(', ')} (raw unless given); ${formats} are short for it.`,
    '"charms.reactive SUB-COMMAND --help" tells what a sub-command takes.',
    '',
  ].join('\n');
}
