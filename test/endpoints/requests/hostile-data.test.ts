import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bag, makeRequester, makeResponder, wireRequest } from './certs.ts';

const deep = (levels: number): string => `{"request_id":"q","cn":${'['.repeat(levels)}${']'.repeat(levels)}}`;

const GARBAGE: Readonly<Record<string, string>> = {
  'no JSON': 'garbage',
  'half a request': '{"cn": "a.local", "request_id": "q',
  'an empty object': '{}',
  null: 'null',
  'a number': '1e400',
  NaN: 'NaN',
  'a text': '"request_id"',
  'a list': '["request_id", "q"]',
  'an id of another type': '{"request_id": 1}',
  'an id that is a list': '{"request_id": ["q"]}',
  'the id of another request': '{"request_id": "r"}',
  'an id in the prototype': '{"__proto__": {"request_id": "q"}}',
  'JSON of 100,000 levels': deep(100_000),
  bytes: '\u0000\u0001\ud800',
};

describe('B34: what is malformed is skipped, flagged and logged, and the hook goes on', () => {
  test.each(Object.entries(GARBAGE))('B34: a request that is %s', async (_, text) => {
    const side = makeResponder();
    const good = wireRequest('good', { cn: 'a.local' });
    const seen = await side.during(
      (trial) => trial.join('certs:0', 'web/0', { request_q: text, ...good }),
      (certs) => Array.from(certs.allRequests, ({ requestId }) => requestId),
    );
    expect(seen).toEqual(['good']);
    expect(side.requestFlags()).toEqual(['has_requests', 'malformed_requests', 'new_requests']);
    expect(side.warnings()).toEqual([
      expect.stringMatching(
        /^skipping malformed requests of unit web\/0 in relation certs:0: "request_q": i/,
      ),
    ]);
    await side.trial.change('certs:0', 'web/0', good);
    expect(side.requestFlags()).toEqual(['has_requests', 'new_requests']);
  });

  test.each(
    Object.entries(GARBAGE).filter(
      ([, text]) => !text.startsWith('{') || text.includes('half') || text.length > 99_999,
    ),
  )('B34: a response that is %s', async (_, text) => {
    const side = makeRequester();
    side.trial.tools.published = {
      'certs:0': { unit: { ...wireRequest('q'), ...wireRequest('r') }, app: {} },
    };
    await side.trial.join('certs:0', 'ca/0', {
      response_q: text,
      response_r: '{}',
      response_other: 'garbage',
    });
    expect(side.requestFlags()).toEqual(['has_responses', 'malformed_responses']);
    expect(side.warnings()).toEqual([
      'skipping malformed responses of unit ca/0 in relation certs:0: "response_q": it is no JSON object',
    ]);
  });

  test('B34: a request without an id', async () => {
    const side = makeResponder();
    await side.trial.join('certs:0', 'web/0', wireRequest(''));
    expect(side.requestFlags()).toEqual(['malformed_requests']);
    expect(side.warnings()).toEqual([expect.stringContaining('"request_": it has no id')]);
  });

  test('a thousand malformed requests make one warning, which repeats no value', async () => {
    const side = makeResponder();
    const bag = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`request_${'x'.repeat(100)}${index}`, 'password']),
    );
    await side.trial.join('certs:0', 'web/0', bag);
    expect(side.warnings()).toHaveLength(1);
    expect(side.warnings()[0]).toMatch(/; and 997 more$/);
    expect(side.warnings()[0]).not.toContain('password');
    expect(side.warnings()[0]?.length).toBeLessThan(600);
  });

  test('garbage in our own databag is no request and no response, and no reason to fail', async () => {
    const requester = makeRequester();
    requester.trial.tools.published = {
      'certs:0': { unit: { request_timeout: '5', request_q: '{"request_id": "r"}' }, app: {} },
    };
    await requester.trial.join('certs:0', 'ca/0', { response_q: '{}' });
    expect(requester.requestFlags()).toEqual(['all_responses']);
    expect(Object.keys(requester.published())).toEqual(['request_timeout', 'request_q']);

    const responder = makeResponder();
    responder.trial.tools.published = { 'certs:0': { unit: { response_q: '[half' }, app: {} } };
    const answered = await responder.during(
      (trial) => trial.join('certs:0', 'web/0', wireRequest('q')),
      (certs) => certs.newRequests.map((request) => request.respond({ cert: 'c' }).cert),
    );
    expect(answered).toEqual(['c']);
    expect(responder.published()).toEqual({ response_q: '{"cert": "c"}' });
  });
});

const NASTY = ['__proto__', 'constructor', 'prototype', 'toString', 'request_id', 'cn', 'sans', 'q', ''];
const nastyName = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 20 }));
const nastyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, 'q', 1e308),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(nastyName, tie('value')), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;
const nastyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  nastyJson.map((value) => JSON.stringify(value)),
  fc
    .tuple(
      nastyJson.map((value) => JSON.stringify(value)),
      fc.nat(40),
    )
    .map(([text, length]) => text.slice(0, length)),
  fc.tuple(nastyName, nastyJson).map(([id, value]) => JSON.stringify({ cn: value, request_id: id })),
  fc.integer({ min: 850, max: 5000 }).map(deep),
);
const nastyBag = fc
  .array(fc.tuple(fc.constantFrom('request_', 'response_', ''), nastyName, nastyText), { maxLength: 6 })
  .map(
    (entries): Bag =>
      Object.fromEntries(entries.map(([prefix, name, text]) => [prefix + name || 'key', text])),
  );

test('B34: no databag of the other side fails a hook, touches a prototype or comes out as an ill-typed request', async () => {
  const responder = makeResponder();
  const requester = makeRequester();
  const own = {
    ...wireRequest('q', { cn: 'a' }),
    ...wireRequest('__proto__'),
    ...wireRequest('constructor'),
  };
  requester.trial.tools.published = { 'certs:0': { unit: own, app: {} } };
  const untouched = Object.getOwnPropertyNames(Object.prototype).join();
  const property = fc.asyncProperty(nastyBag, nastyBag, async (first, second) => {
    responder.trial.putUnit('certs:0', 'web/1', second);
    await responder.during(
      (trial) => trial.change('certs:0', 'web/0', first),
      (certs) => {
        for (const request of certs.allRequests) {
          const { requestId } = request;
          const bag = request.remoteUnit?.unitName === 'web/0' ? first : second;
          expect(JSON.parse(bag[`request_${requestId}`] ?? 'null').request_id).toBe(requestId);
          expect(certs.allRequests.find({ requestId })).toBe(request);
          expect(JSON.stringify(request)).toContain('request_id');
          expect(request.respond({ cert: requestId }).cert).toBe(requestId);
        }
      },
    );
    requester.trial.putUnit('certs:0', 'ca/1', second);
    await requester.during(
      (trial) => trial.change('certs:0', 'ca/0', first),
      (certs) => {
        expect(Array.from(certs.requests, ({ requestId }) => requestId)).toEqual([
          '__proto__',
          'constructor',
          'q',
        ]);
        for (const response of certs.responses)
          expect(response.toJSON()).toEqual({ cert: response.cert, key: response.key });
      },
    );
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(untouched);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
  await fc.assert(property, { numRuns: 150 });
});
