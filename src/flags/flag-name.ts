/** Where the store keeps flags: `reactive.states.<flag>`, with the flag's value (null for most). */
export const FLAG_PREFIX = 'reactive.states.';

const ENDPOINT_NAME = '{endpoint_name}';

/** Whether a flag or hook pattern has a place for the endpoint's name. */
export function hasEndpointName(text: string): boolean {
  return text.includes(ENDPOINT_NAME);
}

/** Fills in the endpoint's name and leaves every other brace alone. */
export function fillEndpointName(text: string, endpoint: string): string {
  return text.replaceAll(ENDPOINT_NAME, () => endpoint);
}

/**
 * An endpoint's own name for a flag, by the reference's `expand_name`: a flag without `{endpoint_name}` gets
 * `endpoint.{endpoint_name}.` put before it, then the name is filled in. `joined` gives `endpoint.db.joined`.
 */
export function expandFlagName(flag: string, endpoint: string): string {
  return fillEndpointName(hasEndpointName(flag) ? flag : `endpoint.${ENDPOINT_NAME}.${flag}`, endpoint);
}

/** @throws TypeError when a flag is not a non-empty string. */
export function assertFlagName(flag: unknown): asserts flag is string {
  if (typeof flag !== 'string' || flag === '') {
    throw new TypeError(
      `cannot use ${typeof flag === 'string' ? 'an empty name' : `a ${typeof flag}`} as a flag: a flag is a non-empty string`,
    );
  }
}
