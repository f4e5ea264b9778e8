import { dumpPythonJson, type JsonValue } from '../../store/python-json.ts';

/** Texts that YAML would take for something else, or that need no quotes. */
const RESERVED = /^(?:true|false|yes|no|on|off|null|y|n|~)$/i;
const PLAIN = /^[A-Za-z_/][\w./@+-]*(?::[\w./@+-]+)*$/;

/**
 * A value as YAML in blocks, as Python's `safe_dump` lays it out. Written here since a YAML library would make up two fifths of
 * every charm's bundle, for a form of output that hardly anyone asks for.
 */
export function writeYaml(value: JsonValue): string {
  return isBlock(value) ? `${writeBlock(value).join('\n')}\n` : `${writeScalar(value)}\n`;
}

type Block = readonly JsonValue[] | { readonly [key: string]: JsonValue };

function isBlock(value: JsonValue): value is Block {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function writeBlock(block: Block): string[] {
  if (Array.isArray(block)) {
    return block.flatMap((item: JsonValue) => {
      const [first = '', ...rest] = isBlock(item) ? writeBlock(item) : [writeScalar(item)];
      return [`- ${first}`, ...indent(rest)];
    });
  }
  return Object.entries(block)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, item]) => {
      if (!isBlock(item)) return [`${writeScalar(key)}: ${writeScalar(item)}`];
      const lines = writeBlock(item);
      return [`${writeScalar(key)}:`, ...(Array.isArray(item) ? lines : indent(lines))];
    });
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** JSON is YAML too, wherever plain words and single quotes do not do. */
function writeScalar(value: JsonValue): string {
  if (typeof value !== 'string') return dumpPythonJson(value);
  if (PLAIN.test(value) && !RESERVED.test(value)) return value;
  return /[^ -~]/.test(value) ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
}
