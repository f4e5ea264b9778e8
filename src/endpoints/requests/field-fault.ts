import type { JsonValue } from '../../store/python-json.ts';
import type { Fields } from './field.ts';

/** What is wrong with one field's value, in words for an error; undefined when nothing is. */
export function fieldFault(fields: Fields, name: string, value: JsonValue | undefined): string | undefined {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) return unknownField(fields, name);
  if (!field.isValid) return undefined;
  try {
    return field.isValid(value ?? null) ? undefined : `the value of "${name}" is not valid`;
  } catch (error) {
    return `the check of "${name}" threw ${error instanceof Error ? error.name : 'something'}`;
  }
}

/** What is wrong with the values of a new request or response, unknown and missing fields included. */
export function newFieldsFault(
  fields: Fields,
  values: { readonly [key: string]: JsonValue | undefined },
): string | undefined {
  return firstFault(fields, values, new Set([...Object.keys(values), ...Object.keys(fields)]));
}

/** What is wrong with what the other side wrote. Keys that are no fields of ours are its own business. */
export function receivedFieldsFault(
  fields: Fields,
  values: { readonly [key: string]: JsonValue },
): string | undefined {
  return firstFault(fields, values, Object.keys(fields));
}

/** Says that a field is none of the class's. */
export function unknownField(fields: Fields, name: string): string {
  const names = Object.keys(fields).map((each) => `"${each}"`);
  return `there is no field "${name}"; there are ${names.join(', ') || 'none'}`;
}

function firstFault(
  fields: Fields,
  values: { readonly [key: string]: JsonValue | undefined },
  names: Iterable<string>,
): string | undefined {
  for (const name of names) {
    const fault = fieldFault(fields, name, Object.hasOwn(values, name) ? values[name] : undefined);
    if (fault) return fault;
  }
  return undefined;
}
