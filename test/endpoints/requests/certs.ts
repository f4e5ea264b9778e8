import {
  defineLayer,
  defineRequest,
  defineResponse,
  type Endpoint,
  type EndpointClass,
  field,
  type NewRequest,
  RequesterEndpoint,
  ResponderEndpoint,
  type Role,
  type Unit,
} from 'charms-reactive';
import { makeCharm, TrialUnit } from '../../charm/trial-unit.ts';

export class CertResponse extends defineResponse({
  fields: { cert: field<string>('the certificate'), key: field<{ readonly pem: string }>('its key') },
}) {}

export class CertRequest extends defineRequest({
  fields: { cn: field<string>('the common name'), sans: field<string[]>('other names') },
  response: CertResponse,
}) {}

export class CertsRequires extends RequesterEndpoint.of(CertRequest) {}

export class CertsProvides extends ResponderEndpoint.of(CertRequest) {}

export type Bag = Readonly<Record<string, string>>;

/** One unit of a charm with endpoints of one class, to look at from inside its hooks. */
export class Side<E extends Endpoint> {
  readonly trial: TrialUnit;
  readonly #endpointClass: EndpointClass<E>;
  #act: (unit: Unit) => void = () => {};

  constructor(
    endpointClass: EndpointClass<E>,
    {
      role,
      unit = 'web/0',
      endpoints = ['certs'],
    }: { readonly role: Role; readonly unit?: string; readonly endpoints?: readonly string[] },
  ) {
    this.#endpointClass = endpointClass;
    const charm = makeCharm({
      metadata: { [role]: Object.fromEntries(endpoints.map((name) => [name, { interface: 'certs' }])) },
      interfaces: { [`${role}/certs`]: endpointClass },
      layers: { trial: defineLayer('trial', [], { atStart: (living) => this.#act(living) }) },
    });
    this.trial = new TrialUnit(charm, { unit });
  }

  /** Runs a hook and looks at an endpoint (the first, unless told) from inside it, once its flags are kept. */
  async during<T>(
    runHook: (trial: TrialUnit) => Promise<unknown>,
    look: (endpoint: E, unit: Unit) => T,
    name = 'certs',
  ): Promise<T> {
    const seen: T[] = [];
    this.#act = (unit) => void seen.push(look(unit.endpoint(name, this.#endpointClass), unit));
    try {
      await runHook(this.trial);
    } finally {
      this.#act = () => {};
    }
    return seen[0] as T;
  }

  /** What this unit has published on a relation. */
  published(relation = 'certs:0'): Bag {
    return { ...this.trial.tools.published[relation]?.unit };
  }

  /** The flags of the store that the base classes of requests keep. */
  requestFlags(name = 'certs'): string[] {
    const kept = /^(has|all|new|malformed)_/;
    const prefix = `endpoint.${name}.`;
    return this.trial
      .flags()
      .filter((flag) => flag.startsWith(prefix))
      .map((flag) => flag.slice(prefix.length))
      .filter((flag) => kept.test(flag));
  }

  warnings(): string[] {
    return this.trial.tools.logged
      .filter(({ level }) => level === 'WARNING')
      .flatMap(({ message }) => message.split('\n'));
  }
}

export function makeRequester(options: { readonly endpoints?: readonly string[] } = {}): Side<CertsRequires> {
  return new Side(CertsRequires, { role: 'requires', ...options });
}

export function makeResponder(options: { readonly endpoints?: readonly string[] } = {}): Side<CertsProvides> {
  return new Side(CertsProvides, { role: 'provides', unit: 'ca/0', ...options });
}

/** Makes each request on each relation. */
export function ask(certs: CertsRequires, ...requests: readonly NewRequest<typeof CertRequest>[]): void {
  for (const request of requests)
    for (const relation of certs.relations) certs.requests.create(relation, request);
}

/** A request as a remote unit publishes it. */
export function wireRequest(requestId: string, fields: Readonly<Record<string, unknown>> = {}): Bag {
  return { [`request_${requestId}`]: JSON.stringify({ ...fields, request_id: requestId }) };
}
