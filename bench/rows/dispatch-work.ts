import { dispatch } from '../../src/dispatch/dispatcher.ts';
import { FLAG_PREFIX } from '../../src/flags/flag-name.ts';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import { type Condition, when } from '../../src/handlers/condition.ts';
import { type DeclaredHandler, type Handler, resolveHandlers } from '../../src/handlers/handler.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { type Spent, startStopwatch } from '../stopwatch.ts';

/** A dispatch to measure. */
export interface DispatchSize {
  /** All handlers, with those of the chain among them. */
  readonly handlers: number;
  /** Flags in the store. */
  readonly flags: number;
  /** Handlers of which each sets the flag that the next waits for. */
  readonly links: number;
}

/** One dispatch, and what it takes. */
export interface DispatchWork {
  /** From opening the store to the end, handlers settled for the hook and all; nothing is stored. */
  run(): Promise<Spent>;
  /** How many times a handler was looked at, to see whether it is due. */
  countTests(): Promise<number>;
}

/** Writes the store's file of a dispatch, and makes its handlers: those that are idle miss one of two flags. */
export function prepareDispatch(size: DispatchSize, path: string): DispatchWork {
  writeFlags(path, size.flags);
  return {
    run: async () => {
      const stop = startStopwatch();
      await dispatchOnce(size, path, (handlers) => handlers);
      return stop();
    },
    countTests: async () => {
      const counter = { tests: 0 };
      await dispatchOnce(size, path, (handlers) => handlers.map((handler) => countTests(handler, counter)));
      return counter.tests;
    },
  };
}

async function dispatchOnce(
  size: DispatchSize,
  path: string,
  change: (handlers: Handler[]) => Handler[],
): Promise<void> {
  const store = new SqliteStore({ path });
  try {
    const flags = new FlagRegistry(store);
    const handlers = await resolveHandlers(declareHandlers(size, flags), {
      hook: 'update-status',
      restricted: false,
      endpoints: [],
      makeGate: () => {
        throw new Error('cannot make a gate: there are no handlers with any');
      },
    });
    await dispatch({ handlers: change(handlers), flags, dataFingerprint: () => store.fingerprint });
    if (size.links > 0 && !flags.isSet(`link.${size.links}`)) throw new Error('cannot measure: no chain ran');
  } finally {
    store.close();
  }
}

/** Conditions are made when a charm's code is loaded. */
const conditions = new Map<string, Condition>();

function declareHandlers({ handlers, links }: DispatchSize, flags: FlagRegistry): DeclaredHandler[] {
  return Array.from({ length: handlers }, (_, number) => {
    if (number >= links) return declare(`idle-${number}`, [`flag.${number}`, `missing.${number}`]);
    return declare(`link-${number}`, [number === 0 ? 'flag.0' : `link.${number}`], () =>
      flags.set(`link.${number + 1}`),
    );
  });
}

function declare(id: string, flags: readonly string[], run: () => void = () => undefined): DeclaredHandler {
  const condition = conditions.get(id) ?? when(...flags);
  conditions.set(id, condition);
  return { id, conditions: [condition], run };
}

function writeFlags(path: string, count: number): void {
  const store = new SqliteStore({ path });
  for (let number = 0; number < count; number += 1) store.set(`${FLAG_PREFIX}flag.${number}`, null);
  store.flush();
  store.close();
}

/** A handler whose first condition tells when somebody looks at it. */
function countTests(handler: Handler, counter: { tests: number }): Handler {
  const [first, ...rest] = handler.conditions;
  if (!first) return handler;
  const counting = {
    flags: first.flags,
    get kind() {
      counter.tests += 1;
      return first.kind;
    },
  };
  return { ...handler, conditions: [counting, ...rest] };
}
