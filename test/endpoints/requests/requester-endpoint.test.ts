import { describe, expect, test } from 'vitest';
import { spyOnTools } from '../../charm/trial-unit.ts';
import { ask, CertsRequires, makeRequester } from './certs.ts';

const ids = (requests: Iterable<{ readonly requestId: string }>): string[] =>
  Array.from(requests, ({ requestId }) => requestId);

describe('making requests', () => {
  test('a request goes out as the JSON Python writes, keys sorted, with its id inside and only the fields given', async () => {
    const side = makeRequester();
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => {
        for (const relation of certs.relations) {
          certs.requests.create(relation, { requestId: 'r1', sans: ['b', 'a'], cn: 'é.local' });
          certs.requests.create(relation, { requestId: 'r2' });
        }
      },
    );
    expect(side.published()).toEqual({
      request_r1: '{"cn": "\\u00e9.local", "request_id": "r1", "sans": ["b", "a"]}',
      request_r2: '{"request_id": "r2"}',
    });
  });

  test('a request without an id gets a UUID', async () => {
    const side = makeRequester();
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => ask(certs, { cn: 'a' }),
    );
    const [[key, text] = ['', '']] = Object.entries(side.published());
    expect(key).toMatch(/^request_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(JSON.parse(text)).toEqual({ cn: 'a', request_id: key.slice('request_'.length) });
  });

  test('requests of earlier hooks are found again, in order of id, with their fields; one left out reads as null', async () => {
    const side = makeRequester();
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => {
        for (const id of ['b', 'c', 'a'])
          for (const relation of certs.relations)
            certs.requests.create(relation, { requestId: id, cn: `${id}.local` });
      },
    );
    const seen = await side.during(
      (trial) => trial.run('update-status'),
      (certs) => {
        const found = certs.requests.get('b');
        return {
          ids: ids(certs.requests),
          count: certs.requests.length,
          cn: found?.cn,
          sans: found?.sans,
          created: [found?.isCreated, found?.isReceived, found?.remoteUnit],
          missing: certs.requests.get('z'),
          same: certs.requests.get('b') === found,
          json: found?.toJSON(),
        };
      },
    );
    expect(seen).toEqual({
      ids: ['a', 'b', 'c'],
      count: 3,
      cn: 'b.local',
      sans: null,
      created: [true, false, undefined],
      missing: undefined,
      same: true,
      json: { cn: 'b.local', sans: null, request_id: 'b' },
    });
  });

  test('an unchanged request is not published again', async () => {
    const side = makeRequester();
    const askAgain = (): Promise<unknown> =>
      side.during(
        (trial) => trial.run('update-status'),
        (certs) =>
          certs.relations.map((relation) =>
            certs.requests.createOrUpdate(relation, { match: ['cn'], fields: { cn: 'a', sans: ['b'] } }),
          ),
      );
    await side.trial.join('certs:0', 'ca/0');
    await askAgain();
    const before = side.published();
    const calls: string[] = [];
    side.trial.wrap = (tools) => spyOnTools(tools, calls);
    await askAgain();
    expect(calls).toContain('relationGet');
    expect(calls).not.toContain('relationSet');
    expect(side.published()).toEqual(before);
  });

  test('a field that is assigned, or several that are updated, go out with the rest of the request; null is null', async () => {
    const side = makeRequester();
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => {
        for (const relation of certs.relations) {
          const request = certs.requests.create(relation, { requestId: 'r', cn: 'a' });
          request.sans = ['x'];
          request.update({ sans: [...(request.sans ?? []), 'y'], cn: null });
        }
      },
    );
    expect(side.published()).toEqual({ request_r: '{"cn": null, "request_id": "r", "sans": ["x", "y"]}' });
  });

  test('a later charm that knows fewer fields leaves the others of an old request alone', async () => {
    const side = makeRequester();
    side.trial.tools.published = {
      'certs:0': { unit: { request_r: '{"cn": "a", "old": {"__proto__": 1}, "request_id": "r"}' }, app: {} },
    };
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => certs.requests.get('r')?.update({ cn: 'b' }),
    );
    expect(side.published()).toEqual({
      request_r: '{"cn": "b", "old": {"__proto__": 1}, "request_id": "r"}',
    });
  });

  test('what cannot be right is refused by name', async () => {
    const side = makeRequester({ endpoints: ['certs', 'others'] });
    side.trial.putUnit('others:1', 'ca/0', {});
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs, unit) => {
        const { requests } = certs;
        const [relation] = certs.relations;
        const [foreign] = unit.endpoint('others', CertsRequires).relations;
        if (!relation || !foreign) throw new Error('there are two relations');
        const request = requests.create(relation, { requestId: 'r', cn: 'a' });
        const wrong = { commonName: 'a' } as object;
        expect(() => requests.create(relation, wrong)).toThrow(
          'cannot create a request on relation "certs:0": there is no field "commonName"; there are "cn", "sans"',
        );
        expect(() => request.update(wrong)).toThrow(
          'cannot change request "r": there is no field "commonName"',
        );
        expect(() => requests.find(wrong)).toThrow('cannot find requests: there is no field "commonName"');
        expect(() => requests.create(foreign, { cn: 'a' })).toThrow(
          'cannot create a request on relation "others:1": it belongs to another endpoint than "certs"',
        );
        expect(() => requests.create(relation, { requestId: '' })).toThrow('its id cannot be empty');
        expect(() => requests.createOrUpdate(relation, { match: ['sans'], fields: { cn: 'a' } })).toThrow(
          'cannot find the request to update on relation "certs:0": no value is given for "sans"',
        );
        expect(() => requests.createOrUpdate(relation, { match: [], fields: { cn: 'a' } })).toThrow(
          'name the fields to find it by',
        );
        expect(() =>
          requests.createOrUpdate(relation, { match: ['cn'], fields: { cn: 'a', requestId: 'r2' } }),
        ).toThrow('cannot give request "r" the id "r2": an id stays');
        expect(() => request.respond({ cert: 'c' })).toThrow(
          'cannot respond to request "r": this side made it, and answering is for the other',
        );
        expect(() => {
          (request as { requestId: string }).requestId = 'r2';
        }).toThrow(TypeError);
      },
    );
    expect(side.published()).toEqual({ request_r: '{"cn": "a", "request_id": "r"}' });
  });
});

