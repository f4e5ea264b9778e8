import { writeLiteral, writeMapping, writeValue } from './python-words.ts';
import type { YamlEntry, YamlValue } from './yaml-value.ts';

/** What a field of a declaration in metadata.yaml must be. */
export interface FieldRule {
  readonly name: string;
  /** `number-or-string` is for what Juju reads either way, such as a size. */
  readonly type: 'string' | 'number-or-string' | 'boolean' | 'integer' | 'mapping' | 'any';
  readonly isRequired?: boolean;
  readonly oneOf?: readonly string[];
  readonly pattern?: { readonly matches: RegExp; readonly reason: string };
  /** For a mapping: its fields; no others are let in. */
  readonly fields?: readonly FieldRule[];
}

/** A rule that a declaration breaks: where, in steps below the declaration, and how. */
export interface BrokenRule {
  readonly steps: readonly string[];
  readonly reason: string;
  readonly line: number;
}

/**
 * Checks a mapping against rules for its fields. As in the reference, fields that no rule knows are told all at once, and
 * hide what else is wrong there; unless `extensions` has rules for them.
 */
export function checkFields(
  value: YamlValue,
  rules: readonly FieldRule[],
  extensions: readonly FieldRule[] = [],
): readonly BrokenRule[] {
  if (!value.isMapping) {
    const reason = `"${writeValue(value)}" is not a mapping type: Does not implement dict-like functionality.`;
    return [{ steps: [], reason, line: value.line }];
  }
  const entries = value.entries();
  const all = [...rules, ...extensions.filter(({ name }) => !rules.some((rule) => rule.name === name))];
  const unknown = entries.filter(({ key }) => !all.some(({ name }) => name === key));
  const [first] = unknown;
  if (first !== undefined) {
    const reason = `Unrecognized keys in mapping: "${writeMapping(unknown)}"`;
    return [{ steps: [], reason, line: first.line }];
  }
  return all.flatMap((rule) => {
    const entry = entries.find(({ key }) => key === rule.name);
    if (entry === undefined) {
      return rule.isRequired ? [{ steps: [rule.name], reason: 'Required', line: value.line }] : [];
    }
    return checkField(entry, rule).map(({ steps, ...broken }) => ({
      ...broken,
      steps: [rule.name, ...steps],
    }));
  });
}

function checkField({ value, line }: YamlEntry, rule: FieldRule): readonly BrokenRule[] {
  const refuse = (reason: string): readonly BrokenRule[] => [{ steps: [], reason, line }];
  if (rule.type === 'any') return [];
  if (rule.type === 'mapping') return checkFields(value, rule.fields ?? []);
  if (rule.type === 'boolean') {
    const word = value.kind === 'boolean' ? String(value.scalar) : value.text;
    return word === 'true' || word === 'false'
      ? []
      : refuse(`"${writeValue(value)}" is not one of true, false`);
  }
  // What is empty counts as not there.
  if (isEmpty(value, rule)) return rule.isRequired ? refuse('Required') : [];
  if (rule.type === 'integer') {
    const isNumber = typeof value.scalar === 'number' || /^\s*[+-]?\d+\s*$/.test(value.text ?? '');
    return isNumber || value.kind === 'boolean' ? [] : refuse(`"${writeValue(value)}" is not a number`);
  }
  const text =
    rule.type === 'number-or-string' && typeof value.scalar === 'number' ? String(value.scalar) : value.text;
  if (text === undefined) return refuse(`${writeLiteral(value)} is not a string`);
  if (rule.oneOf && !rule.oneOf.includes(text)) {
    return refuse(`"${text}" is not one of ${rule.oneOf.join(', ')}`);
  }
  if (rule.pattern && !rule.pattern.matches.test(text)) return refuse(rule.pattern.reason);
  return [];
}

/** By Python's idea of it, except that an integer may be 0. */
function isEmpty(value: YamlValue, rule: FieldRule): boolean {
  if (value.kind === 'mapping') return value.entries().length === 0;
  if (value.kind === 'list') return value.items().length === 0;
  return !value.scalar && !(rule.type !== 'string' && value.scalar === 0);
}
