import type { ErrorObject, ValidateFunction } from 'ajv-draft-04';

/**
 * Checks parameters against an action's JSON Schema (draft 4). Throws, in Juju's words, one error with all that does not
 * fit, or for a schema that is none.
 */
export async function validateParameters(call: {
  readonly action: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
}): Promise<void> {
  const { action, schema, parameters } = call;
  const validate = await compileSchema(action, schema);
  if (validate(parameters)) return;
  const faults = (validate.errors ?? []).map(describeFault);
  throw new Error(`cannot run "${action}" action: validation failed: ${[...new Set(faults)].join('; ')}`);
}

/** The validator is loaded here and not above, so that only who runs an action waits for it. */
async function compileSchema(
  action: string,
  schema: Readonly<Record<string, unknown>>,
): Promise<ValidateFunction> {
  const { default: draft4 } = await import('ajv-draft-04');
  const validator = new draft4.default({
    allErrors: true,
    verbose: true,
    strict: false,
    validateFormats: false,
    ownProperties: true,
    logger: false,
  });
  try {
    return validator.compile(structuredClone(schema));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`invalid params schema for action schema ${action}: ${reason}`);
  }
}

/** `(root).outfile : must be of type string, given 5`. */
function describeFault(fault: ErrorObject): string {
  const place = `(root)${fault.instancePath.replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')}`;
  return `${place} : ${describeReason(fault)}, given ${JSON.stringify(fault.data)}`;
}

function describeReason({ keyword, params, message, schema }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return `"${params.missingProperty}" property is missing and required`;
    case 'additionalProperties':
      return `additional property "${params.additionalProperty}" is not allowed`;
    case 'type':
      return `must be of type ${[params.type].flat().join(' or ')}`;
    case 'enum':
      return `must match one of the enum values ${JSON.stringify(schema)}`;
    case 'minimum':
      return `must be greater than or equal to ${params.limit}`;
    case 'maximum':
      return `must be lower than or equal to ${params.limit}`;
    default:
      return message ?? `does not fit "${keyword}"`;
  }
}
