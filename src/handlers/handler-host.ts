import type { Flags } from '../flags/flag-registry.ts';
import type { Condition } from './condition.ts';

/** A method that waits for conditions, as declared in a class. */
export interface DeclaredMethod {
  readonly name: string;
  /** In the order in which the decorators were applied: the one nearest the method first. */
  readonly conditions: readonly Condition[];
}

const declared = new WeakMap<
  object,
  Map<string, { readonly owner: object | undefined; conditions: Condition[] }>
>();

/**
 * What Layer and Endpoint have in common: their decorated methods are handlers.
 *
 * The private field makes the type nominal, so that a decorator on any other class does not compile.
 */
export abstract class HandlerHost {
  readonly #handlerHost = true;

  /** The unit's flags. */
  abstract get flags(): Flags;

  /** Whether a value is a Layer or an Endpoint. */
  static isHost(value: unknown): value is HandlerHost {
    return typeof value === 'object' && value !== null && #handlerHost in value;
  }
}

/**
 * Records, as an object is made, that one of its methods waits for a condition.
 *
 * Keyed by the method's name, so it holds for whatever the method is in the end: wrapped by another decorator, or
 * overridden in a subclass. A subclass that decorates its own version replaces the conditions of its parent's:
 * `owner`, one object for each class, tells the two apart (undefined where the compiler gives no class metadata; then
 * both classes' conditions hold).
 */
export function declareCondition(
  host: object,
  declaration: { readonly method: string; readonly condition: Condition; readonly owner: object | undefined },
): void {
  const methods = declared.get(host) ?? new Map();
  declared.set(host, methods);
  const earlier = methods.get(declaration.method);
  if (earlier && earlier.owner === declaration.owner) earlier.conditions.push(declaration.condition);
  else methods.set(declaration.method, { owner: declaration.owner, conditions: [declaration.condition] });
}

/** The handlers of a Layer or Endpoint object: a base class's methods first, each class's in the order it has them. */
export function declaredMethods(host: HandlerHost): DeclaredMethod[] {
  return [...(declared.get(host) ?? [])].map(([name, { conditions }]) => ({ name, conditions }));
}
