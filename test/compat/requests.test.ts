import { defineRequest, defineResponse, field, RequesterEndpoint as NativeRequester } from 'charms-reactive';
import {
  BaseRequest,
  BaseResponse,
  endpoint_from_name,
  Field,
  is_flag_set,
  type Relation,
  RequesterEndpoint,
  ResponderEndpoint,
  when,
  when_not,
} from 'charms-reactive/compat';
import { expect, test } from 'vitest';
import { takeRegistered } from '../../src/charm/running-unit.ts';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';
import { endpoints, trialOf } from './python-charm.ts';

class CertResponse extends BaseResponse {
  @Field('the certificate') accessor cert: string | null = null;
  @Field('its key') accessor key: string | null = null;
}

class CertRequest extends BaseRequest<typeof CertResponse> {
  static override readonly RESPONSE_CLASS = CertResponse;
  @Field('the common name') accessor common_name: string | null = null;
  @Field('other names') accessor sans: readonly string[] | null = null;
}

class CertsRequires extends RequesterEndpoint<typeof CertRequest> {
  static override readonly REQUEST_CLASS = CertRequest;
  declare readonly response_by_common_name: (name: string, relation?: Relation) => CertResponse | undefined;
  declare readonly response_by_request_id: (id: string) => CertResponse | undefined;
}

class CertsProvides extends ResponderEndpoint<typeof CertRequest> {
  static override readonly REQUEST_CLASS = CertRequest;

  @when('endpoint.{endpoint_name}.new_requests')
  sign(): void {
    for (const request of this.new_requests) {
      request.respond({ cert: `signed ${request.common_name}`, key: null });
    }
  }
}

/** A unit that asks for certificates, and does something with its endpoint `certs` in each hook. */
function asking(names: readonly string[] = ['certs']): {
  readonly unit: TrialUnit;
  during<T>(runHook: (unit: TrialUnit) => Promise<unknown>, act: (certs: CertsRequires) => T): Promise<T>;
} {
  let act: (certs: CertsRequires) => unknown = () => undefined;
  let answer: unknown;
  const unit = trialOf(
    () => {
      when_not('never')(function perform() {
        answer = act(endpoint_from_name(names[0], CertsRequires) as CertsRequires);
      });
    },
    { metadata: endpoints('requires', ...names), interfaces: { 'requires/certs': CertsRequires } },
  );
  return {
    unit,
    async during<T>(
      runHook: (unit: TrialUnit) => Promise<unknown>,
      body: (certs: CertsRequires) => T,
    ): Promise<T> {
      act = body;
      await runHook(unit);
      return answer as T;
    },
  };
}

const idle = (unit: TrialUnit): Promise<unknown> => unit.run('update-status');

test('a request goes to the other side and comes back answered', async () => {
  const { unit, during } = asking();
  unit.charm = {
    ...unit.charm,
    layers: [{ name: 'web', file: 'reactive/web.ts', exports: { web: takeRegistered('web') } }],
  };
  const ca = new TrialUnit(
    makeCharm({ metadata: endpoints('provides', 'certs'), interfaces: { 'provides/certs': CertsProvides } }),
    { unit: 'ca/0' },
  );
  await during(
    (web) => web.join('certs:0', 'ca/0'),
    (certs) => {
      for (const relation of certs.relations) {
        const request = CertRequest.create(relation, {
          common_name: 'web',
          sans: ['a', 'b'],
          request_id: 'r1',
        });
        expect([request.request_id, request.common_name, request.sans]).toEqual(['r1', 'web', ['a', 'b']]);
        expect([request.is_created, request.is_received, request.response]).toEqual([true, false, undefined]);
      }
    },
  );
  expect(unit.published('certs:0').unit).toEqual({
    request_r1: '{"common_name": "web", "request_id": "r1", "sans": ["a", "b"]}',
  });
  await ca.join('certs:0', 'web/0', unit.published('certs:0').unit);
  expect(ca.published('certs:0').unit).toEqual({ response_r1: '{"cert": "signed web", "key": null}' });
  const seen = await during(
    (web) => web.change('certs:0', 'ca/0', ca.published('certs:0').unit),
    (certs) => [
      certs.responses.map(({ cert, key, request }) => [cert, key, request.common_name]),
      certs.response_by_field({ common_name: 'web' })?.cert,
      certs.response_by_field({ common_name: 'web', relation: certs.relations[0] as Relation })?.is_received,
      certs.response_by_field({ common_name: 'other' }),
      certs.response_by_common_name('web')?.cert,
      certs.response_by_request_id('r1')?.cert,
      certs.response_by_request_id('r2'),
      [is_flag_set('endpoint.certs.has_responses'), is_flag_set('endpoint.certs.all_responses')],
    ],
  );
  expect(seen).toEqual([
    [['signed web', null, 'web']],
    'signed web',
    true,
    undefined,
    'signed web',
    'signed web',
    undefined,
    [true, true],
  ]);
});

