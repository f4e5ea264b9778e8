import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv-draft-04';
import { describeValue, Field } from '../../metadata/field.ts';
import type { Mapping } from '../yaml-mapping.ts';

/** A value that does not fit its schema; a number among the steps is a place in a list. */
export interface OptionFault {
  readonly steps: readonly unknown[];
  readonly reason: string;
}

/**
 * Checks the value of an option against the JSON schema (draft 4) that its layer defines for it. `steps` lead to the option:
 * layer and name. What is no schema and yet stands for one is a fault of the option it is for.
 */
export function checkOption(option: {
  readonly steps: readonly unknown[];
  readonly value: unknown;
  readonly schema: Mapping;
}): readonly OptionFault[] {
  const { steps, value, schema } = option;
  const validate = compileSchema(schema);
  if (typeof validate === 'string') return [{ steps, reason: `its schema is none: ${validate}` }];
  if (validate(toPlain(value))) return [];
  return (validate.errors ?? [])
    .filter(({ schemaPath }) => !IN_ALTERNATIVE.test(schemaPath))
    .map((error) => ({
      steps: [...steps, ...placeOf(error, value)],
      reason: describeFault(error),
    }));
}

/**
 * A value with the `default` of each property filled in that has none, also within properties that have properties, and in
 * the items of lists. What is no mapping is left as it is.
 */
export function fillDefaults(value: unknown, schema: unknown): unknown {
  if (!(schema instanceof Map)) return value;
  if (Array.isArray(value)) return value.map((item) => fillDefaults(item, schema.get('items')));
  if (!(value instanceof Map)) return value;
  const given: unknown = schema.get('properties');
  const properties = given instanceof Map ? given : new Map();
  const filled = new Map(value);
  for (const [name, property] of properties) {
    if (!(property instanceof Map)) continue;
    if (!filled.has(name) && property.has('default')) filled.set(name, property.get('default'));
  }
  for (const [name, item] of filled) {
    filled.set(name, fillDefaults(item, properties.get(name) ?? schema.get('additionalProperties')));
  }
  return filled;
}

/** What is wrong with one of several alternatives says nothing: that none of them fits is said too. */
const IN_ALTERNATIVE = /\/(anyOf|oneOf)\/\d+\//;

const validator = new Ajv.default({
  allErrors: true,
  verbose: true,
  strict: false,
  validateFormats: false,
  // As Python reads patterns: "[\\w-]" is no mistake.
  unicodeRegExp: false,
  validateSchema: false,
  ownProperties: true,
  logger: false,
});

/** A validator, or why the schema is none. */
function compileSchema(schema: Mapping): ValidateFunction | string {
  try {
    return validator.compile(withoutFlags(toPlain(schema)));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    // Otherwise each schema would be kept, and two of one id refused.
    validator.removeSchema();
  }
}

/** Draft 3 says `required: true` within a property, which draft 4 has no meaning for. */
function withoutFlags(schema: unknown): Record<string, unknown> {
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(
      ([key, entry]) => key !== 'required' || typeof entry !== 'boolean',
    );
    return Object.fromEntries(entries.map(([key, entry]) => [key, clean(entry)]));
  };
  return Object(clean(schema));
}

function toPlain(value: unknown): unknown {
  return new Field(value, '', []).plain();
}

/** `/host/0` as steps; what looks like a number is one only in a list. */
function placeOf({ instancePath }: ErrorObject, option: unknown): readonly unknown[] {
  const steps: unknown[] = [];
  let value = option;
  for (const part of instancePath.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    steps.push(Array.isArray(value) ? Number(key) : key);
    if (Array.isArray(value)) value = value[Number(key)];
    else if (value instanceof Map) value = value.get(key);
  }
  return steps;
}

function describeFault({ message, params, data, keyword }: ErrorObject): string {
  const allowed = keyword === 'enum' ? ` ${JSON.stringify(params.allowedValues)}` : '';
  const more = keyword === 'additionalProperties' ? ` ("${params.additionalProperty}")` : '';
  return `${message}${allowed}${more}, got ${describeValue(data)}`;
}
