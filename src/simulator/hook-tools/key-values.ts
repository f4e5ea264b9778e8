import { isMap, isScalar, LineCounter, type Node, parseAllDocuments, type Scalar } from 'yaml';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

/**
 * Reads `key=value` arguments as Juju's tools do: split at the first `=`, both sides trimmed, empty arguments skipped.
 * Throws `ToolUsageError` for one without a key or without `=`, and for a key given twice.
 */
export function parseKeyValues(args: readonly string[]): Record<string, string> {
  const settings = new Map<string, string>();
  for (const arg of args) {
    if (arg === '') continue;
    const equals = arg.indexOf('=');
    if (equals < 1) throw new ToolUsageError(`expected "key=value", got ${JSON.stringify(arg)}`);
    const key = arg.slice(0, equals).trim();
    if (settings.has(key)) throw new ToolUsageError(`key ${JSON.stringify(key)} specified more than once`);
    settings.set(key, arg.slice(equals + 1).trim());
  }
  return Object.fromEntries(settings);
}

/**
 * Reads the YAML (or JSON) that `--file` names: one mapping, whose scalars are taken by their source text, so that `yes`
 * stays `yes` and `1.50` stays `1.50`; null is `''`. Throws `ToolFailure` for a nested value, or anything but a mapping.
 */
export function parseSettingsFile(text: string): Record<string, string> {
  const lines = new LineCounter();
  // Under the failsafe schema every scalar is its text.
  const [document] = parseAllDocuments(text, { schema: 'failsafe', uniqueKeys: false, lineCounter: lines });
  if (document === undefined || !('contents' in document)) return {};
  const [error] = document.errors;
  if (error !== undefined) {
    throw new ToolFailure(`yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`);
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && scalarText(contents) === '')) return {};
  if (!isMap(contents)) throw cannotUnmarshal(contents, 'map[string]string', lines);
  const settings = contents.items.map(({ key, value }): [string, string] => {
    return [nodeText(key, lines), nodeText(value, lines)];
  });
  return Object.fromEntries(settings);
}

function nodeText(node: unknown, lines: LineCounter): string {
  if (node === null || node === undefined) return '';
  if (isScalar(node)) return scalarText(node);
  throw cannotUnmarshal(node as Node, 'string', lines);
}

function scalarText(scalar: Scalar): string {
  const text = String(scalar.value ?? '');
  const isNull = scalar.type === 'PLAIN' && /^(~|null|Null|NULL)$/.test(text);
  return isNull ? '' : text;
}

function cannotUnmarshal(node: Node, target: string, lines: LineCounter): ToolFailure {
  const kind = isScalar(node) ? `!!str \`${scalarText(node)}\`` : isMap(node) ? '!!map' : '!!seq';
  const { line } = lines.linePos(node.range?.[0] ?? 0);
  return new ToolFailure(`yaml: unmarshal errors:\n  line ${line}: cannot unmarshal ${kind} into ${target}`);
}
