import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Endpoint, type JsonValue, type ReceivedData } from 'charms-reactive';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeValue, makeReceivedViews } from '../../src/relations/received-data.ts';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

const bag = {
  host: '"10.0.0.1"',
  port: '6379',
  plain: 'not json',
  deep: '{"b": [1, {"c": null}], "a": true}',
  empty: '',
};

test('Q17: a key that is not there reads as null, in both views', () => {
  const { decoded, raw } = makeReceivedViews(bag);
  expect(decoded.missing).toBeNull();
  expect(raw.missing).toBeNull();
  expect('missing' in decoded).toBe(false);
  expect('missing' in raw).toBe(false);
});

test('Q17: values are decoded from JSON, and text that is none is given as it is', () => {
  const { decoded, raw } = makeReceivedViews(bag);
  expect({ ...decoded }).toEqual({
    host: '10.0.0.1',
    port: 6379,
    plain: 'not json',
    deep: { b: [1, { c: null }], a: true },
    empty: '',
  });
  expect({ ...raw }).toEqual(bag);
});

test.each([
  ['1', 1],
  ['-1.5e3', -1500],
  ['true', true],
  ['null', null],
  ['""', ''],
  ['[]', []],
  [' 1 ', 1],
  ['1 2', '1 2'],
  ['01', '01'],
  ['0x10', '0x10'],
  ['+1', '+1'],
  ['.5', '.5'],
  ["'a'", "'a'"],
  ['True', 'True'],
  ['undefined', 'undefined'],
  ['{"a": 1', '{"a": 1'],
  ['{"a": 1}}', '{"a": 1}}'],
  ['[1,]', '[1,]'],
  ['"\u0001"', '"\u0001"'],
  ['NaN', Number.NaN],
  ['[-Infinity, "NaN"]', [-Infinity, 'NaN']],
  ['{"a": 1, "a": 2}', { a: 2 }],
  ['10.0.0.1', '10.0.0.1'],
  ['\ufeff1', '\ufeff1'],
])('decodes %j as Python does', (text, value) => {
  expect(decodeValue(text)).toEqual(value);
});

test('lists, counts and copies only the keys that are there', () => {
  const { decoded, raw } = makeReceivedViews(bag);
  for (const view of [decoded, raw]) {
    expect(Object.keys(view)).toEqual(Object.keys(bag));
    expect(Reflect.ownKeys(view)).toEqual(Object.keys(bag));
    expect('host' in view).toBe(true);
    expect(Object.hasOwn(view, 'host')).toBe(true);
    expect(Object.hasOwn(view, 'toString')).toBe(false);
    const seen: string[] = [];
    for (const key in view) seen.push(key);
    expect(seen).toEqual(Object.keys(bag));
  }
  expect(JSON.parse(JSON.stringify(decoded))).toEqual({ ...decoded });
  expect(JSON.parse(JSON.stringify(raw))).toEqual(bag);
  expect(Object.entries(decoded)).toHaveLength(5);
  const { host, ...rest } = decoded;
  expect(host).toBe('10.0.0.1');
  expect(Object.keys(rest)).toEqual(['port', 'plain', 'deep', 'empty']);
});

const names = [
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'then',
  'toJSON',
  'hasOwnProperty',
  'length',
  '0',
  '{endpoint_name}',
];

test.each(names)('the key %s means nothing but itself', async (key) => {
  const none = makeReceivedViews({});
  expect(none.decoded[key]).toBeNull();
  expect(none.raw[key]).toBeNull();
  expect(key in none.decoded).toBe(false);
  const one = makeReceivedViews(JSON.parse(`{${JSON.stringify(key)}: "[1]"}`) as Record<string, string>);
  expect(one.decoded[key]).toEqual([1]);
  expect(one.raw[key]).toBe('[1]');
  expect(Object.keys(one.decoded)).toEqual([key]);
  expect(JSON.stringify(one.decoded)).toBe(`{${JSON.stringify(key)}:[1]}`);
  expect(await one.decoded).toBe(one.decoded);
  expect(Object.keys({ ...one.raw })).toEqual([key]);
});

test('a hostile object in a value keeps its keys, and reaches no prototype', () => {
  const text = '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "toString": 1}';
  const value = decodeValue(text) as Record<string, JsonValue>;
  expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'toString']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.getPrototypeOf({ ...value })).toBe(Object.prototype);
});

test('writes to either view throw and name the key', () => {
  const { decoded, raw } = makeReceivedViews(bag);
  for (const view of [decoded, raw] as Record<string, unknown>[]) {
    for (const act of [
      () => (view.host = 'x'),
      () => (view.added = 'x'),
      () => delete view.host,
      () => delete view.missing,
      () => Object.assign(view, { host: 'x' }),
      () => Object.defineProperty(view, 'host', { value: 'x' }),
    ]) {
      expect(act).toThrow(TypeError);
    }
    expect(() => (view.host = 'x')).toThrow('"host"');
    expect(Object.keys(view)).toEqual(Object.keys(bag));
  }
});

