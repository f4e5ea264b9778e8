import { findRegistered, type RegisteredHandler, registerHandler } from '../charm/running-unit.ts';
import type { Unit } from '../charm/unit.ts';
import { type Condition, isCondition } from '../handlers/condition.ts';
import type { HandlerHost } from '../handlers/handler-host.ts';

/** A function that is, or becomes, a handler. */
export type HandlerFunction = (...parameters: never[]) => unknown;

/** Gives a handler the relation objects it takes as arguments. */
export type ArgumentSource = (unit: Unit) => readonly unknown[];

/**
 * A decorator that works as the reference's do: on a plain function, `when('a')(function start() { … })`, which it gives
 * back, and as a standard decorator on a method of an Endpoint, RelationBase or Layer.
 */
export interface CompatDecorator {
  <This extends HandlerHost>(
    method: (this: This) => unknown,
    context: ClassMethodDecoratorContext<This, (this: This) => unknown> & {
      readonly static: false;
      readonly private: false;
    },
  ): void;
  <F extends HandlerFunction>(handler: F, context?: undefined): F;
}

/** Makes a decorator of a condition, and of what it hands to the functions that wait for it. */
export function decorateWith(condition: Condition, source: ArgumentSource = () => []): CompatDecorator {
  const decorate = (handler: HandlerFunction, context?: object): HandlerFunction | undefined => {
    if (context !== undefined) {
      (condition as unknown as (method: unknown, context: object) => void)(handler, context);
      return undefined;
    }
    register(handler, condition, source);
    return handler;
  };
  decorators.add(decorate);
  return decorate as CompatDecorator;
}

/** Has a function that wraps a handler run in its place. Nothing happens where the wrapped one is no handler (yet). */
export function runInstead(handler: HandlerFunction, wrapper: HandlerFunction): void {
  const key = wrappedBy.get(handler) ?? handler;
  const registration = findRegistered(key);
  if (!(registration instanceof Registration)) return;
  registration.action = wrapper;
  wrappedBy.set(wrapper, key);
}

const decorators = new WeakSet<object>();
const wrappedBy = new WeakMap<object, object>();

/**
 * A function with what its decorators asked for: one registration a function, whatever number of decorators it has, so
 * that functions made in a loop stay apart.
 *
 * Decorators are applied from the bottom up, and that is the order of the arguments (the reference's rule). Every handler
 * gets them; one that takes fewer does not see them.
 */
class Registration implements RegisteredHandler {
  readonly id: string;
  readonly conditions: Condition[] = [];
  readonly sources: ArgumentSource[] = [];
  action: HandlerFunction;

  constructor(action: HandlerFunction) {
    this.id = action.name || 'handler';
    this.action = action;
  }

  /** A field, for those who take it off the object. */
  readonly run = (unit: Unit): unknown => {
    if (this.conditions.some(isOnce) && ranInPython(unit, this.id)) {
      return unit.log.info(`${this.id} ran once under the Python charm, and does not run again`);
    }
    const parameters = this.sources.flatMap((source) => source(unit));
    return this.action(...(parameters as never[]));
  };
}

function register(handler: HandlerFunction, condition: Condition, source: ArgumentSource): void {
  if (typeof handler !== 'function' || decorators.has(handler) || isCondition(handler)) {
    throw new TypeError(
      "cannot register a handler: what is decorated must be a function, as in when('a')(function start() {})",
    );
  }
  if (isOnce(condition) && !handler.name) {
    throw new TypeError(
      'cannot register a handler with only_once: it is known by its name, and has none; write function install() {}',
    );
  }
  const key = wrappedBy.get(handler) ?? handler;
  const registration = registerHandler(key, () => new Registration(handler)) as Registration;
  registration.conditions.push(condition);
  registration.sources.push(source);
}

function isOnce({ kind }: Condition): boolean {
  return kind === 'once';
}

/** The reference knows such a handler by file, line and name; after the upgrade of a Python charm the name counts. */
function ranInPython({ kv }: Unit, name: string): boolean {
  const marks = Object.keys(kv.getRange('reactive.invoked.'));
  return marks.some((mark) => mark.endsWith(`:${name}`) && /:\d+:[^:]*$/.test(mark));
}
