import { runningUnit } from '../charm/running-unit.ts';
import type { Unit } from '../charm/unit.ts';
import * as conditions from '../handlers/condition.ts';
import type { HandlerHost } from '../handlers/handler-host.ts';
import { assertFlagsSet, notUnless } from '../handlers/not-unless.ts';
import { type CompatDecorator, decorateWith, type HandlerFunction, runInstead } from './registration.ts';
import { RelationBase, speakingForHook } from './relation-base.ts';

/** Runs while all flags are set. Hands over the objects of the relations the flags belong to, in their order. */
export function when(...flags: string[]): CompatDecorator {
  return decorateWith(conditions.when(...flags), relationsOf(flags));
}

/** The same as `when`. */
export function when_all(...flags: string[]): CompatDecorator {
  return decorateWith(conditions.whenAll(...flags), relationsOf(flags));
}

/** Runs while at least one of the flags is set. Never hands over arguments. */
export function when_any(...flags: string[]): CompatDecorator {
  return decorateWith(conditions.whenAny(...flags));
}

/** Runs while none of the flags is set. Never hands over arguments. */
export function when_not(...flags: string[]): CompatDecorator {
  return decorateWith(conditions.whenNot(...flags));
}

/** The same as `when_not`. */
export function when_none(...flags: string[]): CompatDecorator {
  return decorateWith(conditions.whenNone(...flags));
}

/** Runs while at least one of the flags is not set. Never hands over arguments. */
export function when_not_all(...flags: string[]): CompatDecorator {
  return decorateWith(conditions.whenNotAll(...flags));
}

/** Runs in hooks that fit a pattern. In a relation hook, hands over the object of that relation's endpoint. */
export function hook(...patterns: string[]): CompatDecorator {
  return decorateWith(conditions.hook(...patterns), (unit) => {
    const { relation } = unit.hook;
    const endpoint = relation && unit.findEndpoint(relation.endpoint);
    if (!endpoint) return [];
    return [endpoint instanceof RelationBase ? speakingForHook(endpoint) : endpoint];
  });
}

/**
 * Runs when one of the files changed. Files are paths, relative to the charm's folder unless absolute, or functions that
 * give them. `{ hash_type: 'sha256' }` may come last; md5 otherwise.
 */
export function when_file_changed(
  ...files: (conditions.WatchedFile | { readonly hash_type?: string })[]
): CompatDecorator {
  const translated = files.map((file) =>
    typeof file === 'object' ? { hash: file.hash_type ?? 'md5' } : file,
  );
  return decorateWith(conditions.whenFileChanged(...translated));
}

/**
 * Runs one time only in the life of the unit: `only_once(function install() {})`, `@only_once` or `@only_once()`. It is
 * known by its name, which it needs. One that ran under the Python charm, as the store says, counts as having run.
 */
export function only_once(): CompatDecorator;
export function only_once<This extends HandlerHost>(
  method: (this: This) => unknown,
  context: ClassMethodDecoratorContext<This, (this: This) => unknown>,
): void;
export function only_once<F extends HandlerFunction>(handler: F, context?: undefined): F;
export function only_once(...decorated: unknown[]): unknown {
  const decorate = decorateWith(conditions.onlyOnce()) as (...decorated: unknown[]) => unknown;
  return decorated.length === 0 ? decorate : decorate(...decorated);
}

/** Runs in the restricted hook collect-metrics. */
export function collect_metrics(): CompatDecorator {
  return decorateWith(conditions.collectMetrics());
}

/** Runs in the restricted hook meter-status-changed. */
export function meter_status_changed(): CompatDecorator {
  return decorateWith(conditions.meterStatusChanged());
}

/** A guard on a function or a method: calling it while one of the flags is not set throws FlagsMissingError. */
export interface CompatGuard {
  <This extends HandlerHost, Parameters extends unknown[], Result>(
    method: (this: This, ...parameters: Parameters) => Result,
    context: ClassMethodDecoratorContext<This, (this: This, ...parameters: Parameters) => Result>,
  ): (this: This, ...parameters: Parameters) => Result;
  <F extends HandlerFunction>(guarded: F, context?: undefined): F;
}

/** Guards a function or a method. Unlike the reference, which only logs, calling it too early throws FlagsMissingError. */
export function not_unless(...flags: string[]): CompatGuard {
  const guardMethod = notUnless(...flags) as unknown as (method: unknown, context: object) => unknown;
  return ((guarded: HandlerFunction, context?: object) =>
    context === undefined ? guardFunction(guarded, flags) : guardMethod(guarded, context)) as CompatGuard;
}

function guardFunction(guarded: HandlerFunction, flags: readonly string[]): HandlerFunction {
  const { name } = guarded;
  const wrapper = function (this: unknown, ...parameters: never[]): unknown {
    assertFlagsSet(runningUnit(name || 'a guarded function').flags, flags, name);
    return Reflect.apply(guarded, this, parameters);
  };
  Object.defineProperties(wrapper, { name: { value: name }, length: { value: guarded.length } });
  runInstead(guarded, wrapper);
  return wrapper;
}

/** A flag that belongs to no relation hands over nothing (the reference's rule). */
function relationsOf(flags: readonly string[]): (unit: Unit) => readonly unknown[] {
  return (unit) => flags.flatMap((flag) => unit.endpointFromFlag(flag) ?? []);
}
