import type { YamlKind, YamlValue } from './yaml-value.ts';

/** What Python calls a kind of value; the reference's findings say it so. */
const TYPE_NAMES: Readonly<Record<YamlKind, string>> = {
  mapping: 'dict',
  list: 'list',
  string: 'str',
  integer: 'int',
  float: 'float',
  boolean: 'bool',
  null: 'NoneType',
};

/** The name of a value's type in Python: `str`, `int`, `NoneType`. */
export function nameType({ kind }: YamlValue): string {
  return TYPE_NAMES[kind];
}

/** A value as Python prints it: a text as it is, all else as `writeLiteral` has it. */
export function writeValue(value: YamlValue): string {
  return value.text ?? writeLiteral(value);
}

/** A value as a literal of Python: `'text'`, `True`, `None`, `{'key': [1, 2]}`. */
export function writeLiteral(value: YamlValue): string {
  if (value.kind === 'mapping') return writeMapping(value.entries());
  if (value.kind === 'list') return writeList(value.items().map(writeLiteral));
  const { scalar } = value;
  if (typeof scalar === 'string') return quote(scalar);
  if (typeof scalar === 'boolean') return scalar ? 'True' : 'False';
  if (scalar === null) return 'None';
  return value.kind === 'float' && Number.isInteger(scalar) ? scalar.toFixed(1) : String(scalar);
}

/** Entries as a literal of Python. */
export function writeMapping(
  entries: readonly { readonly key: string; readonly value: YamlValue }[],
): string {
  return `{${entries.map(({ key, value }) => `${quote(key)}: ${writeLiteral(value)}`).join(', ')}}`;
}

/** Literals as a list of Python. */
export function writeList(literals: readonly string[]): string {
  return `[${literals.join(', ')}]`;
}

/** A text as a literal of Python, in the quotes that Python would take. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return mark + text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`).replaceAll('\n', '\\n') + mark;
}
