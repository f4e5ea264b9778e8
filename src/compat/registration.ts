import { registerHandler } from '../charm/running-unit.ts';
import type { Unit } from '../charm/unit.ts';
import type { Condition } from '../handlers/condition.ts';

/** A function that is, or becomes, a handler. */
export type HandlerFunction = (...parameters: never[]) => unknown;

/** Gives a handler the relation objects it takes as arguments. */
export type ArgumentSource = (unit: Unit) => readonly unknown[];

/**
 * A decorator that works as the reference's do, on a plain function, `when('a')(function start() { … })`, and as a
 * standard decorator on a method of an Endpoint, RelationBase or Layer.
 */
export interface CompatDecorator {
  <F extends HandlerFunction>(handler: F): F;
  <This>(method: (this: This) => unknown, context: ClassMethodDecoratorContext<This>): void;
}

interface Registration {
  readonly id: string;
  readonly conditions: Condition[];
  readonly sources: ArgumentSource[];
}

const registrations = new WeakMap<object, Registration>();
const names = new Map<string, number>();

/** Makes a decorator of a condition, and of what it hands to handlers that take arguments. */
export function decorateWith(condition: Condition, source: ArgumentSource = () => []): CompatDecorator {
  return ((handler: HandlerFunction, context?: object) => {
    if (context)
      return (condition as unknown as (method: unknown, context: object) => void)(handler, context);
    addCondition(handler, condition, source);
    return handler;
  }) as CompatDecorator;
}

/** The id under which a function is registered; it is registered if it was not. */
export function registrationOf(handler: HandlerFunction): { readonly id: string } {
  return register(handler);
}

function addCondition(handler: HandlerFunction, condition: Condition, source: ArgumentSource): void {
  const { conditions, sources } = register(handler);
  conditions.push(condition);
  sources.push(source);
}

/** One registration a function, whatever number of decorators it has; so functions made in a loop stay apart. */
function register(handler: HandlerFunction): Registration {
  const known = registrations.get(handler);
  if (known) return known;
  const registration: Registration = { id: uniqueId(handler.name || 'handler'), conditions: [], sources: [] };
  registrations.set(handler, registration);
  registerHandler({
    ...registration,
    run: (unit) => {
      const values = handler.length > 0 ? registration.sources.flatMap((source) => source(unit)) : [];
      return handler(...(values as never[]));
    },
  });
  return registration;
}

function uniqueId(name: string): string {
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  return count === 1 ? name : `${name}#${count}`;
}
