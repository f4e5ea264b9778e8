import type { HookTool } from './hook-tool.ts';
import type { ToolFlag } from './tool-arguments.ts';

/** A tool's help as Juju lays it out. charm-helpers looks into that of relation-set to learn whether it has `--file`. */
export function formatHelp(tool: HookTool, flags: readonly ToolFlag[]): string {
  const sections = [`Usage: ${tool.name} ${tool.usage}`, `Summary:\n${tool.summary}`];
  if (flags.length > 0) {
    const sorted = [...flags].sort((a, b) => (firstName(a) < firstName(b) ? -1 : 1));
    sections.push(`Options:\n${sorted.map(describeFlag).join('\n')}`);
  }
  if (tool.details !== undefined) sections.push(`Details:\n${tool.details}`);
  return `${sections.join('\n\n')}\n`;
}

function describeFlag(flag: ToolFlag): string {
  const value = flag.kind === 'boolean' ? (flag.fallback ?? 'false') : (flag.fallback ?? '');
  return `${flag.names.join(', ')}  (= ${value})\n    ${flag.help}`;
}

function firstName(flag: ToolFlag): string {
  return flag.names[0] ?? '';
}