test('values are frozen all the way down', () => {
  const { deep } = makeReceivedViews(bag).decoded as { deep: { a: unknown; b: unknown[] } };
  expect(() => (deep.a = 1)).toThrow(TypeError);
  expect(() => deep.b.push(1)).toThrow(TypeError);
  expect(() => ((deep.b[1] as { c: unknown }).c = 1)).toThrow(TypeError);
});

test('a value is decoded once: it is the same object each time', () => {
  const { decoded } = makeReceivedViews(bag);
  expect(decoded.deep).toBe(decoded.deep);
  const empty = makeReceivedViews({ nothing: 'null' }).decoded;
  expect(empty.nothing).toBeNull();
  expect('nothing' in empty).toBe(true);
});

test('whoever tries to freeze a view, or to give it a prototype, can still read it', () => {
  for (const tamper of [
    (view: ReceivedData) => Object.freeze(view),
    (view: ReceivedData) => Object.seal(view),
    (view: ReceivedData) => Object.preventExtensions(view),
    (view: ReceivedData) => Object.setPrototypeOf(view, { host: 'x', other: 'x' }),
  ]) {
    const { decoded } = makeReceivedViews(bag);
    try {
      tamper(decoded);
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
    expect(Object.keys(decoded)).toEqual(Object.keys(bag));
    expect(decoded.host).toBe('10.0.0.1');
    expect(decoded.other).toBeNull();
    expect('other' in decoded).toBe(false);
  }
});

test('any JSON that Python would write comes back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(decodeValue(text))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

const halfJson = [
  `'"' + '\\\\"'.repeat(n)`,
  `'['.repeat(n)`,
  `'{"a":'.repeat(n)`,
  `'['.repeat(n) + ']'.repeat(n)`,
  `'"'.repeat(n + 1)`,
  `'NaN' + '"\\\\"'.repeat(n)`,
  `'-'.repeat(n)`,
  `'"a" '.repeat(n) + '"'`,
  `'[' + 'NaN,'.repeat(n)`,
];

/** In a process that can be ended, which says which texts it has decoded: a text that takes minutes would hold this one up. */
test('a text that only begins like JSON is given as it is, however long, and soon', () => {
  const program = `
    import { decodeValue } from ${JSON.stringify(new URL('../../src/relations/received-data.ts', import.meta.url))};
    const n = 200_000;
    const texts = [${halfJson.map((expression) => `() => ${expression}`).join()}];
    for (const [index, make] of texts.entries()) {
      const text = make();
      console.log(index, decodeValue(text) === text);
    }
  `;
  const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
  const { error, stdout, stderr } = spawnSync(node, ['--input-type=module', '--eval', program], {
    timeout: 20_000,
    encoding: 'utf8',
  });
  const decoded = halfJson.map((_, index) => `${index} true`);
  expect([error?.message, stdout.trim().split('\n'), stderr]).toEqual([undefined, decoded, '']);
});

test('a JSON string of 16 MB is decoded like a short one', () => {
  const long = 'x'.repeat(16_000_000);
  expect(decodeValue(JSON.stringify(long)) === long).toBe(true);
});

test('a string is never read as a number, whatever characters are in it', () => {
  for (const text of [
    '\u{F8FF}charms-reactive special number 1',
    '\u{F8FF}charms-reactive special number NaN',
    'NaN',
  ]) {
    expect(decodeValue(JSON.stringify(text))).toBe(text);
    expect(decodeValue(JSON.stringify([text, Number.MAX_VALUE]))).toEqual([text, Number.MAX_VALUE]);
  }
  expect(decodeValue('[NaN, "\u{F8FF}charms-reactive special number 7"]')).toEqual([
    Number.NaN,
    '\u{F8FF}charms-reactive special number 7',
  ]);
});

test('what is received reads alike in every hook, and asks Juju once a hook', async () => {
  const seen: unknown[] = [];
  class Reader extends Endpoint {
    override manageFlags(): void {
      const [unit] = this.allJoinedUnits;
      seen.push(unit?.received.host, unit?.received.host, unit?.receivedRaw.host);
    }
  }
  const unit = new TrialUnit(
    makeCharm({ metadata: { requires: { db: 'redis' } }, interfaces: { 'requires/redis': Reader } }),
  );
  let reads = 0;
  unit.wrap = (tools) =>
    new Proxy(tools, {
      get: (target, name) => {
        if (name === 'relationGet') reads += 1;
        return Reflect.get(target, name).bind(target);
      },
    });
  await unit.join('db:1', 'redis/0', bag);
  expect(seen).toEqual(['10.0.0.1', '10.0.0.1', '"10.0.0.1"']);
  expect(reads).toBe(1);
});