test('requests are found by id, by the values of their fields, and all together', async () => {
  const { during } = asking();
  const seen = await during(
    (web) => web.join('certs:0', 'ca/0'),
    (certs) => {
      const [relation] = certs.relations;
      if (!relation) return [];
      CertRequest.create(relation, { common_name: 'b', request_id: 'r2' });
      CertRequest.create(relation, { common_name: 'a', request_id: 'r1' });
      CertRequest.create(relation, { common_name: 'b', sans: [], request_id: 'r3' });
      const ids = (requests: Iterable<CertRequest>) => Array.from(requests, ({ request_id }) => request_id);
      return [
        CertRequest.get('r1')?.common_name,
        CertRequest.get('r9'),
        ids(CertRequest.get_all()),
        ids(certs.requests),
        CertRequest.find({ common_name: 'b' })?.request_id,
        CertRequest.find({ common_name: 'b', sans: [] })?.request_id,
        CertRequest.find({ common_name: 'c' }),
        ids(CertRequest.find_all({ common_name: 'b' })),
        CertRequest.find_all().length,
      ];
    },
  );
  expect(seen).toEqual([
    'a',
    undefined,
    ['r1', 'r2', 'r3'],
    ['r1', 'r2', 'r3'],
    'r2',
    'r3',
    undefined,
    ['r2', 'r3'],
    3,
  ]);
});

test('B29: create_or_update in a loop over relations makes a request on each, and then changes it', async () => {
  const { unit, during } = asking();
  const order = (sans: string[]) => (certs: CertsRequires) => {
    for (const relation of certs.relations) {
      CertRequest.create_or_update({ match_fields: ['common_name'], relation, common_name: 'web', sans });
    }
    return certs.requests.length;
  };
  unit.putUnit('certs:1', 'ca/1', {});
  expect(await during((web) => web.join('certs:0', 'ca/0'), order(['a']))).toBe(2);
  expect(await during(idle, order(['b', 'c']))).toBe(2);
  const texts = ['certs:0', 'certs:1'].flatMap((id) => Object.values(unit.published(id).unit));
  expect(texts.map((text) => JSON.parse(text).sans)).toEqual([
    ['b', 'c'],
    ['b', 'c'],
  ]);
});

test('B30: two endpoints of one class have requests of their own, and the class finds those of both', async () => {
  const { unit, during } = asking(['certs', 'certs2']);
  unit.putUnit('certs2:1', 'ca/1', {});
  const seen = await during(
    (web) => web.join('certs:0', 'ca/0'),
    (certs) => {
      const other = endpoint_from_name('certs2', CertsRequires);
      for (const endpoint of [certs, other]) {
        for (const relation of endpoint?.relations ?? []) {
          CertRequest.create(relation, {
            common_name: relation.relation_id,
            request_id: relation.relation_id,
          });
        }
      }
      return [
        [...certs.requests].map(({ common_name }) => common_name),
        [...(other?.requests ?? [])].map(({ common_name }) => common_name),
        CertRequest.get_all().map(({ common_name }) => common_name),
        CertRequest.get('certs2:1')?.common_name,
        CertRequest.find({ relation: other?.relations[0] as Relation })?.common_name,
      ];
    },
  );
  expect(seen).toEqual([['certs:0'], ['certs2:1'], ['certs2:1', 'certs:0'], 'certs2:1', 'certs2:1']);
});

