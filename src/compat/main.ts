import type { CharmDefinition } from '../charm/charm-definition.ts';
import { main as runMain } from '../charm/main.ts';

/**
 * Runs the hook that Juju started this process for, and ends the process. The builder's bundle calls it, so that a charm
 * has no hook files of its own, and its actions are handlers.
 *
 * @throws TypeError without a charm: unlike the reference, it discovers nothing.
 */
export async function main(charm?: CharmDefinition): Promise<void> {
  if (typeof charm === 'object') return runMain(charm);
  throw new TypeError(
    'cannot call main() without a charm: a built charm runs it by itself, in hooks and in actions; ' +
      "handle an action by its name, as in hook('actions/backup')(function backup() {})",
  );
}
