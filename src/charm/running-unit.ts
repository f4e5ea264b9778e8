import { AsyncLocalStorage } from 'node:async_hooks';
import type { Trigger } from '../flags/triggers.ts';
import { TriggerTable } from '../flags/triggers.ts';
import type { Condition } from '../handlers/condition.ts';
import { defineLayer, type FunctionLayer } from './layer.ts';
import type { Unit } from './unit.ts';

/**
 * What free functions need: the unit whose hook runs, and the handlers, triggers and callbacks that modules registered
 * as they were loaded. Only `charms-reactive/compat` uses it; everything else is handed its unit.
 *
 * A hook is known by its asynchronous context, so that two units whose hooks run at a time in one process, as in a
 * test of peers, do not take each other's flags.
 */

/** A plain function that registered itself. */
export interface RegisteredHandler {
  /** Its name; the same one may come twice. */
  readonly id: string;
  /** Without any, it runs in every hook that is not restricted, before the others. */
  readonly conditions: readonly Condition[];
  readonly run: (unit: Unit) => unknown;
}

/** What happens at the end of a hook. */
export type ExitCallback = () => void | Promise<void>;

interface RunningHook {
  readonly unit: Unit;
  readonly former: RunningHook | undefined;
  /** Registered in this hook, for this hook. */
  readonly handlers: Map<object, RegisteredHandler>;
  hasListed: boolean;
  isOver: boolean;
}

const loaded = {
  handlers: new Map<object, RegisteredHandler>(),
  triggers: [] as Trigger[],
  exits: [] as ExitCallback[],
};
const running = new AsyncLocalStorage<RunningHook>();

/**
 * The registration under a key; `make` makes it when there is none. As a module is loaded it is for every hook that this
 * process runs, after the layers' own handlers; while a hook starts, for that hook.
 *
 * @throws Error, naming the handler, once the hook's handlers were listed: it would never be looked at.
 */
export function registerHandler(key: object, make: () => RegisteredHandler): RegisteredHandler {
  const hook = runningHook();
  const known = loaded.handlers.get(key) ?? hook?.handlers.get(key);
  const handler = known ?? make();
  if (hook?.hasListed) {
    throw new Error(
      `cannot register the handler "${handler.id}" now: handlers already run; do it as its module is loaded`,
    );
  }
  if (!known) (hook?.handlers ?? loaded.handlers).set(key, handler);
  return handler;
}

/** The registration under a key, so that what wraps a handler can take its place. */
export function findRegistered(key: object): RegisteredHandler | undefined {
  return loaded.handlers.get(key) ?? runningHook()?.handlers.get(key);
}

/**
 * Registers a trigger: as a module is loaded for every hook that this process runs, in a hook for that hook.
 * @throws TypeError unless it waits for one flag and has something to do.
 */
export function registerTrigger(trigger: Trigger): void {
  const hook = runningHook();
  if (hook) {
    hook.unit.flags.registerTrigger(trigger);
  } else {
    new TriggerTable().register(trigger);
    loaded.triggers.push(trigger);
  }
}

/** Has something done at the end of every hook that goes well, or, while one runs, of that one: as `unit.atExit`. */
export function registerExit(callback: ExitCallback): void {
  const hook = runningHook();
  if (hook) hook.unit.atExit(callback);
  else loaded.exits.push(callback);
}

/**
 * The handlers that registered themselves, in order; those without conditions first. The hook takes no further ones.
 * @throws TypeError when two that run only once have one name, which is all they are remembered by.
 */
export function listRegisteredHandlers(): readonly RegisteredHandler[] {
  const hook = runningHook();
  if (hook) hook.hasListed = true;
  const all = [...loaded.handlers.values(), ...(hook?.handlers.values() ?? [])];
  const [forAll, others] = [all.filter(isForAll), all.filter((handler) => !isForAll(handler))];
  return keepNames([...forAll, ...others]);
}

/** The triggers that were registered while modules were loaded, in order. */
export function listRegisteredTriggers(): readonly Trigger[] {
  return loaded.triggers;
}

/**
 * Makes a layer of everything that registered itself while modules were loaded, and forgets it: for tests that load
 * several charms into one process, each of which then has its own.
 */
export function takeRegistered(name: string): FunctionLayer {
  const handlers = listRegisteredHandlers().map(({ id, conditions, run }) => ({ name: id, conditions, run }));
  const [triggers, exits] = [[...loaded.triggers], [...loaded.exits]];
  forgetRegistered();
  return defineLayer(name, handlers, {
    triggers,
    beforeStart: (unit) => exits.forEach((callback) => void unit.atExit(callback)),
  });
}

/** Forgets everything that registered itself; for tests that load several charms into one process. */
export function forgetRegistered(): void {
  loaded.handlers.clear();
  loaded.triggers.length = 0;
  loaded.exits.length = 0;
}

/** The unit whose hook runs; undefined when none does. */
export function findRunningUnit(): Unit | undefined {
  return runningHook()?.unit;
}

/** The unit whose hook runs. @throws Error, naming the caller, when none does. */
export function runningUnit(caller: string): Unit {
  const unit = findRunningUnit();
  if (unit) return unit;
  throw new Error(`cannot call ${caller}() now: no hook is running; call it from a handler`);
}

/** Makes a unit the running one for the rest of this asynchronous call; the answer puts back what was. */
export function enterUnit(unit: Unit): () => void {
  const hook: RunningHook = {
    unit,
    former: runningHook(),
    handlers: new Map(),
    hasListed: false,
    isOver: false,
  };
  running.enterWith(hook);
  for (const callback of loaded.exits) unit.atExit(callback);
  return () => {
    hook.isOver = true;
  };
}

/** The context outlives its hook where the caller did not await it; what was before is then running again. */
function runningHook(): RunningHook | undefined {
  let hook = running.getStore();
  while (hook?.isOver) hook = hook.former;
  return hook;
}

function isForAll({ conditions }: RegisteredHandler): boolean {
  return conditions.length === 0;
}

/** A handler that runs once keeps its name, whoever else has it, so that it is the same one in later revisions. */
function keepNames(handlers: readonly RegisteredHandler[]): RegisteredHandler[] {
  const isOnce = ({ conditions }: RegisteredHandler): boolean =>
    conditions.some(({ kind }) => kind === 'once');
  const kept = handlers.filter(isOnce).map(({ id }) => id);
  const twice = kept.find((id, index) => kept.indexOf(id) < index);
  if (twice !== undefined) {
    throw new TypeError(
      `cannot tell two handlers called "${twice}" apart: each runs only once, and is remembered by its name; rename one`,
    );
  }
  return handlers.map((handler) =>
    isOnce(handler) || !kept.includes(handler.id) ? handler : { ...handler, id: `${handler.id}#2` },
  );
}
