import { pythonText } from '../../conversations/python-text.ts';
import { compareCodePoints, dumpPythonJson, type JsonValue } from '../../store/python-json.ts';
import { writeYaml } from './yaml-text.ts';

/** The forms in which the command prints a value, charm-helpers' own. */
export const FORMATS = ['raw', 'json', 'py', 'yaml', 'csv', 'tab'] as const;
/** One of `FORMATS`. */
export type Format = (typeof FORMATS)[number];

/**
 * A value in one of the forms, as charm-helpers prints it:
 *
 * - `raw`: a text as it is, a list with an item a line, anything else as Python's `str`; no line break at the end;
 * - `json`, `yaml`, and `py` (as Python's `pprint`);
 * - `csv`, and `tab` for tabulators in place of commas: a row for each item of a list.
 */
export function formatOutput(value: JsonValue, format: Format): string {
  switch (format) {
    case 'raw':
      return Array.isArray(value) ? value.map(pythonText).join('\n') : pythonText(value);
    case 'json':
      return dumpPythonJson(value);
    case 'py':
      return `${prettyPython(value)}\n`;
    case 'yaml':
      return writeYaml(value);
    case 'csv':
      return writeRows(value, ',');
    case 'tab':
      return writeRows(value, '\t');
  }
}

/** On one line of 80 characters, or else an item a line; keys in order. */
function prettyPython(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return represent(value);
  const items = Array.isArray(value)
    ? value.map(represent)
    : Object.entries(value)
        .sort(([a], [b]) => compareCodePoints(a, b))
        .map(([key, item]) => `${represent(key)}: ${represent(item)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const line = `${open}${items.join(', ')}${close}`;
  return line.length <= 80 ? line : `${open}${items.join(',\n ')}${close}`;
}

/** As Python's `repr`, which differs from `str` for a text alone. */
function represent(value: JsonValue): string {
  return pythonText([value]).slice(1, -1);
}

/** A text is one cell. (The reference takes it apart, a cell for each letter.) */
function writeRows(value: JsonValue, delimiter: string): string {
  const rows = Array.isArray(value) ? value : value === '' ? [] : [value];
  return rows
    .map((row: JsonValue) => (Array.isArray(row) ? row : [row]).map((cell) => writeCell(cell, delimiter)))
    .map((cells) => `${cells.join(delimiter)}\r\n`)
    .join('');
}

function writeCell(cell: JsonValue, delimiter: string): string {
  const text = cell === null ? '' : pythonText(cell);
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
