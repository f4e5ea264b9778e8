import { type Field, readDocument, toRecord } from './field.ts';
import { isReservedName } from './name-rules.ts';
import { parseYaml } from './yaml-text.ts';

/** An action as actions.yaml declares it. */
export interface ActionDefinition {
  readonly description: string;
  /** The JSON Schema (draft 4) of all its parameters together, an object's. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Whether it runs beside hooks and other actions, without the machine's lock. */
  readonly parallel: boolean;
  /** Actions of one group run one at a time; empty where none is given. */
  readonly executionGroup: string;
}

/** Juju's rule for the name of an action. */
const ACTION_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Keys of an action that are not part of its schema. */
const OWN_KEYS = ['description', 'title', 'params', 'required', 'parallel', 'execution-group'];

/** Reads the text of an actions.yaml. Throws `MetadataError` where it is no YAML, and as `readActions` does. */
export function parseActions(text: string, file: string): Readonly<Record<string, ActionDefinition>> {
  return readActions(parseYaml(text, file), file);
}

/**
 * Reads an actions.yaml that is already parsed: a mapping from actions to what they take; an empty file has none. The
 * rules are Juju's. `file` is what errors name. Throws one `MetadataError` with everything found wrong.
 */
export function readActions(value: unknown, file: string): Readonly<Record<string, ActionDefinition>> {
  if (value === null || value === undefined) return {};
  return readDocument(value, file, (root) =>
    toRecord(root.entries().map(([name, action]) => [name, readAction(name, action)] as const)),
  );
}

function readAction(name: string, action: Field): ActionDefinition {
  if (!ACTION_NAME.test(name))
    action.fault(`bad action name ${name}: use lower-case letters, digits and dashes`);
  if (isReservedName(name)) {
    action.fault(`cannot use action name ${name}: the "juju-" prefix is reserved`);
  }
  const fields = action.isNull ? new Map<string, Field>() : action.members();
  const description = fields.get('description')?.string() ?? 'No description';
  const parameters = fields.get('params');
  refuseReferences(action);
  const others = [...fields].filter(([key]) => !OWN_KEYS.includes(key));
  return {
    description,
    schema: {
      title: fields.get('title')?.string() ?? name,
      type: 'object',
      description,
      properties: parameters === undefined || parameters.isNull ? {} : parameters.plain(),
      ...(fields.has('required') ? { required: fields.get('required')?.strings() } : {}),
      ...Object.fromEntries(others.map(([key, field]) => [key, field.plain()])),
    },
    parallel: fields.get('parallel')?.boolean() ?? false,
    executionGroup: fields.get('execution-group')?.string() ?? '',
  };
}

/** Juju takes no schema that points elsewhere. */
function refuseReferences(field: Field): void {
  if (Array.isArray(field.value)) {
    for (const item of field.items()) refuseReferences(item);
    return;
  }
  if (!field.isMapping) return;
  for (const [key, member] of field.entries()) {
    if (key === '$schema' || key === '$ref') {
      member.fault(`schema key "${key}" not compatible with this version of juju`);
    }
    refuseReferences(member);
  }
}
