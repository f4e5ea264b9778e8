import type { ActionDefinition } from '../../metadata/actions.ts';
import { validateParameters } from './action-schema.ts';
import { type PlainMap, parsePlainYaml, toPlainMap } from './plain-yaml.ts';

/** What came with the name of an action. */
export interface GivenParameters {
  /** `key=value` and `key.key=value`, as typed. */
  readonly args?: readonly string[];
  /** The text of a file of parameters, a YAML mapping; what `args` say goes over it. */
  readonly file?: string;
  /** Whether the values in `args` are texts as they stand, and not YAML. */
  readonly stringArgs?: boolean;
}

/** Juju's rule for each part of a parameter's key, where it is typed. */
const KEY_PART = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * Reads what an action was called with and checks it against the action's schema; then fills in defaults, which do not
 * count for what is required (Juju's rule). Throws, in Juju's words and with the action's name, for arguments that cannot
 * be read, for parameters that do not fit and for a schema that is none.
 */
export async function readActionParameters(call: {
  readonly action: string;
  readonly definition: ActionDefinition;
  readonly given: GivenParameters;
}): Promise<Record<string, unknown>> {
  const { action, definition, given } = call;
  const parameters = orRefuse(action, () => gatherParameters(given));
  await validateParameters({ action, schema: definition.schema, parameters });
  insertDefaults(parameters, definition.schema.properties);
  return parameters;
}

function gatherParameters({ args = [], file = '', stringArgs = false }: GivenParameters): PlainMap {
  const written = parsePlainYaml(file);
  const parameters = written === undefined || written === null ? toPlainMap([]) : written;
  if (!isMap(parameters)) throw new Error('params must contain a YAML map with string keys');
  for (const argument of args) {
    const equals = argument.indexOf('=');
    if (equals < 0) {
      throw new Error(`argument ${JSON.stringify(argument)} must be of the form key.key.key...=value`);
    }
    const path = argument.slice(0, equals).split('.');
    for (const part of path) refuseBadPart(part);
    const text = argument.slice(equals + 1);
    putAt(parameters, path, stringArgs ? text : parseValue(text));
  }
  return parameters;
}

/** Where there is no value at all in a text, as in an empty one, it stays the text that it is (Juju's rule). */
function parseValue(text: string): unknown {
  const value = parsePlainYaml(text);
  return value === undefined ? text : value;
}

function refuseBadPart(part: string): void {
  if (KEY_PART.test(part)) return;
  throw new Error(
    `key ${JSON.stringify(part)} must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens`,
  );
}

/** What stands in the way, be it a value where a map is needed or the other way round, is replaced. */
function putAt(parameters: PlainMap, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    parameters[key] = value;
    return;
  }
  const there = parameters[key];
  const below = isMap(there) ? there : toPlainMap([]);
  parameters[key] = below;
  putAt(below, rest, value);
}

/** Defaults of nested properties too, for which a map is made where there is none. */
function insertDefaults(parameters: PlainMap, properties: unknown): void {
  if (!isMap(properties)) return;
  for (const [key, property] of Object.entries(properties)) {
    if (!isMap(property)) continue;
    const isGiven = Object.hasOwn(parameters, key);
    if (!isGiven && Object.hasOwn(property, 'default')) {
      parameters[key] = structuredClone(property.default);
      continue;
    }
    const below = isGiven ? parameters[key] : toPlainMap([]);
    if (!isMap(below)) continue;
    insertDefaults(below, property.properties);
    if (Object.keys(below).length > 0) parameters[key] = below;
  }
}

function isMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function orRefuse<T>(action: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot run "${action}" action: ${reason}`);
  }
}
