import type { Trigger } from '../flags/triggers.ts';
import type { Condition } from '../handlers/condition.ts';
import type { Unit } from './unit.ts';

/**
 * What free functions need: the one unit whose hook runs in this process, and the handlers and triggers that modules
 * registered as they were loaded. Only `charms-reactive/compat` uses it; everything else is handed its unit.
 */

/** A plain function that registered itself. */
export interface RegisteredHandler {
  readonly id: string;
  readonly conditions: readonly Condition[];
  readonly run: (unit: Unit) => unknown;
}

const registeredHandlers: RegisteredHandler[] = [];
const registeredTriggers: Trigger[] = [];
let running: Unit | undefined;

/** Adds a handler to every hook that this process runs from now on, after the layers' own. */
export function registerHandler(handler: RegisteredHandler): void {
  registeredHandlers.push(handler);
}

/** Adds a trigger to every hook that this process runs from now on. */
export function registerLoadTimeTrigger(trigger: Trigger): void {
  registeredTriggers.push(trigger);
}

/** The handlers that registered themselves, in order. */
export function listRegisteredHandlers(): readonly RegisteredHandler[] {
  return registeredHandlers;
}

/** The triggers that were registered while modules were loaded, in order. */
export function listRegisteredTriggers(): readonly Trigger[] {
  return registeredTriggers;
}

/** Forgets everything that registered itself; for tests that load several charms into one process. */
export function forgetRegistered(): void {
  registeredHandlers.length = 0;
  registeredTriggers.length = 0;
}

/** Whether a hook runs in this process. */
export function isUnitRunning(): boolean {
  return running !== undefined;
}

/** The unit whose hook runs. @throws Error, naming the caller, when none does. */
export function runningUnit(caller: string): Unit {
  if (running) return running;
  throw new Error(`cannot call ${caller}() now: no hook is running; call it from a handler`);
}

/** Makes a unit the running one; the answer puts back what was. */
export function enterUnit(unit: Unit): () => void {
  const former = running;
  running = unit;
  return () => {
    running = former;
  };
}
