import type { FileCondition, OnceCondition } from '../handlers/condition.ts';
import type { Gate } from '../handlers/gate.ts';
import type { UnitData } from '../store/unit-store.ts';
import { hashFiles, rememberedHash } from './watched-files.ts';

/** Where the store keeps what `markInvoked` marked, as the reference does. */
export const INVOKED_PREFIX = 'reactive.invoked.';

/** Where the store keeps, for each handler, how the files it watches were when it ran. */
const WATCH_PREFIX = 'reactive.file_watch.';

/** Whose gate it is, and where it remembers. */
export interface GateOwner {
  /** The handler's id. */
  readonly handler: string;
  readonly store: UnitData;
  readonly charmDir: string;
}

/** Makes the gate of a condition that is not about flags. */
export function makeGate(condition: FileCondition | OnceCondition, owner: GateOwner): Gate {
  return condition.kind === 'once' ? makeOnceGate(owner) : makeFileGate(condition, owner);
}

function makeOnceGate({ handler, store }: GateOwner): Gate {
  return {
    isOpen: () => store.get(INVOKED_PREFIX + handler) !== true,
    ran: () => store.set(INVOKED_PREFIX + handler, true),
  };
}

/**
 * Open while a file is not as the handler left it. A handler that never ran starts from what a Python charm remembered of
 * the file, so that an upgrade wakes nobody.
 */
function makeFileGate({ files, hash }: FileCondition, { handler, store, charmDir }: GateOwner): Gate {
  const watch = { files, hash, charmDir, store };
  const key = WATCH_PREFIX + handler;
  return {
    isOpen: () => {
      const seen = store.get(key);
      const remembered = typeof seen === 'object' && seen !== null ? Object.entries(seen) : [];
      const known = new Map<string, unknown>(remembered);
      return Object.entries(hashFiles(watch)).some(
        ([name, now]) => (known.has(name) ? known.get(name) : rememberedHash(store, name)) !== now,
      );
    },
    ran: () => store.set(key, { ...hashFiles(watch) }),
  };
}
