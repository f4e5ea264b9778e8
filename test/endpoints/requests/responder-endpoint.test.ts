import { describe, expect, test } from 'vitest';
import { makeCharm, TrialUnit } from '../../charm/trial-unit.ts';
import { CertsProvides, makeResponder, wireRequest } from './certs.ts';

const ids = (requests: Iterable<{ readonly requestId: string }>): string[] =>
  Array.from(requests, ({ requestId }) => requestId);

function answerNew(certs: CertsProvides): string[] {
  return certs.newRequests.map((request) => {
    request.respond({ cert: `for ${request.cn}`, key: { pem: 'p' } });
    return request.requestId;
  });
}

describe('requests that were received', () => {
  test('the requests of all units of all relations are there, in order of id, typed and read-only', async () => {
    const side = makeResponder();
    side.trial.putUnit('certs:1', 'db/0', wireRequest('a', { cn: 'db.local' }));
    const seen = await side.during(
      (trial) =>
        trial.join('certs:0', 'web/0', {
          ...wireRequest('c', { cn: 'c.local', sans: ['x'], more: 1 }),
          ...wireRequest('b'),
          'ingress-address': '10.0.0.9',
          'egress-subnets': '10.0.0.9/32,10.1.0.0/16',
          unrelated: 'text',
        }),
      (certs) => {
        const request = certs.allRequests.get('c');
        if (!request) throw new Error('there is a request');
        expect(() => {
          request.cn = 'd';
        }).toThrow('cannot change request "c": the other side made it, and only reading is ours');
        expect(() => request.withdraw()).toThrow('cannot withdraw request "c"');
        expect(() => (request.sans as string[]).push('y')).toThrow(TypeError);
        return {
          ids: ids(certs.allRequests),
          json: request.toJSON(),
          sides: [request.isCreated, request.isReceived],
          from: [request.remoteUnit?.unitName, request.relation.relationId],
          addresses: [request.ingressAddress, request.egressSubnets],
          others: [certs.allRequests.get('a')?.ingressAddress, certs.allRequests.get('b')?.cn],
          found: ids(certs.allRequests.findAll({ cn: 'db.local' })),
          elsewhere: certs.allRequests.find({ cn: 'db.local' }, request.relation),
        };
      },
    );
    expect(seen).toEqual({
      ids: ['a', 'b', 'c'],
      json: { cn: 'c.local', sans: ['x'], request_id: 'c' },
      sides: [false, true],
      from: ['web/0', 'certs:0'],
      addresses: ['10.0.0.9', '10.0.0.9/32,10.1.0.0/16'],
      others: [null, null],
      found: ['a'],
      elsewhere: undefined,
    });
  });

  test('of two units with one id the later counts, and of two relations too; the hidden one is found on its relation', async () => {
    const side = makeResponder();
    side.trial.putUnit('certs:0', 'web/10', wireRequest('q', { cn: 'ten' }));
    side.trial.putUnit('certs:0', 'web/9', wireRequest('q', { cn: 'nine' }));
    const one = await side.during(
      (trial) => trial.run('update-status'),
      (certs) => [certs.allRequests.length, certs.allRequests.get('q')?.cn],
    );
    side.trial.putUnit('certs:3', 'db/0', wireRequest('q', { cn: 'three' }));
    const two = await side.during(
      (trial) => trial.run('update-status'),
      (certs) => [
        certs.allRequests.length,
        certs.allRequests.get('q')?.cn,
        certs.allRequests.get('q', certs.relations.get('certs:0'))?.cn,
        ids(certs.allRequests.findAll({ cn: 'ten' })),
      ],
    );
    expect([one, two]).toEqual([
      [1, 'ten'],
      [1, 'three', 'ten', []],
    ]);
  });

  test('a relation whose requests cannot be read any more has none, and the hook goes on', async () => {
    const side = makeResponder();
    await side.trial.join('certs:0', 'web/0', wireRequest('q'));
    await side.trial.depart('certs:0', 'web/0');
    expect(side.requestFlags()).toEqual([]);
    await side.trial.break('certs:0');
    expect(side.requestFlags()).toEqual([]);
  });
});

