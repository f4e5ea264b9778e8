import type { Relation } from '../relations/relation.ts';
import type { UnitStore } from '../store/unit-store.ts';
import type { HookTools } from '../tools/hook-tools.ts';

/**
 * Ends a hook that went well: tells Juju what changed in our databags, one `relation-set` a bag, then makes the store's
 * changes last, when Juju has taken all it was told. In that order, since Juju itself drops what was published when the hook fails after all.
 *
 * @throws HookToolError when Juju refuses a bag; the store is then not committed.
 */
export function publish(work: {
  readonly relations: Iterable<Relation>;
  readonly tools: HookTools;
  readonly store: UnitStore;
}): void {
  for (const { relationId, ownBags } of work.relations) {
    for (const { app, bag } of ownBags) {
      const changes = bag.changes();
      if (Object.keys(changes).length === 0) continue;
      work.tools.relationSet(app ? { relationId, app } : { relationId }, changes);
      bag.settle();
    }
  }
  work.tools.settle();
  work.store.flush();
}