test('requests of one class are none of another, and are made by those who ask only', async () => {
  class TokenRequest extends BaseRequest<typeof CertResponse> {
    static override readonly RESPONSE_CLASS = CertResponse;
    @Field('the common name') accessor common_name: string | null = null;
  }
  class TokensRequires extends RequesterEndpoint<typeof TokenRequest> {
    static override readonly REQUEST_CLASS = TokenRequest;
  }
  let seen: unknown;
  const unit = trialOf(
    () => {
      when(
        'endpoint.certs.joined',
        'endpoint.tokens.joined',
      )(function ask(certs: CertsRequires, tokens: TokensRequires) {
        const [certified] = certs.relations;
        const [token] = tokens.relations;
        const answering = endpoint_from_name('offers', CertsProvides)?.relations[0];
        if (!certified || !token || !answering) return;
        CertRequest.create(certified, { common_name: 'a', request_id: '1' });
        TokenRequest.create(token, { common_name: 'a', request_id: '2' });
        seen = [
          CertRequest.get_all().map(({ request_id }) => request_id),
          TokenRequest.get_all().map(({ request_id }) => request_id),
          CertRequest.get('2'),
          TokenRequest.find({ common_name: 'a' })?.request_id,
        ];
        expect(() => CertRequest.create(token, {})).toThrow(
          'cannot create a CertRequest on relation "tokens:1"',
        );
        expect(() => CertRequest.create(answering, {})).toThrow('"offers" is no RequesterEndpoint');
      });
    },
    {
      metadata: {
        ...endpoints('requires', 'certs', 'tokens'),
        provides: { offers: { interface: 'certs' } },
      },
      interfaces: {
        'requires/certs': CertsRequires,
        'requires/tokens': TokensRequires,
        'provides/certs': CertsProvides,
      },
    },
  );
  for (const relation of ['certs:0', 'tokens:1', 'offers:2']) unit.putUnit(relation, 'other/0', {});
  await unit.run('install');
  expect(seen).toEqual([['1'], ['2'], undefined, '2']);
});

test('fields are written one by one, and only by the side that made them', async () => {
  const { unit, during } = asking();
  await during(
    (web) => web.join('certs:0', 'ca/0', { 'ingress-address': '10.0.0.9', response_r1: '{"cert": "c"}' }),
    (certs) => {
      const [relation] = certs.relations;
      if (!relation) return;
      const request = CertRequest.create(relation, { common_name: 'a', request_id: 'r1' });
      request.common_name = 'b';
      request.sans = ['x'];
      expect(request.toJSON()).toEqual({ common_name: 'b', request_id: 'r1', sans: ['x'] });
      const fields = CertRequest.create as (...given: unknown[]) => unknown;
      expect(() => fields.call(CertRequest, relation, { cn: 'a' })).toThrow('there is no field "cn"');
    },
  );
  expect(unit.published('certs:0').unit).toEqual({
    request_r1: '{"common_name": "b", "request_id": "r1", "sans": ["x"]}',
  });
  await during(idle, (certs) => {
    const [response] = certs.responses;
    expect([response?.cert, response?.key]).toEqual(['c', null]);
    expect(() => {
      if (response) response.cert = 'mine';
    }).toThrow('the other side made it');
  });
});

