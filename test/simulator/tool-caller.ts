import type { HookContext } from '../../src/simulator/agent/hook-context.ts';
import { MODEL_TOOLS } from '../../src/simulator/hook-tools/model-tools.ts';
import { runTool, type ToolResult } from '../../src/simulator/hook-tools/tool-run.ts';

/** Calls a hook tool within this process, with standard input where it is given. */
export function callTool(
  context: HookContext,
  command: readonly string[],
  options: { readonly stdin?: string; readonly cwd?: string } = {},
): ToolResult {
  const [name = '', ...args] = command;
  const tool = MODEL_TOOLS.get(name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return runTool(context, { tool, args, cwd: options.cwd ?? '/', ...options });
}

/** What a call prints, which must succeed. */
export function answer(context: HookContext, ...command: readonly string[]): string {
  const result = callTool(context, command);
  if (result.exitCode !== 0) throw new Error(`${command.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

/** How a call fails: `2 ERROR …`, the exit code and all of stderr. */
export function refusal(context: HookContext, ...command: readonly string[]): string {
  const result = callTool(context, command);
  if (result.stdout !== '') throw new Error(`${command.join(' ')} printed ${result.stdout}`);
  return `${result.exitCode} ${result.stderr.trimEnd()}`;
}
