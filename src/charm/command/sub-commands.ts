import type { JsonValue } from '../../store/python-json.ts';
import type { Signature } from './command-line.ts';
import type { CommandUnit } from './command-unit.ts';
import { flagCommands } from './flag-commands.ts';
import { handlerCommands } from './handler-commands.ts';
import { relationCommands } from './relation-commands.ts';
import { templateCommands } from './template-commands.ts';

/** What a sub-command comes to: an answer by exit code, a value to print, or nothing but what it did. */
export type Outcome = { readonly isTrue: boolean } | { readonly value: JsonValue } | undefined;

/** The words of a command line, options by name. */
export interface Given {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/** One thing the command can do. */
export interface SubCommand extends Signature {
  /** What it does, in a line. */
  readonly summary: string;
  readonly run: (unit: CommandUnit, given: Given) => Outcome | Promise<Outcome>;
}

/** Every sub-command by name, in the order in which help lists them. */
export const subCommands: ReadonlyMap<string, SubCommand> = new Map(
  Object.entries({ ...flagCommands, ...handlerCommands, ...relationCommands, ...templateCommands }),
);