describe('finding requests', () => {
  test('find and findAll compare as Python does, take several fields, and look at one relation where it is given', async () => {
    const side = makeRequester();
    side.trial.putUnit('certs:10', 'ca/0', {});
    const seen = await side.during(
      (trial) => trial.join('certs:2', 'ca/0'),
      (certs) => {
        for (const relation of certs.relations) {
          for (const [id, cn, sans] of [
            ['x', 'a', []],
            ['y', 'a', ['s']],
            ['z', 'b', ['s']],
          ] as const) {
            certs.requests.create(relation, { requestId: `${id}@${relation.relationId}`, cn, sans });
          }
        }
        const second = certs.relations.get('certs:10');
        return {
          first: certs.requests.find({ cn: 'a' })?.requestId,
          inSecond: certs.requests.find({ cn: 'a' }, second)?.requestId,
          both: ids(certs.requests.findAll({ cn: 'a', sans: ['s'] })),
          all: ids(certs.requests.findAll({}, second)),
          byId: ids(certs.requests.findAll({ requestId: 'z@certs:2' })),
          none: certs.requests.find({ cn: null }),
          wrongRelation: certs.requests.get('z@certs:2', second),
        };
      },
    );
    expect(seen).toEqual({
      first: 'x@certs:2',
      inSecond: 'x@certs:10',
      both: ['y@certs:2', 'y@certs:10'],
      all: ['x@certs:10', 'y@certs:10', 'z@certs:10'],
      byId: ['z@certs:2'],
      none: undefined,
      wrongRelation: undefined,
    });
  });

  test('one id on two relations is two requests', async () => {
    const side = makeRequester();
    side.trial.putUnit('certs:1', 'db/0', {});
    const counts = await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => {
        ask(certs, { requestId: 'r' });
        return [certs.requests.length, certs.relations.map((relation) => certs.requests.get('r', relation))];
      },
    );
    expect(counts[0]).toBe(2);
    expect(new Set(counts[1] as unknown[]).size).toBe(2);
  });

  test('B29: createOrUpdate in a loop over relations makes one request on each, and later updates each', async () => {
    const side = makeRequester();
    side.trial.putUnit('certs:1', 'db/0', {});
    const askAll = (sans: string[]) => (certs: CertsRequires) =>
      certs.relations.map(
        (relation) =>
          certs.requests.createOrUpdate(relation, { match: ['cn'], fields: { cn: 'a', sans } }).requestId,
      );
    const made = await side.during((trial) => trial.join('certs:0', 'ca/0'), askAll(['x']));
    const updated = await side.during((trial) => trial.run('update-status'), askAll(['y']));
    expect(updated).toEqual(made);
    expect(new Set(made).size).toBe(2);
    expect(['certs:0', 'certs:1'].map((relation) => Object.values(side.published(relation)))).toEqual(
      made.map((id) => [`{"cn": "a", "request_id": "${id}", "sans": ["y"]}`]),
    );
  });

  test('B30: two endpoints of one interface keep their requests apart', async () => {
    const side = makeRequester({ endpoints: ['certs', 'more-certs'] });
    side.trial.putUnit('more-certs:1', 'ca/0', {});
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => ask(certs, { cn: 'a' }),
    );
    const seen = await side.during(
      (trial) => trial.run('update-status'),
      (_, unit) => ['certs', 'more-certs'].map((name) => unit.endpoint(name, CertsRequires).requests.length),
    );
    expect(seen).toEqual([1, 0]);
    expect(side.requestFlags('certs')).toEqual([]);
    expect(side.requestFlags('more-certs')).toEqual(['all_responses']);
  });
});

