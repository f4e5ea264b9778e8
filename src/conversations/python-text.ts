import { dumpPythonJson, type JsonValue } from '../store/python-json.ts';

/**
 * The text that Python's `str` makes of a value: what a peer of a RelationBase reads in a databag.
 *
 * `true` is `True`, `[80, 'a']` is `[80, 'a']`, null in a list is `None`; a text is itself.
 */
export function pythonText(value: JsonValue): string {
  return typeof value === 'string' ? value : represent(value);
}

function represent(value: JsonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return representNumber(value);
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(represent).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${quote(key)}: ${represent(item)}`)
    .join(', ')}}`;
}

function representNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return dumpPythonJson(value);
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Single quotes, unless the text has one and no double quote; what cannot be printed is escaped. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\\p{C}\p{Z}]/gu, escapeCharacter);
  return mark + (mark === "'" ? body.replaceAll("'", "\\'") : body) + mark;
}

function escapeCharacter(character: string): string {
  if (character === ' ') return character;
  const short = SHORT_ESCAPES[character];
  if (short) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
