import type { CharmDefinition, EndpointContext, RelationBaseContext, Role } from 'charms-reactive';
import {
  BaseRequest,
  BaseResponse,
  type CompatDecorator,
  Endpoint,
  Field,
  hook,
  RelationBase,
  RequesterEndpoint,
  ResponderEndpoint,
  register_trigger,
  scopes,
  when,
  when_all,
  when_any,
  when_none,
  when_not,
  when_not_all,
} from 'charms-reactive/compat';
import { readConfigOptions, readMetadata } from 'charms-reactive/testing';
import Basic from '../../layers/basic/reactive/basic.ts';
import { forgetRegistered } from '../../src/charm/running-unit.ts';
import type { Journal } from '../conformance/actions.ts';
import type { Case, CaseHandler, CaseInterface } from '../conformance/case.ts';
import { runActions } from './case-actions.ts';

/** A recorded case's charm, by the Python names alone: its handlers register themselves, as a module of it would. */
export function makeCaseCharm({ id, charm }: Case, journal: Journal): CharmDefinition {
  forgetRegistered();
  for (const trigger of charm.triggers ?? []) register_trigger(trigger);
  for (const handler of charm.handlers ?? []) registerFunction(handler, journal);
  const metadata = { summary: id, description: id, ...charm.metadata };
  return {
    metadata: readMetadata(metadata, `${id}: metadata`),
    config: readConfigOptions({ options: charm.config ?? {} }, `${id}: config`),
    layers: charm.layers?.includes('basic')
      ? [{ name: 'basic', file: 'basic', exports: { default: Basic } }]
      : [],
    interfaces: Object.entries(charm.interfaces ?? {})
      .map(([key, implementation]) => {
        const [role = '', interfaceName = ''] = key.split('/');
        const exports = { Implementation: makeClass(implementation, journal) };
        return { role: role as Role, interface: interfaceName, file: key, exports };
      })
      .sort((a, b) => RECORDED_ROLES.indexOf(a.role) - RECORDED_ROLES.indexOf(b.role)),
  };
}

const RECORDED_ROLES: readonly Role[] = ['requires', 'provides', 'peers'];

const DECORATORS: Readonly<Record<string, (...flags: string[]) => CompatDecorator>> = {
  when,
  when_all,
  when_any,
  when_not,
  when_none,
  when_not_all,
  hook,
};

function registerFunction({ id, decorators, actions }: CaseHandler, { invoked, observed }: Journal): void {
  const handler = (): void => {
    invoked.push(id);
    runActions({ observed }, actions);
  };
  for (const decorate of decoratorsOf(decorators)) decorate(handler);
}

/** Bottom-up, as they are applied. */
function decoratorsOf(decorators: CaseHandler['decorators']): CompatDecorator[] {
  return decorators
    .map(([name, ...flags]) => (DECORATORS[name] as (...flags: string[]) => CompatDecorator)(...flags))
    .toReversed();
}

function makeClass(implementation: CaseInterface, journal: Journal): unknown {
  switch (implementation.style) {
    case 'relation-base':
      return makeRelationBase(implementation, journal);
    case 'requester':
    case 'responder':
      return makeRequestEndpoint(implementation, journal);
    default:
      return makeEndpoint(Endpoint, { implementation, journal });
  }
}

function makeEndpoint(
  baseClass: typeof Endpoint,
  { implementation, journal }: { readonly implementation: CaseInterface; readonly journal: Journal },
): typeof Endpoint {
  const { own_triggers: triggers = [], manage_flags: managing = [], handlers = [] } = implementation;
  const { observed } = journal;
  const initializers: Initializers = [];
  class CaseEndpoint extends baseClass {
    constructor(context: EndpointContext) {
      super(context);
      for (const initializer of initializers) initializer.call(this);
    }

    override register_triggers(): void {
      const expand = (flag: string) => this.expand_name(flag);
      for (const trigger of triggers) {
        const entries = Object.entries(trigger).filter(([, flag]) => flag);
        register_trigger(Object.fromEntries(entries.map(([key, flag]) => [key, expand(flag)])));
      }
    }

    override manage_flags(): void {
      runActions({ observed, endpoint: this }, managing);
    }
  }
  for (const handler of handlers) addMethod(CaseEndpoint.prototype, { handler, journal, initializers });
  return CaseEndpoint;
}

function makeRequestEndpoint(implementation: CaseInterface, journal: Journal): unknown {
  class CaseResponse extends BaseResponse {}
  class CaseRequest extends BaseRequest<typeof CaseResponse> {
    static override readonly RESPONSE_CLASS = CaseResponse;
  }
  addFields(CaseResponse, implementation.response_fields ?? []);
  addFields(CaseRequest, implementation.request_fields ?? []);
  const base = implementation.style === 'requester' ? RequesterEndpoint : ResponderEndpoint;
  const made = makeEndpoint(base as unknown as typeof Endpoint, { implementation, journal });
  return Object.defineProperty(made, 'REQUEST_CLASS', { value: CaseRequest });
}

function makeRelationBase(implementation: CaseInterface, journal: Journal): unknown {
  const { scope = 'UNIT', auto_accessors: accessors = [], handlers = [] } = implementation;
  const initializers: Initializers = [];
  class CaseRelation extends RelationBase {
    static override readonly scope = (scopes as Readonly<Record<string, string>>)[scope] ?? scope;
    static override readonly auto_accessors = accessors;

    constructor(context: RelationBaseContext) {
      super(context);
      for (const initializer of initializers) initializer.call(this);
    }
  }
  for (const handler of handlers) addMethod(CaseRelation.prototype, { handler, journal, initializers });
  return CaseRelation;
}

type Initializers = ((this: object) => void)[];

/** Gives a class a decorated method, by the steps the language takes for a method written with decorators. */
function addMethod(
  prototype: object,
  {
    handler: { id, decorators, actions },
    journal: { invoked, observed },
    initializers,
  }: { readonly handler: CaseHandler; readonly journal: Journal; readonly initializers: Initializers },
): void {
  function run(this: Endpoint | RelationBase): void {
    invoked.push(`${id}@${this.endpointName}`);
    runActions({ observed, endpoint: this }, actions);
  }
  Object.defineProperty(prototype, id, { value: run, configurable: true, writable: true });
  const addInitializer = (initializer: (this: object) => void) => void initializers.push(initializer);
  const context = { kind: 'method', name: id, static: false, private: false, addInitializer };
  for (const decorate of decoratorsOf(decorators)) {
    (decorate as unknown as (method: object, context: object) => void)(run, context);
  }
}

/** Gives a class decorated accessors, by the steps the language takes for them. */
function addFields(holderClass: { readonly prototype: object }, names: readonly string[]): void {
  const metadata = Object.create(null);
  Object.defineProperty(holderClass, Symbol.metadata, { value: metadata });
  for (const name of names) {
    const context = { kind: 'accessor', name, static: false, private: false, metadata };
    const decorate = Field(`${name} of a case`) as unknown as (target: object, context: object) => object;
    Object.defineProperty(holderClass.prototype, name, { ...decorate({}, context), configurable: true });
  }
}