describe('responding', () => {
  test('a response goes out as the JSON Python writes, keys sorted, with only the fields given; null is null', async () => {
    const side = makeResponder();
    await side.during(
      (trial) => trial.join('certs:0', 'web/0', { ...wireRequest('q1'), ...wireRequest('q2') }),
      (certs) => {
        certs.allRequests.get('q1')?.respond({ key: null, cert: 'c' });
        certs.allRequests.get('q2')?.respond({});
      },
    );
    expect(side.published()).toEqual({ response_q1: '{"cert": "c", "key": null}', response_q2: '{}' });
  });

  test('a request that was answered is not new; answering again, or assigning a field, changes the answer', async () => {
    const side = makeResponder();
    const seen = await side.during(
      (trial) => trial.join('certs:0', 'web/0', { ...wireRequest('q1'), ...wireRequest('q2') }),
      (certs) => {
        const request = certs.allRequests.get('q1');
        const response = request?.respond({ cert: 'first', key: { pem: 'p' } });
        request?.respond({ cert: 'second' });
        if (response) response.cert += ' and third';
        return {
          new: ids(certs.newRequests),
          same: request?.response === response && response?.request === request,
          json: response?.toJSON(),
          sides: [response?.isCreated, response?.isReceived],
        };
      },
    );
    expect(seen).toEqual({
      new: ['q2'],
      same: true,
      json: { cert: 'second and third', key: null },
      sides: [true, false],
    });
    expect(side.published()).toEqual({ response_q1: '{"cert": "second and third"}' });
    expect(await side.during((trial) => trial.run('update-status'), answerNew)).toEqual(['q2']);
  });

  test('what cannot be right is refused by name', async () => {
    const side = makeResponder();
    await side.during(
      (trial) => trial.join('certs:0', 'web/0', wireRequest('q')),
      (certs) => {
        const wrong = { certificate: 'c' } as object;
        expect(() => certs.newRequests[0]?.respond(wrong)).toThrow(
          'cannot respond to request "q": there is no field "certificate"; there are "cert", "key"',
        );
        expect(certs.newRequests[0]?.response).toBeUndefined();
      },
    );
    expect(side.published()).toEqual({});
  });

  test('each relation gets the answers to its own requests', async () => {
    const side = makeResponder();
    side.trial.putUnit('certs:1', 'db/0', wireRequest('b', { cn: 'b' }));
    await side.during((trial) => trial.join('certs:0', 'web/0', wireRequest('a', { cn: 'a' })), answerNew);
    expect([side.published('certs:0'), side.published('certs:1')]).toEqual([
      { response_a: '{"cert": "for a", "key": {"pem": "p"}}' },
      { response_b: '{"cert": "for b", "key": {"pem": "p"}}' },
    ]);
  });

  test('B30: two endpoints of one interface keep their requests apart', async () => {
    const side = makeResponder({ endpoints: ['certs', 'more-certs'] });
    side.trial.putUnit('more-certs:1', 'db/0', {});
    const seen = await side.during(
      (trial) => trial.join('certs:0', 'web/0', wireRequest('q')),
      (certs) => ids(certs.newRequests),
    );
    expect(seen).toEqual(['q']);
    expect([side.requestFlags('certs'), side.requestFlags('more-certs')]).toEqual([
      ['has_requests', 'new_requests'],
      [],
    ]);
  });
});

describe('the flags', () => {
  test('B32: new_requests stays set in the hook that answers, kept as charms know it, and is cleared at the next', async () => {
    const side = makeResponder();
    const during = await side.during(
      (trial) => trial.join('certs:0', 'web/0', wireRequest('q')),
      (certs, unit) => {
        answerNew(certs);
        return unit.flags.list().filter((flag) => flag.endsWith('_requests'));
      },
    );
    expect(during).toEqual(['endpoint.certs.has_requests', 'endpoint.certs.new_requests']);
    expect(side.requestFlags()).toEqual(['has_requests', 'new_requests']);
    await side.trial.run('update-status');
    expect(side.requestFlags()).toEqual(['has_requests']);
  });

  test('B32: a request that is edited after its answer is not new, kept as charms know it', async () => {
    const side = makeResponder();
    await side.during((trial) => trial.join('certs:0', 'web/0', wireRequest('q', { cn: 'a' })), answerNew);
    const seen = await side.during(
      (trial) => trial.change('certs:0', 'web/0', wireRequest('q', { cn: 'b' })),
      (certs) => [ids(certs.newRequests), certs.allRequests.get('q')?.cn],
    );
    expect(seen).toEqual([[], 'b']);
    expect(side.requestFlags()).toEqual(['has_requests']);
  });

  test('Q24: the flags are refreshed in every hook, not only in those of the relation', async () => {
    const side = makeResponder();
    await side.trial.join('certs:0', 'web/0');
    expect(side.requestFlags()).toEqual([]);
    await side.trial.change('certs:0', 'web/0', wireRequest('q'));
    expect(side.requestFlags()).toEqual(['has_requests', 'new_requests']);
    await side.during(
      (trial) => trial.run('update-status'),
      (_, unit) => unit.flags.clear('endpoint.certs.new_requests'),
    );
    expect(side.requestFlags()).toEqual(['has_requests']);
    await side.trial.run('config-changed');
    expect(side.requestFlags()).toEqual(['has_requests', 'new_requests']);
  });
});

