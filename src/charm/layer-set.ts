import type { RelationBaseSet } from '../conversations/relation-base-set.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import type { EndpointSet } from '../endpoints/endpoint-set.ts';
import type { Trigger } from '../flags/triggers.ts';
import type { ConditionData } from '../handlers/condition.ts';
import type { DeclaredHandler } from '../handlers/handler.ts';
import { declaredMethods, type HandlerHost } from '../handlers/handler-host.ts';
import type { EndpointDeclaration } from '../metadata/charm-metadata.ts';
import { type FoundLayer, type Implementation, isRelationBase } from './charm-definition.ts';
import { type FunctionLayer, isFunctionLayer, type LayerClass } from './layer.ts';
import { listRegisteredHandlers, listRegisteredTriggers } from './running-unit.ts';
import type { Unit } from './unit.ts';

/** A layer in one hook, class or plain functions alike. */
interface LivingLayer {
  readonly handlers: readonly DeclaredHandler[];
  readonly triggers: readonly Trigger[];
  readonly registerTriggers: () => void;
  readonly beforeStart: () => void | Promise<void>;
  readonly atStart: () => void | Promise<void>;
  readonly atExit: () => void | Promise<void>;
}

/** The charm's layers in one hook, base layers first. */
export class LayerSet {
  readonly #unit: Unit;
  readonly #layers: readonly LivingLayer[];

  constructor(found: readonly FoundLayer[], unit: Unit) {
    this.#unit = unit;
    this.#layers = found.map(({ name, layer }) =>
      isFunctionLayer(layer) ? fromFunctions(layer, unit) : fromClass(name, layer, unit),
    );
  }

  /** The layers' handlers, then those that registered themselves as modules were loaded. */
  get handlers(): DeclaredHandler[] {
    const registered = listRegisteredHandlers().map(({ id, conditions, run }) => ({
      id,
      conditions,
      run: () => run(this.#unit),
    }));
    return [...this.#layers.flatMap(({ handlers }) => handlers), ...registered];
  }

  registerTriggers(): void {
    for (const trigger of listRegisteredTriggers()) this.#unit.flags.registerTrigger(trigger);
    for (const layer of this.#layers) {
      for (const trigger of layer.triggers) this.#unit.flags.registerTrigger(trigger);
      layer.registerTriggers();
    }
  }

  async beforeStart(): Promise<void> {
    for (const layer of this.#layers) await layer.beforeStart();
  }

  async atStart(): Promise<void> {
    for (const layer of this.#layers) await layer.atStart();
  }

  async atExit(): Promise<void> {
    for (const layer of this.#layers.toReversed()) await layer.atExit();
  }
}

function fromFunctions(layer: FunctionLayer, unit: Unit): LivingLayer {
  return {
    handlers: layer.handlers.map(({ name, conditions, run }, position) => ({
      id: `${layer.name}.${name || `handler-${position + 1}`}`,
      conditions,
      run: () => run(unit),
    })),
    triggers: layer.triggers,
    registerTriggers: () => undefined,
    beforeStart: () => layer.beforeStart?.(unit),
    atStart: () => layer.atStart?.(unit),
    atExit: () => layer.atExit?.(unit),
  };
}

function fromClass(name: string, layerClass: LayerClass, unit: Unit): LivingLayer {
  const layer = new layerClass(unit);
  return {
    handlers: declaredMethods(layer).map((method) => ({
      id: `${name}.${method.name}`,
      conditions: method.conditions,
      run: () => callMethod(layer, method.name),
    })),
    triggers: [],
    registerTriggers: () => layer.registerTriggers(),
    beforeStart: () => layer.beforeStart(),
    atStart: () => layer.atStart(),
    atExit: () => layer.atExit(),
  };
}

/**
 * The handlers of the charm's endpoints, in the reference's order: interface by interface as the charm brings them, in
 * each its methods in order, each method for its endpoints in metadata order.
 */
export function endpointHandlers(
  implementations: readonly Implementation[],
  { endpoints, relationBases }: { readonly endpoints: EndpointSet; readonly relationBases: RelationBaseSet },
): DeclaredHandler[] {
  return implementations.flatMap((implementation) => {
    const siblings = isRelationBase(implementation)
      ? relationBases.handlersOf(implementation)
      : endpoints.implementedBy(implementation).map(methodsOf);
    const names = new Set(siblings.flatMap(({ methods }) => methods.map((method) => method.name)));
    return [...names].flatMap((name) =>
      siblings.flatMap(({ declaration, methods, thisFor }) => {
        const method = methods.find((candidate) => candidate.name === name);
        if (!method) return [];
        return {
          id: `${declaration.interface}/${declaration.role}.${name}@${declaration.name}`,
          conditions: method.conditions,
          endpoint: declaration.name,
          run: () => callMethod(thisFor(method.conditions), name),
        };
      }),
    );
  });
}

/** One endpoint's methods that are handlers, and the object they are called on. */
interface EndpointMethods {
  readonly declaration: EndpointDeclaration;
  readonly methods: readonly { readonly name: string; readonly conditions: readonly ConditionData[] }[];
  readonly thisFor: (conditions: readonly ConditionData[]) => HandlerHost;
}

function methodsOf(endpoint: Endpoint): EndpointMethods {
  return {
    declaration: endpoint.declaration,
    methods: declaredMethods(endpoint),
    thisFor: () => endpoint,
  };
}

/** Looked up when it runs, so that a method wrapped by another decorator, or overridden, runs as it is then. */
function callMethod(host: HandlerHost, name: string): unknown {
  const method: unknown = Reflect.get(host, name);
  if (typeof method !== 'function')
    throw new TypeError(`cannot run the handler "${name}": it is no longer a method`);
  return method.call(host);
}