test('the side that is asked sees who asks, and answers in either way', async () => {
  const seen: unknown[] = [];
  class Provides extends ResponderEndpoint<typeof CertRequest> {
    static override readonly REQUEST_CLASS = CertRequest;
  }
  const unit = trialOf(
    () => {
      when('endpoint.certs.has_requests')(function answer(certs: Provides) {
        const [one, two] = certs.all_requests;
        if (!one || !two) return;
        seen.push(
          [one.is_received, one.is_created, one.ingress_address, one.egress_subnets],
          certs.new_requests.map(({ request_id }) => request_id),
          CertRequest.find({ common_name: 'two' }) === two,
        );
        one.create_response({ cert: 'one' });
        const response = CertResponse.create(two, { cert: 'two', key: 'k' });
        response.key = 'other';
        seen.push([response.request === two, response.is_received, two.response?.key]);
        expect(() => {
          one.common_name = 'changed';
        }).toThrow('the other side made it');
      });
    },
    { metadata: endpoints('provides', 'certs'), interfaces: { 'provides/certs': Provides } },
  );
  await unit.join('certs:0', 'app/0', {
    'ingress-address': '10.0.0.1',
    'egress-subnets': '10.0.0.0/8',
    request_1: '{"request_id": "1", "common_name": "one"}',
    request_2: '{"request_id": "2", "common_name": "two"}',
  });
  expect(seen).toEqual([[true, false, '10.0.0.1', '10.0.0.0/8'], ['1', '2'], true, [true, false, 'other']]);
  expect(unit.published('certs:0').unit).toEqual({
    response_1: '{"cert": "one"}',
    response_2: '{"cert": "two", "key": "other"}',
  });
});

test('B34: what is malformed is passed over, with a flag', async () => {
  const unit = trialOf(() => {}, {
    metadata: endpoints('provides', 'certs'),
    interfaces: { 'provides/certs': CertsProvides },
  });
  await unit.join('certs:0', 'app/0', {
    request_1: 'garbage',
    request_2: '{}',
    request_3: '{"request_id": "3"}',
  });
  expect(unit.published('certs:0').unit).toEqual({ response_3: '{"cert": "signed null", "key": null}' });
  expect(unit.flags()).toContain('endpoint.certs.malformed_requests');
});

test('a class inherits the fields of the class it extends', async () => {
  class ClientCertRequest extends CertRequest {
    @Field('the user') accessor user: string | null = null;
  }
  expect(Object.keys(ClientCertRequest.fields)).toEqual(['common_name', 'sans', 'user']);
  expect(Object.keys(CertRequest.fields)).toEqual(['common_name', 'sans']);
  expect(CertRequest.fields.sans?.description).toBe('other names');
});

test('a class that says too little is refused, by what it should say', async () => {
  class Speechless extends BaseRequest {}
  expect(() => Speechless.responseClass).toThrow(
    'cannot use Speechless: it has no responses; give it static readonly RESPONSE_CLASS',
  );
  class Idle extends RequesterEndpoint {}
  const unit = trialOf(() => {}, {
    metadata: endpoints('requires', 'certs'),
    interfaces: { 'requires/certs': Idle },
  });
  expect((await unit.runFailing('install')).message).toBe(
    'cannot make a Idle: it has no requests; give it static readonly REQUEST_CLASS',
  );
  const decorate = Field('wrong') as unknown as (target: unknown, context: object) => unknown;
  expect(() => decorate(undefined, { kind: 'field', name: 'cn', metadata: {} })).toThrow(
    'cannot use @Field on "cn": write @Field(\'…\') accessor cn: string | null = null',
  );
});

test('a request is made where such requests are made, and nowhere else', async () => {
  class Response extends defineResponse({ fields: {} }) {}
  class Request extends defineRequest({ fields: { cn: field<string>('name') }, response: Response }) {}
  class Others extends NativeRequester.of(Request) {}
  const unit = trialOf(
    () => {
      when('endpoint.certs.joined')(function ask(certs: Others) {
        for (const relation of certs.relations) CertRequest.create(relation, { common_name: 'a' });
      });
    },
    { metadata: endpoints('requires', 'certs'), interfaces: { 'requires/certs': Others } },
  );
  unit.putUnit('certs:0', 'ca/0', {});
  expect((await unit.runFailing('install')).message).toBe(
    'cannot create a CertRequest on relation "certs:0": "certs" is no RequesterEndpoint with that REQUEST_CLASS',
  );
  expect(() => CertRequest.get_all()).toThrow('cannot call CertRequest.get_all() now: no hook is running');
});
