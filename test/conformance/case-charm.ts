import {
  type CharmDefinition,
  type Condition,
  defineLayer,
  Endpoint,
  type EndpointClass,
  type EndpointContext,
  type FunctionHandler,
  hook,
  type Role,
  type Unit,
  when,
  whenAll,
  whenAny,
  whenNone,
  whenNot,
  whenNotAll,
} from 'charms-reactive';
import { readConfigOptions, readMetadata } from 'charms-reactive/testing';
import Basic from '../../layers/basic/reactive/basic.ts';
import { type Journal, runActions, toTrigger, UnsupportedError } from './actions.ts';
import type { Case, CaseHandler, CaseInterface } from './case.ts';
import { makeRelationBaseClass } from './relation-base-charm.ts';
import { requestEndpointClass } from './request-charm.ts';

/**
 * A case's charm, out of the public classes that any charm is made of. Its handlers write what they run and see into
 * the journal.
 */
export function makeCaseCharm({ id, charm }: Case, journal: Journal): CharmDefinition {
  const stage: Stage = { journal, unit: undefined };
  const metadata = { summary: id, description: id, ...charm.metadata };
  return {
    metadata: readMetadata(metadata, `${id}: metadata`),
    config: readConfigOptions({ options: charm.config ?? {} }, `${id}: config`),
    layers: [
      ...(charm.layers?.includes('basic')
        ? [{ name: 'basic', file: 'basic', exports: { default: Basic } }]
        : []),
      { name: id, file: id, exports: { default: makeLayer(charm, stage) } },
    ],
    interfaces: Object.entries(charm.interfaces ?? {})
      .map(([key, implementation]) => {
        const [role = '', interfaceName = ''] = key.split('/');
        const found = makeRelationBaseClass(implementation, { stage, decorate });
        const exports = { Implementation: found ?? makeEndpointClass(implementation, stage) };
        return { role: role as Role, interface: interfaceName, file: key, exports };
      })
      .sort((a, b) => RECORDED_ROLES.indexOf(a.role) - RECORDED_ROLES.indexOf(b.role)),
  };
}

/** The unit of the hook that runs, as the layer gets to know it: endpoints of a case act on it too. */
export interface Stage {
  readonly journal: Journal;
  unit: Unit | undefined;
}

/** The order in which the recorder registered interfaces; the keys of a record are sorted, so they do not tell. */
const RECORDED_ROLES: readonly Role[] = ['requires', 'provides', 'peers'];

const DECORATORS: Readonly<Record<string, (...flags: string[]) => Condition>> = {
  when,
  when_all: whenAll,
  when_any: whenAny,
  when_not: whenNot,
  when_none: whenNone,
  when_not_all: whenNotAll,
  hook,
};

function makeLayer(charm: Case['charm'], stage: Stage): ReturnType<typeof defineLayer> {
  const handlers = (charm.handlers ?? []).map(
    ({ id, decorators, actions }): FunctionHandler => ({
      name: id,
      conditions: conditionsOf(decorators),
      run: (unit) => {
        stage.journal.invoked.push(id);
        runActions({ unit, journal: stage.journal }, actions);
      },
    }),
  );
  return defineLayer('case', handlers, {
    triggers: (charm.triggers ?? []).map(toTrigger),
    beforeStart: (unit) => {
      stage.unit = unit;
    },
  });
}

function makeEndpointClass(implementation: CaseInterface, stage: Stage): EndpointClass {
  const baseClass = requestEndpointClass(implementation) ?? Endpoint;
  if (implementation.style !== 'endpoint' && baseClass === Endpoint) {
    throw new UnsupportedError(`cannot replay interfaces of style "${implementation.style}"`);
  }
  const initializers: ((this: Endpoint) => void)[] = [];
  class CaseEndpoint extends baseClass {
    constructor(context: EndpointContext) {
      super(context);
      for (const initializer of initializers) initializer.call(this);
    }

    override registerTriggers(): void {
      for (const trigger of implementation.own_triggers ?? []) this.registerTrigger(toTrigger(trigger));
    }

    override manageFlags(): void {
      this.act(implementation.manage_flags ?? []);
    }

    act(actions: CaseHandler['actions']): void {
      if (stage.unit) runActions({ unit: stage.unit, journal: stage.journal, endpoint: this }, actions);
    }
  }
  for (const method of implementation.handlers ?? []) decorate(CaseEndpoint, { method, stage, initializers });
  return CaseEndpoint;
}

export type Decorate = typeof decorate;

/** Gives the class a decorated method, by the steps the language takes for a method written with decorators. */
function decorate<Host extends { readonly endpointName: string; act(actions: CaseHandler['actions']): void }>(
  hostClass: { readonly prototype: Host },
  {
    method,
    stage,
    initializers,
  }: {
    readonly method: CaseHandler;
    readonly stage: Stage;
    readonly initializers: ((this: Host) => void)[];
  },
): void {
  const { id, decorators, actions } = method;
  function run(this: Host): void {
    stage.journal.invoked.push(`${id}@${this.endpointName}`);
    this.act(actions);
  }
  Object.defineProperty(hostClass.prototype, id, { value: run, configurable: true, writable: true });
  for (const condition of conditionsOf(decorators).toReversed()) {
    const context = {
      kind: 'method',
      name: id,
      static: false,
      private: false,
      access: { has: (target: object) => id in target, get: (target: object) => Reflect.get(target, id) },
      metadata: undefined,
      addInitializer: (initializer: (this: Host) => void) => void initializers.push(initializer),
    };
    condition(
      run as unknown as (this: Endpoint) => void,
      context as unknown as Parameters<typeof condition<Endpoint>>[1],
    );
  }
}

function conditionsOf(decorators: CaseHandler['decorators']): Condition[] {
  return decorators.map(([name, ...flags]) => {
    const make = DECORATORS[name];
    if (!make) throw new UnsupportedError(`cannot replay the decorator "${name}": it is not known`);
    return make(...flags);
  });
}
