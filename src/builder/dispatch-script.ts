/**
 * The charm's `dispatch`, which Juju runs for every hook and action whatever it is called. Needs nothing but sh.
 *
 * What the machine's environment says to Node is no concern of the charm's: NODE_OPTIONS and NODE_PATH are dropped. An
 * action that is a file of its own, executable, runs as it does where there is no `dispatch` (Juju's rule), with the charm's
 * commands on its PATH.
 */
export const DISPATCH_SCRIPT = `#!/bin/sh
# Juju runs this for every hook and action; JUJU_DISPATCH_PATH says which.
case "$0" in
*/*) cd "\${0%/*}" || exit 1 ;;
esac
unset NODE_OPTIONS NODE_PATH
case "$JUJU_DISPATCH_PATH" in
actions/*)
  if [ -f "$JUJU_DISPATCH_PATH" ] && [ -x "$JUJU_DISPATCH_PATH" ]; then
    PATH=$PWD/bin:$PATH
    export PATH
    exec "./$JUJU_DISPATCH_PATH"
  fi
  ;;
esac
exec ./bin/node ./charm.js
`;
