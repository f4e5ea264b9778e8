import { runningUnit } from '../charm/running-unit.ts';
import type { Unit } from '../charm/unit.ts';
import * as conditions from '../handlers/condition.ts';
import { assertFlagsSet, notUnless } from '../handlers/not-unless.ts';
import { type CompatDecorator, decorateWith, type HandlerFunction } from './registration.ts';

/** Runs while all flags are set. A handler that takes arguments gets the objects of the relations the flags belong to. */
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

/** Runs in hooks that fit a pattern. A handler that takes an argument gets the object of the hook's relation. */
export function hook(...patterns: string[]): CompatDecorator {
  return decorateWith(conditions.hook(...patterns), (unit) => {
    const { relation } = unit.hook;
    const endpoint = relation && unit.findEndpoint(relation.endpoint);
    return endpoint ? [endpoint] : [];
  });
}

/**
 * Runs when one of the files changed. Files are paths or functions that give them.
 *
 * `{ hash_type: 'sha256' }` may come last; md5 otherwise.
 */
export function when_file_changed(
  ...files: (conditions.WatchedFile | { readonly hash_type: string })[]
): CompatDecorator {
  const translated = files.map((file) => (typeof file === 'object' ? { hash: file.hash_type } : file));
  return decorateWith(conditions.whenFileChanged(...translated));
}

/** Runs one time only. `only_once(f)` and `only_once()(f)` are the same. */
export function only_once(): CompatDecorator;
export function only_once<F extends HandlerFunction>(handler: F): F;
export function only_once<F extends HandlerFunction>(handler?: F): CompatDecorator | F {
  const decorate = decorateWith(conditions.onlyOnce());
  return handler ? decorate(handler) : decorate;
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
  <Parameters extends unknown[], Result>(
    guarded: (...parameters: Parameters) => Result,
  ): (...parameters: Parameters) => Result;
  <This, Parameters extends unknown[], Result>(
    method: (this: This, ...parameters: Parameters) => Result,
    context: ClassMethodDecoratorContext<This>,
  ): (this: This, ...parameters: Parameters) => Result;
}

/** Guards a function. Unlike the reference, which only logs, calling it too early throws FlagsMissingError. */
export function not_unless(...flags: string[]): CompatGuard {
  const guardMethod = notUnless(...flags) as unknown as (method: unknown, context: object) => unknown;
  return ((guarded: (...parameters: unknown[]) => unknown, context?: object) => {
    if (context) return guardMethod(guarded, context);
    const { name } = guarded;
    const wrapper = (...parameters: unknown[]): unknown => {
      assertFlagsSet(runningUnit(name).flags, flags, name);
      return guarded(...parameters);
    };
    return Object.defineProperties(wrapper, { name: { value: name }, length: { value: guarded.length } });
  }) as CompatGuard;
}

/** A flag that belongs to no relation hands over nothing, as in the reference. */
function relationsOf(flags: readonly string[]): (unit: Unit) => readonly unknown[] {
  return (unit) => flags.flatMap((flag) => unit.endpointFromFlag(flag) ?? []);
}