describe('responses', () => {
  test('a response is found by its request, by a field of it and by its id, the first joined unit that has it counting', async () => {
    const side = makeRequester();
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => ask(certs, { requestId: 'r1', cn: 'a', sans: ['s'] }, { requestId: 'r2', cn: 'b' }),
    );
    side.trial.putUnit('certs:0', 'ca/10', { response_r1: '{"cert": "ten"}' });
    const seen = await side.during(
      (trial) => trial.change('certs:0', 'ca/2', { response_r1: '{"cert": "two", "key": {"pem": "p"}}' }),
      (certs, unit) => {
        const [response] = certs.responses;
        return {
          count: certs.responses.length,
          cert: response?.cert,
          pem: response?.key?.pem,
          request: response?.request === certs.requests.get('r1'),
          sides: [response?.isCreated, response?.isReceived],
          byField: certs.responseByCn('a') === response,
          bySans: certs.responseBySans(['s'], certs.relations[0]) === response,
          byFields: certs.responseBy({ cn: 'a', sans: ['s'] }) === response,
          byId: certs.responseByRequestId('r1') === response,
          unanswered: certs.responseByCn('b'),
          unknown: certs.responseByCn('c'),
          flags: unit.flags.list().filter((flag) => flag.endsWith('_responses')),
        };
      },
    );
    expect(seen).toEqual({
      count: 1,
      cert: 'two',
      pem: 'p',
      request: true,
      sides: [false, true],
      byField: true,
      bySans: true,
      byFields: true,
      byId: true,
      unanswered: undefined,
      unknown: undefined,
      flags: ['endpoint.certs.has_responses'],
    });
  });

  test('a response that was received can be read only', async () => {
    const side = makeRequester();
    side.trial.tools.published = { 'certs:0': { unit: { request_r: '{"request_id": "r"}' }, app: {} } };
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0', { response_r: '{"cert": "c", "key": {"pem": "p"}}' }),
      (certs) => {
        const [response] = certs.responses;
        if (!response) throw new Error('there is a response');
        expect(() => {
          response.cert = 'd';
        }).toThrow(
          'cannot change the response to request "r": the other side made it, and only reading is ours',
        );
        expect(() => response.withdraw()).toThrow('cannot withdraw the response to request "r"');
        expect(() => {
          (response.key as { pem: string }).pem = 'q';
        }).toThrow(TypeError);
        expect(response.toJSON()).toEqual({ cert: 'c', key: { pem: 'p' } });
      },
    );
  });

  test('B31: all_responses is set while there is no request, kept as charms know it', async () => {
    const side = makeRequester();
    await side.trial.run('install');
    expect(side.requestFlags()).toEqual(['all_responses']);
  });

  test('Q24: the flags are refreshed at the start of every hook, and of no hook while it runs', async () => {
    const side = makeRequester();
    await side.trial.join('certs:0', 'ca/0');
    const flags = await side.during(
      (trial) => trial.run('update-status'),
      (certs, unit) => {
        ask(certs, { requestId: 'r' });
        return unit.flags.isSet('endpoint.certs.all_responses');
      },
    );
    expect(flags).toBe(true);
    await side.trial.run('update-status');
    expect(side.requestFlags()).toEqual([]);
    await side.trial.change('certs:0', 'ca/0', { response_r: '{}' });
    expect(side.requestFlags()).toEqual(['all_responses', 'has_responses']);
    await side.during(
      (trial) => trial.run('update-status'),
      (_, unit) => unit.flags.clear('endpoint.certs.has_responses'),
    );
    expect(side.requestFlags()).toEqual(['all_responses']);
    await side.trial.run('config-changed');
    expect(side.requestFlags()).toEqual(['all_responses', 'has_responses']);
  });

  test('in the hook in which the last unit departs, requests on that relation still count and can be withdrawn', async () => {
    const side = makeRequester();
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => ask(certs, { requestId: 'r', cn: 'a' }),
    );
    const seen = await side.during(
      (trial) => trial.depart('certs:0', 'ca/0'),
      (certs) => {
        const found = ids(certs.requests);
        certs.requests.get('r')?.withdraw();
        return [certs.relations.length, found, certs.requests.length];
      },
    );
    expect(seen).toEqual([0, ['r'], 0]);
    expect(side.requestFlags()).toEqual([]);
    expect(side.published()).toEqual({});
  });

  test('B33: a request that is withdrawn leaves the databag and the list, and cannot be changed any more', async () => {
    const side = makeRequester();
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (certs) => ask(certs, { requestId: 'r1', cn: 'a' }, { requestId: 'r2', cn: 'a' }),
    );
    await side.during(
      (trial) => trial.change('certs:0', 'ca/0', { response_r1: '{}' }),
      (certs) => {
        const request = certs.requests.get('r1');
        request?.withdraw();
        request?.withdraw();
        expect(request?.isWithdrawn).toBe(true);
        expect(() => request?.update({ cn: 'b' })).toThrow('cannot change request "r1": it was withdrawn');
        expect([ids(certs.requests), certs.responses, certs.requests.find({ cn: 'a' })?.requestId]).toEqual([
          ['r2'],
          [],
          'r2',
        ]);
      },
    );
    expect(Object.keys(side.published())).toEqual(['request_r2']);
  });

  test('the addresses of a request of ours are those Juju put into our databag', async () => {
    const side = makeRequester();
    side.trial.tools.published = {
      'certs:0': {
        unit: { 'ingress-address': '10.0.0.1', request_r: '{"request_id": "r"}' },
        app: {},
      },
    };
    const addresses = await side.during(
      (trial) => trial.join('certs:0', 'ca/0', { 'ingress-address': '10.0.0.9' }),
      (certs) => [certs.requests.get('r')?.ingressAddress, certs.requests.get('r')?.egressSubnets],
    );
    expect(addresses).toEqual(['10.0.0.1', null]);
  });
});
