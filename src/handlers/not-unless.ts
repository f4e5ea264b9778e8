import { assertFlagName } from '../flags/flag-name.ts';
import type { Flags } from '../flags/flag-registry.ts';
import { HandlerHost } from './handler-host.ts';

/** Something was called while flags it relies on were not set. */
export class FlagsMissingError extends Error {
  override readonly name = 'FlagsMissingError';
  /** The flags that were not set, sorted. */
  readonly missing: readonly string[];

  constructor(what: string, missing: readonly string[]) {
    super(`cannot call "${what}" yet: not set: ${missing.map((flag) => `"${flag}"`).join(', ')}`);
    this.missing = missing;
  }
}

/** @throws FlagsMissingError, naming `what`, unless every flag is set. */
export function assertFlagsSet(flags: Flags, wanted: readonly string[], what: string): void {
  const missing = flags.unset(...wanted);
  if (missing.length > 0) throw new FlagsMissingError(what, missing);
}

/** A decorator for any method of a Layer or Endpoint, handler or not, with whatever arguments. */
export type GuardDecorator = <This extends HandlerHost, Arguments extends unknown[], Result>(
  method: (this: This, ...parameters: Arguments) => Result,
  context: ClassMethodDecoratorContext<This, (this: This, ...parameters: Arguments) => Result>,
) => (this: This, ...parameters: Arguments) => Result;

/**
 * Guards a method: calling it while one of the flags is not set throws FlagsMissingError. It does not make the method a
 * handler; as a guard it stands beside the conditions, or on a method that other code calls.
 *
 * The reference promises an exception too, but only logs a warning and goes on.
 */
export function notUnless(...flags: string[]): GuardDecorator {
  if (flags.length === 0) throw new TypeError('cannot make a guard of notUnless(): give at least one flag');
  for (const flag of flags) assertFlagName(flag);
  return (method, context) => {
    const name = guardedMethod(context);
    return function (...parameters) {
      assertFlagsSet(flagsOf(this, name), flags, name);
      return method.apply(this, parameters);
    };
  };
}

function flagsOf(host: unknown, method: string): Flags {
  if (HandlerHost.isHost(host)) return host.flags;
  throw new TypeError(`cannot use @notUnless on "${method}": its class is neither a Layer nor an Endpoint`);
}

function guardedMethod(context: unknown): string {
  const { kind, name } = Object(context) as { readonly kind?: string; readonly name?: string | symbol };
  if (kind === 'method') return String(name);
  const what = kind ? `the ${kind} "${String(name)}"` : `"${String(context)}"`;
  throw new TypeError(`cannot use @notUnless on ${what}: it is a standard decorator for methods`);
}
