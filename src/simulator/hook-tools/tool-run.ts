import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { HookContext } from '../agent/hook-context.ts';
import type { HookTool, ToolAnswer, ToolCall } from './hook-tool.ts';
import { refuseRestricted, runRestricted } from './restricted-tools.ts';
import { parseToolArguments, type ToolArguments, type ToolFlag } from './tool-arguments.ts';
import { StdinNeeded, ToolFailure, ToolUsageError } from './tool-errors.ts';
import { formatHelp } from './tool-help.ts';
import { formatValue, type OutputFormat } from './tool-output.ts';

/** What a caller of a hook tool sends. */
export interface ToolRequest {
  readonly tool: HookTool;
  readonly args: readonly string[];
  /** The caller's working directory, for files it names. */
  readonly cwd: string;
  /** The caller's standard input; absent until the tool has asked for it. */
  readonly stdin?: string;
}

/** What the caller is to print and how it is to exit. */
export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a hook tool for a hook. Errors become `ERROR …` and exit code 2 (a wrong call) or 1 (all else), as Juju's do.
 * Throws `StdinNeeded` where the tool reads standard input and the request has none.
 */
export function runTool(context: HookContext, request: ToolRequest): ToolResult {
  const { tool, args } = request;
  const flags = flagsOf(tool, context);
  try {
    if (context.isRestricted) refuseRestricted(tool);
    if (asksForHelp(args)) return { exitCode: 0, stdout: formatHelp(tool, flags), stderr: '' };
    const parsed = parseToolArguments(args, flags);
    const format = readFormat(tool, parsed);
    const call: ToolCall = {
      context,
      format,
      texts: parsed.texts,
      switches: parsed.switches,
      positionals: parsed.positionals,
      readFile: (path) => readCallerFile(request, path),
    };
    const answer = context.isRestricted ? runRestricted(tool, call) : tool.run(call);
    const text = formatAnswer(answer, format);
    return { exitCode: 0, stdout: deliver(request, parsed, text), stderr: formatNotice(tool, parsed) };
  } catch (error) {
    if (error instanceof StdinNeeded) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { exitCode: error instanceof ToolUsageError ? 2 : 1, stdout: '', stderr: `ERROR ${message}\n` };
  }
}

function flagsOf(tool: HookTool, context: HookContext): readonly ToolFlag[] {
  const own = tool.flags?.(context) ?? [];
  if (tool.format === undefined) return tool.isFormatIgnored ? [ignoredFormat, ...own] : own;
  const formats = tool.format === 'smart' ? ['json', 'smart', 'yaml'] : ['json', 'yaml'];
  const format: ToolFlag = {
    key: 'format',
    names: ['--format'],
    kind: 'text',
    help: `Specify output format (${formats.join('|')})`,
    fallback: tool.format,
    read: (text) => {
      if (!formats.includes(text)) throw new Error(`unknown format ${JSON.stringify(text)}`);
      return text;
    },
  };
  return [format, ...own, outputFlag];
}

const outputFlag: ToolFlag = {
  key: 'output',
  names: ['-o', '--output'],
  kind: 'text',
  help: 'Specify an output file',
  fallback: '',
};

const ignoredFormat: ToolFlag = {
  key: 'format',
  names: ['--format'],
  kind: 'text',
  help: 'Deprecated format flag',
  fallback: '',
};

/** `--help` counts wherever it stands before `--`, as the first thing a tool looks for. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const flags = end < 0 ? args : args.slice(0, end);
  return flags.includes('--help') || flags.includes('-h');
}

function readFormat(tool: HookTool, parsed: ToolArguments): OutputFormat {
  const format = tool.format === undefined ? 'smart' : (parsed.texts.get('format') ?? tool.format);
  return format === 'json' || format === 'yaml' ? format : 'smart';
}

function formatAnswer(answer: ToolAnswer | undefined, format: OutputFormat): string {
  if (answer === undefined) return '';
  return 'text' in answer ? answer.text : formatValue(answer.value, format);
}

function formatNotice(tool: HookTool, parsed: ToolArguments): string {
  if (!tool.isFormatIgnored || !parsed.texts.has('format')) return '';
  return `--format flag deprecated for command ${JSON.stringify(tool.name)}`;
}

function readCallerFile(request: ToolRequest, path: string): string {
  if (path === '-') {
    if (request.stdin === undefined) throw new StdinNeeded('the tool reads its standard input');
    return request.stdin;
  }
  try {
    return readFileSync(fromCaller(request, path), 'utf8');
  } catch {
    throw new ToolFailure(`open ${fromCaller(request, path)}: no such file or directory`);
  }
}

/** Where the caller asked for a file, the text goes there and not to its standard output. */
function deliver(request: ToolRequest, parsed: ToolArguments, text: string): string {
  const path = parsed.texts.get('output') ?? '';
  if (path === '') return text;
  writeFileSync(fromCaller(request, path), text);
  return '';
}

function fromCaller(request: ToolRequest, path: string): string {
  return isAbsolute(path) ? path : resolve(request.cwd, path);
}
