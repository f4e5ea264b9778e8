import { COMMAND_START } from './charm-start.ts';

/**
 * The charm's `bin/charms.reactive`, which runs the command of that name on the charm's own code, from anywhere and
 * through links. Needs nothing but sh.
 */
export const COMMAND_SCRIPT = `#!/bin/sh
# The flags of this charm's unit, for handlers in any language and for people: see --help.
program=$0
if [ -L "$program" ]; then program=$(readlink -f "$program") || exit 1; fi
case "$program" in
*/*) charm=\${program%/*}/.. ;;
*) charm=.. ;;
esac
unset NODE_OPTIONS NODE_PATH
exec "$charm/bin/node" "$charm/${COMMAND_START}" "$@"
`;