describe('B33: what is answered goes with its request', () => {
  test('B33: a response is withdrawn in the hook that finds its request gone, and the others stay', async () => {
    const side = makeResponder();
    await side.during(
      (trial) => trial.join('certs:0', 'web/0', { ...wireRequest('q1'), ...wireRequest('q2') }),
      answerNew,
    );
    await side.trial.change('certs:0', 'web/0', wireRequest('q2'));
    expect(Object.keys(side.published())).toEqual(['response_q2']);
  });

  test('B33: it is withdrawn as its unit departs, the last one included, unless another unit asks the same', async () => {
    const side = makeResponder();
    side.trial.putUnit('certs:0', 'web/1', { ...wireRequest('q1'), ...wireRequest('q2') });
    await side.during((trial) => trial.join('certs:0', 'web/0', wireRequest('q1')), answerNew);
    await side.trial.depart('certs:0', 'web/1');
    expect(Object.keys(side.published())).toEqual(['response_q1']);
    await side.trial.depart('certs:0', 'web/0');
    expect(side.published()).toEqual({});
  });

  test('B33: a request that is only malformed for now is not gone: its response stays', async () => {
    const side = makeResponder();
    await side.during((trial) => trial.join('certs:0', 'web/0', wireRequest('q')), answerNew);
    await side.trial.change('certs:0', 'web/0', { request_q: '{"half' });
    expect(Object.keys(side.published())).toEqual(['response_q']);
    expect(side.requestFlags()).toEqual(['malformed_requests']);
  });

  test('B33: other keys of the databag, and the responses on other relations, are left alone', async () => {
    const side = makeResponder();
    side.trial.putUnit('certs:1', 'db/0', wireRequest('b'));
    await side.during(
      (trial) => trial.join('certs:0', 'web/0', wireRequest('a')),
      (certs) => {
        answerNew(certs);
        for (const { toPublish } of certs.relations) Object.assign(toPublish, { note: 1, response_time: 2 });
      },
    );
    await side.trial.change('certs:0', 'web/0', {});
    expect([side.published('certs:0'), Object.keys(side.published('certs:1')).sort()]).toEqual([
      { note: '1', response_time: '2' },
      ['note', 'response_b', 'response_time'],
    ]);
  });

  test('B33: what another endpoint publishes is left alone in the hooks of its relations', async () => {
    const charm = makeCharm({
      metadata: { provides: { certs: { interface: 'certs' }, other: { interface: 'other' } } },
      interfaces: { 'provides/certs': CertsProvides },
    });
    const trial = new TrialUnit(charm, { unit: 'ca/0' });
    trial.tools.published = { 'other:0': { unit: { response_q: '{"cert": "c"}' }, app: {} } };
    await trial.join('other:0', 'web/0');
    expect(trial.published('other:0').unit).toEqual({ response_q: '{"cert": "c"}' });
  });

  test('B33: a response that is withdrawn by hand makes its request new again', async () => {
    const side = makeResponder();
    await side.during((trial) => trial.join('certs:0', 'web/0', wireRequest('q')), answerNew);
    const seen = await side.during(
      (trial) => trial.run('update-status'),
      (certs) => {
        const request = certs.allRequests.get('q');
        const response = request?.response;
        response?.withdraw();
        return [response?.isWithdrawn, request?.response, ids(certs.newRequests)];
      },
    );
    expect(seen).toEqual([true, undefined, ['q']]);
    expect(side.published()).toEqual({});
  });
});
