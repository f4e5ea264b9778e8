import { Document, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { formatGoFloat } from './go-float.ts';
import { compareNaturally } from './natural-order.ts';

/** How a hook tool may be asked to print. */
export type OutputFormat = 'smart' | 'yaml' | 'json';

/**
 * A value as Juju's tools print it. A plain object is a Go map, whose keys are sorted; a `Map` is a Go struct, whose
 * fields keep their order; a `Date` is a time. `smart` prints nothing for null, an empty text or an empty list.
 */
export function formatValue(value: unknown, format: OutputFormat): string {
  if (format === 'json') return `${toJson(value)}\n`;
  if (value === null || value === undefined) return '';
  return format === 'yaml' ? toYaml(value) : toSmart(value);
}

function toSmart(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '' : `${value}\n`;
  if (typeof value === 'boolean') return value ? 'True\n' : 'False\n';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? '' : `${value.join('\n')}\n`;
  }
  return toYaml(value);
}

/** Compact, keys in the order of their bytes, and with Go's escapes for what HTML would take for markup. */
function toJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (value instanceof Date) return `"${formatTime(value)}"`;
  if (value !== null && typeof value === 'object') {
    const entries =
      value instanceof Map
        ? [...value]
        : Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${entries.map(([key, member]) => `${toJson(key)}:${toJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** As Juju's YAML library writes it: keys in natural order, lists not indented, long lines left whole. */
function toYaml(value: unknown): string {
  // The failsafe schema knows only texts, so that what needs quotes is decided here, by the rules of Juju's library.
  const document = new Document(toNode(value), { schema: 'failsafe' });
  const text = document.toString({ lineWidth: 0, indentSeq: false, singleQuote: true });
  return typeof value === 'string' && value.includes('\n') ? text.replace(/\n(?=[^\n])/g, '\n  ') : text;
}

function toNode(value: unknown): Node {
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    list.items = value.map(toNode);
    list.flow = value.length === 0;
    return list;
  }
  if (value instanceof Date) return timeNode(value);
  if (value !== null && typeof value === 'object') {
    const entries: [string, unknown][] =
      value instanceof Map ? [...value] : Object.entries(value).sort(([a], [b]) => compareNaturally(a, b));
    const map = new YAMLMap<Node, Node>();
    map.items = entries.map(([key, member]) => new Pair(toNode(key), toNode(member)));
    map.flow = entries.length === 0;
    return map;
  }
  return toScalar(value);
}

function timeNode(time: Date): Scalar {
  const scalar = new Scalar(formatTime(time));
  scalar.type = 'PLAIN';
  return scalar;
}

/** As Go writes a time: without the seconds' fraction where there is none. */
function formatTime(time: Date): string {
  return time.toISOString().replace(/\.?0*Z$/, 'Z');
}

function toScalar(value: unknown): Scalar {
  const scalar = new Scalar(typeof value === 'number' ? formatGoFloat(value) : String(value ?? null));
  if (typeof value !== 'string') scalar.type = 'PLAIN';
  else if (value.includes('\n')) scalar.type = 'BLOCK_LITERAL';
  else scalar.type = isAmbiguous(value) ? 'QUOTE_DOUBLE' : 'PLAIN';
  return scalar;
}

/** Texts that YAML 1.1 takes for a boolean, for nothing, for a special number or for a merge key. */
const WORDS = new Set(
  [
    'y',
    'Y',
    'yes',
    'on',
    'n',
    'N',
    'no',
    'off',
    'true',
    'false',
    'null',
    '~',
    '',
    '<<',
    '.nan',
    '.inf',
    '+.inf',
    '-.inf',
  ]
    .flatMap((word) => [word, word.toUpperCase(), word.slice(0, 1).toUpperCase() + word.slice(1)])
    .concat('.NaN', '.Inf', '+.Inf', '-.Inf'),
);

const NUMBERS = [
  /^[-+]?(0b[01_]+|0x[\da-fA-F_]+|0o?[0-7_]+|[\d_]+)$/,
  /^[-+]?[\d_]*\.?[\d_]+([eE][-+]?\d+)?$/,
  /^[-+]?[\d_]+\.[\d_]*([eE][-+]?\d+)?$/,
  // Sixties, as in 1:20, and dates with or without a time.
  /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/,
  /^\d{4}-\d\d?-\d\d?([Tt ].*)?$/,
];

/** Whether a text would be read back from YAML as something else than a text. */
function isAmbiguous(text: string): boolean {
  return WORDS.has(text) || (/\d/.test(text) && NUMBERS.some((pattern) => pattern.test(text)));
}
