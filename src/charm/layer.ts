import type { Flags } from '../flags/flag-registry.ts';
import type { Trigger } from '../flags/triggers.ts';
import { type Condition, isCondition } from '../handlers/condition.ts';
import { HandlerHost } from '../handlers/handler-host.ts';
import type { Unit } from './unit.ts';

/**
 * A charm layer as a class: its decorated methods are handlers. Default-export it from `reactive/<name>.ts`.
 *
 * One object is made in each hook, so a field lasts no longer than that: what must last belongs in flags or `unit.kv`.
 */
export abstract class Layer extends HandlerHost {
  readonly unit: Unit;

  constructor(unit: Unit) {
    super();
    this.unit = unit;
  }

  override get flags(): Flags {
    return this.unit.flags;
  }

  /** For subclasses: called first of all, so that triggers see the flags that the start of the hook changes. */
  registerTriggers(): void {}

  /** For subclasses: called before the endpoints' automatic flags are kept. Not in restricted hooks. */
  beforeStart(): void | Promise<void> {}

  /** For subclasses: called when flags are as the hook finds them, before any handler runs. Not in restricted hooks. */
  atStart(): void | Promise<void> {}

  /**
   * For subclasses: called when no handler is due any more, before relation data is published and anything is stored;
   * layers in reverse order. Not in restricted hooks, and not when the hook fails.
   */
  atExit(): void | Promise<void> {}
}

/** A Layer class, as a layer's file exports it. */
export type LayerClass = new (unit: Unit) => Layer;

/** A handler as a plain function. */
export interface FunctionHandler {
  readonly name: string;
  readonly conditions: readonly Condition[];
  readonly run: (unit: Unit) => unknown;
}

/** A charm layer of plain functions, as `defineLayer` makes it. */
export interface FunctionLayer {
  readonly name: string;
  readonly handlers: readonly FunctionHandler[];
  readonly triggers: readonly Trigger[];
  readonly beforeStart?: (unit: Unit) => void | Promise<void>;
  readonly atStart?: (unit: Unit) => void | Promise<void>;
  readonly atExit?: (unit: Unit) => void | Promise<void>;
}

/** What else a layer of plain functions can bring; the same moments as the methods of `Layer`. */
export type FunctionLayerParts = Partial<
  Pick<FunctionLayer, 'triggers' | 'beforeStart' | 'atStart' | 'atExit'>
>;

const functionLayers = new WeakSet<object>();

/** A charm layer as a list of plain functions: the same handlers as a class's decorated methods. Default-export it. */
export function defineLayer(
  name: string,
  handlers: readonly FunctionHandler[],
  parts: FunctionLayerParts = {},
): FunctionLayer {
  const layer: FunctionLayer = Object.freeze({ triggers: [], ...parts, name, handlers: [...handlers] });
  functionLayers.add(layer);
  return layer;
}

/** Whether a value was made by `defineLayer`. */
export function isFunctionLayer(value: unknown): value is FunctionLayer {
  return typeof value === 'object' && value !== null && functionLayers.has(value);
}

/**
 * A handler as a plain function, for `defineLayer`: first the conditions, all of which must hold, then the function. Its
 * name names the handler in logs and errors.
 *
 * @throws TypeError without a condition, or with anything but conditions before the function.
 */
export function handler(
  ...parts: [first: Condition, ...conditions: Condition[], run: (unit: Unit) => unknown]
): FunctionHandler {
  const run: unknown = parts.at(-1);
  const conditions: readonly unknown[] = parts.slice(0, -1);
  if (typeof run !== 'function' || isCondition(run)) {
    throw new TypeError('cannot make a handler: its last argument must be the function to run');
  }
  const { name } = run;
  if (conditions.length === 0 || !conditions.every(isCondition)) {
    throw new TypeError(
      `cannot make the handler "${name}": give conditions such as when('a.flag') before its function`,
    );
  }
  return { name, conditions, run: run as (unit: Unit) => unknown };
}
