/**
 * The charm's `dispatch`, which Juju runs for every hook and action whatever it is called. Needs nothing but sh.
 *
 * What the machine's environment says to Node is no concern of the charm's: NODE_OPTIONS and NODE_PATH are dropped.
 */
export const DISPATCH_SCRIPT = `#!/bin/sh
# Juju runs this for every hook and action; JUJU_DISPATCH_PATH says which.
case "$0" in
*/*) cd "\${0%/*}" || exit 1 ;;
esac
unset NODE_OPTIONS NODE_PATH
exec ./bin/node ./charm.js
`;
