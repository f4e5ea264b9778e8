import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from './search-folders.ts';

/**
 * The charm's `dispatch`, which Juju runs for every hook and action whatever it is called. Needs nothing but sh.
 *
 * What the machine's environment says to Node is no concern of the charm's: NODE_OPTIONS and NODE_PATH are dropped. An
 * action that is a file of its own, executable, runs as it does where there is no `dispatch` (Juju's rule), with the charm's
 * commands on its PATH. Its last word is the file that Node runs, where charmcraft's linter looks for it.
 */
export function readDispatch(): Uint8Array {
  return readShellFile('dispatch.sh');
}

/** The library that handlers in bash source, the charm's `bin/charms.reactive.sh`. */
export function readBashLibrary(): Uint8Array {
  return readShellFile('charms.reactive.sh');
}

function readShellFile(name: string): Uint8Array {
  return readFileSync(join(PACKAGE_FOLDER, 'src', 'shell', name));
}
