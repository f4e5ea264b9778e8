import { MAX_DEPTH, PythonJsonParser } from './python-json-parser.ts';

/** Any value JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A number as it was written, so that `1.0` is not rewritten as `1`, nor a long integer rounded. */
class WrittenNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/**
 * Writes a value exactly as Python's `json.dumps` does: `", "` and `": "`, ASCII only, numbers as `repr` gives them,
 * with keys in code-point order when `sortKeys` is set (as `json.dumps(sort_keys=True)`), else as they stand.
 *
 * Objects with `toJSON` are asked for it; keys whose value is undefined are left out, as `JSON.stringify` does.
 * @throws TypeError for what JSON cannot say (undefined, functions, symbols, cycles, nesting of more than 900 levels).
 */
export function dumpPythonJson(value: unknown, options: { readonly sortKeys?: boolean } = {}): string {
  return write(value, options.sortKeys ?? false, 0);
}

/**
 * Reads JSON as Python's `json.loads` does, `NaN` and `Infinity` included.
 *
 * Objects get no prototype, so that a key such as `__proto__` is only a key.
 * @throws SyntaxError when the text is not JSON or is nested deeper than 900 levels.
 */
export function parsePythonJson(text: string): JsonValue {
  const value = parseQuickly(text);
  return value === undefined ? (new PythonJsonParser(text).parse() as JsonValue) : value;
}

/**
 * Most of what is read is a word, a number or a string without escapes, which the runtime's own parser reads the same, and
 * several times faster. Undefined for anything else.
 */
function parseQuickly(text: string): JsonValue | undefined {
  if (text === 'null') return null;
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (PLAIN_STRING.test(text)) return text.slice(1, -1);
  return PLAIN_NUMBER.test(text) ? Number(text) : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what a string must not hold
const PLAIN_STRING = /^"[^"\\\u0000-\u001f]*"$/;
const BARE_WORD = /^[\w.:/+-]+$/;
const ANY_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORDS: ReadonlySet<string> = new Set(['null', 'true', 'false', 'NaN', 'Infinity', '-Infinity']);
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d{0,14})$/;

/** As `parsePythonJson`; undefined for text that is not JSON. */
export function tryParsePythonJson(text: string): JsonValue | undefined {
  // An address or a name, which many publish as it is: a word of JSON, or none.
  if (BARE_WORD.test(text) && !ANY_NUMBER.test(text) && !WORDS.has(text)) return undefined;
  const value = parseQuickly(text);
  return value === undefined ? (new PythonJsonParser(text).tryParse() as JsonValue | undefined) : value;
}

/** The text Python would write after reading `text`, keys sorted: `{"b":1.0,"a":2}` gives `{"a": 2, "b": 1.0}`. */
export function rewritePythonJson(text: string): string {
  const value = new PythonJsonParser(text, (source) => new WrittenNumber(source)).parse();
  return dumpPythonJson(value, { sortKeys: true });
}

/** Orders strings by code point, as Python does; JavaScript's own order puts U+FF5E after an emoji's surrogates. */
export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1;
  const left = Array.from(a, (character) => character.codePointAt(0) ?? 0);
  const right = Array.from(b, (character) => character.codePointAt(0) ?? 0);
  const at = left.findIndex((point, index) => point !== right[index]);
  if (at < 0) return -1;
  return (left[at] ?? 0) - (right[at] ?? -1);
}

const SURROGATE = /[\ud800-\udfff]/;

/** Whether two JSON values are equal as Python compares them: by value, with `1 == 1.0 == True`. */
export function equalAsPython(a: unknown, b: unknown): boolean {
  if (isNumeric(a) && isNumeric(b)) return Number(a) === Number(b);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object')
    return (a ?? null) === (b ?? null);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  if (left.length !== Object.keys(b).length) return false;
  return left.every(([key, value]) => Object.hasOwn(b, key) && equalAsPython(value, Reflect.get(b, key)));
}

function isNumeric(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function write(value: unknown, sortKeys: boolean, depth: number): string {
  if (depth > MAX_DEPTH) throw new TypeError('cannot write JSON: the value is a cycle or nested too deeply');
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return writeNumber(value);
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return writeObject(value, sortKeys, depth);
    default:
      throw new TypeError(`cannot write JSON: a value of type ${typeof value} has no JSON form`);
  }
}

function writeObject(value: object | null, sortKeys: boolean, depth: number): string {
  if (value === null) return 'null';
  if (value instanceof WrittenNumber) return writeSourceNumber(value.source);
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return write(value.toJSON(), sortKeys, depth + 1);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ', '}${write(item ?? null, sortKeys, depth + 1)}`;
    return `[${text}]`;
  }
  const keys = Object.keys(value);
  if (sortKeys) keys.sort(compareCodePoints);
  for (const key of keys) {
    const item: unknown = Reflect.get(value, key);
    if (item === undefined) continue;
    text += `${text && ', '}${quote(key)}: ${write(item, sortKeys, depth + 1)}`;
  }
  return `{${text}}`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

const NEEDS_ESCAPES = /["\\]|[^ -~]/;

function quote(text: string): string {
  if (!NEEDS_ESCAPES.test(text)) return `"${text}"`;
  const escaped = text.replace(
    /["\\]|[^ -~]/g,
    (unit) => SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/** A whole number is written as Python writes an int, since JavaScript cannot tell `1` from `1.0`. */
function writeNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return Number.isInteger(value) ? BigInt(value).toString() : writeFloat(value);
}

function writeSourceNumber(source: string): string {
  if (/^-?\d+$/.test(source)) return source === '-0' ? '0' : source;
  return writeFloat(Number(source));
}

/** Python's `repr` of a float: shortest digits, an exponent of at least two digits below 1e-4 and from 1e16 on. */
function writeFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '0', exponentText = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
