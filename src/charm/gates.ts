import type { ConfigCondition, FileCondition, StatefulCondition } from '../handlers/condition.ts';
import type { Gate } from '../handlers/gate.ts';
import { equalAsPython, type JsonValue } from '../store/python-json.ts';
import type { UnitData } from '../store/unit-store.ts';
import type { Config } from './config.ts';
import { hashFiles, rememberedHash } from './watched-files.ts';

/** Where the store keeps what `markInvoked` marked, as the reference does. */
export const INVOKED_PREFIX = 'reactive.invoked.';

/** Where the store keeps, for each handler, how the files it watches were when it ran. */
export const WATCH_PREFIX = 'reactive.file_watch.';

/** Where the store keeps, for each handler, the options it watches as they were when it ran. */
const CONFIG_PREFIX = 'reactive.config_watch.';

/** Whose gate it is, what it looks at, and where it remembers. */
export interface GateOwner {
  /** The handler's id. */
  readonly handler: string;
  readonly store: UnitData;
  readonly config: Config;
  readonly charmDir: string;
}

/** Makes the gate of a condition that is not about flags. */
export function makeGate(condition: StatefulCondition, owner: GateOwner): Gate {
  switch (condition.kind) {
    case 'once':
      return makeOnceGate(owner);
    case 'file-changed':
      return makeFileGate(condition, owner);
    case 'config-changed':
      return makeConfigGate(condition, owner);
  }
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
      const known = remembered(store, key);
      return Object.entries(hashFiles(watch)).some(
        ([name, now]) => (known.has(name) ? known.get(name) : rememberedHash(store, name)) !== now,
      );
    },
    ran: () => store.set(key, { ...Object.fromEntries(remembered(store, key)), ...hashFiles(watch) }),
  };
}

/** Open while an option is not as it was when the handler last ran. */
function makeConfigGate({ options }: ConfigCondition, { handler, store, config }: GateOwner): Gate {
  const key = CONFIG_PREFIX + handler;
  for (const option of options) {
    if (config.has(option)) continue;
    throw new TypeError(
      `cannot register the handler "${handler}": config.yaml does not have the option "${option}" it waits for`,
    );
  }
  return {
    isOpen: () => {
      const known = remembered(store, key);
      return options.some(
        (option) => !known.has(option) || !equalAsPython(known.get(option), config.get(option)),
      );
    },
    ran: () => {
      const seen = options.map((option) => [option, config.get(option)] as const);
      store.set(key, Object.fromEntries([...remembered(store, key), ...seen]));
    },
  };
}

function remembered(store: UnitData, key: string): Map<string, JsonValue> {
  const value = store.get(key);
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
