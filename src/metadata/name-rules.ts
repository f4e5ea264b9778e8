/** A charm's or application's name, and a storage's (Juju): groups of letters and digits between dashes, each with a letter. */
export const APPLICATION_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$/;

/** An endpoint's name (Juju, which looks only when a relation is made; a name that fails could never be related). */
export const ENDPOINT_NAME = /^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/;

/** Whether Juju keeps a name for itself: `juju`, or anything below `juju-`. */
export function isReservedName(name: string): boolean {
  return name === 'juju' || name.startsWith('juju-');
}
