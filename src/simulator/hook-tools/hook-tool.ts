import type { HookContext } from '../agent/hook-context.ts';
import type { ToolArguments, ToolFlag } from './tool-arguments.ts';
import type { OutputFormat } from './tool-output.ts';

/** A hook tool, as the server runs it and `--help` describes it. */
export interface HookTool {
  readonly name: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly summary: string;
  readonly details?: string;
  /**
   * The default of `--format`, for tools that answer with a value. `smart` allows all three forms, `yaml` yaml and json.
   * Absent: the tool answers nothing, and has neither `--format` nor `--output`.
   */
  readonly format?: 'smart' | 'yaml';
  /** Whether the tool takes a `--format` for the sake of old charms, warns about it and ignores it. */
  readonly isFormatIgnored?: boolean;
  /** The tool's own flags, made for the hook, since a relation's default is the hook's own. */
  readonly flags?: (context: HookContext) => readonly ToolFlag[];
  /**
   * Runs the tool. Throws `ToolUsageError` for a wrong call, before anything is changed, and `ToolFailure` where Juju
   * refuses.
   */
  readonly run: (call: ToolCall) => ToolAnswer | undefined;
}

/** One call of a tool. */
export interface ToolCall extends ToolArguments {
  readonly context: HookContext;
  /** What `--format` chose; the default for tools without it. */
  readonly format: OutputFormat;
  /** A file named by the caller, relative to where the caller is; `-` is its standard input. Throws `ToolFailure`. */
  readonly readFile: (path: string) => string;
}

/** What a tool answers: a value that `--format` turns into text, or a text that is printed as it is. */
export type ToolAnswer = { readonly value: unknown } | { readonly text: string };
