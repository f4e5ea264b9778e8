import {
  defineLayer,
  Endpoint,
  type FunctionHandler,
  handler,
  hook,
  NotLeaderError,
  type Relation,
  type Unit,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { makeCharm, spyOnTools, TrialUnit } from '../charm/trial-unit.ts';

/** A unit in relation db:1 that publishes, in each hook, what `act` writes. */
function publisher(
  act: (relation: Relation, unit: Unit) => void,
  model: { isLeader?: boolean } = {},
): TrialUnit {
  const handlers: FunctionHandler[] = [
    handler(hook('update-status'), (unit) => {
      for (const relation of unit.endpoint('db', Endpoint).relations) act(relation, unit);
    }),
  ];
  const metadata = { requires: { db: 'redis' } };
  const unit = new TrialUnit(makeCharm({ metadata, layers: { web: defineLayer('web', handlers) } }), model);
  unit.putUnit('db:1', 'redis/0', {});
  return unit;
}

/** Every relation-set of a hook: whether it was for the application, and the settings. */
async function settingsSent(unit: TrialUnit): Promise<unknown[]> {
  const sent: unknown[] = [];
  unit.wrap = (tools) =>
    new Proxy(tools, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (name !== 'relationSet') return typeof member === 'function' ? member.bind(target) : member;
        return (to: { relationId: string; app?: boolean }, settings: Record<string, string>) => {
          sent.push([`${to.relationId}${to.app ? ' app' : ''}`, { ...settings }]);
          target.relationSet(to, settings);
        };
      },
    });
  await unit.run('update-status');
  return sent;
}

test('Q17: publishes values as the JSON text that Python writes, keys sorted', async () => {
  const unit = publisher(({ toPublish }) => {
    toPublish.text = 'a "b" ü 🎈\n';
    toPublish.number = 6379;
    toPublish.float = 0.1;
    toPublish.small = 1e-7;
    toPublish.big = 1e21;
    toPublish.on = true;
    toPublish.list = [1, 'two', null, false];
    toPublish.map = { b: 1, a: { d: [], c: {} } };
    toPublish.empty = '';
  });
  await unit.run('update-status');
  expect(unit.published('db:1').unit).toEqual({
    text: '"a \\"b\\" \\u00fc \\ud83c\\udf88\\n"',
    number: '6379',
    float: '0.1',
    small: '1e-07',
    big: '1000000000000000000000',
    on: 'true',
    list: '[1, "two", null, false]',
    map: '{"a": {"c": {}, "d": []}, "b": 1}',
    empty: '""',
  });
});

test('Q16: publishes raw text as it is, booleans as Python says them, and withdraws with null', async () => {
  let round = 0;
  const unit = publisher(({ toPublishRaw }) => {
    round += 1;
    if (round === 1) {
      Object.assign(toPublishRaw, { plain: 'a b', on: true, off: false, port: 80, json: '{"a":1}' });
    } else {
      Object.assign(toPublishRaw, { plain: null, on: undefined, off: '' });
      delete toPublishRaw.port;
    }
  });
  await unit.run('update-status');
  expect(unit.published('db:1').unit).toEqual({
    plain: 'a b',
    on: 'True',
    off: 'False',
    port: '80',
    json: '{"a":1}',
  });
  expect(await settingsSent(unit)).toEqual([['db:1', { plain: '', on: '', off: '', port: '' }]]);
  expect(unit.published('db:1').unit).toEqual({ json: '{"a":1}' });
});

test('B26: null, undefined and delete withdraw a key, alone or among other writes', async () => {
  const acts: ((bag: Relation['toPublish']) => void)[] = [
    (bag) => void Object.assign(bag, { a: 1, b: 2, c: 3, d: 4 }),
    (bag) => {
      delete bag.a;
    },
    (bag) => {
      bag.b = null;
      bag.e = 5;
    },
    (bag) => {
      bag.c = undefined;
    },
  ];
  const unit = publisher(({ toPublish }) => acts.shift()?.(toPublish));
  await unit.run('update-status');
  expect(await settingsSent(unit)).toEqual([['db:1', { a: '' }]]);
  expect(await settingsSent(unit)).toEqual([['db:1', { b: '', e: '5' }]]);
  expect(await settingsSent(unit)).toEqual([['db:1', { c: '' }]]);
  expect(unit.published('db:1').unit).toEqual({ d: '4', e: '5' });
});

test('B28: a value written again as it was calls no tool, in the same form or another of the same text', async () => {
  const unit = publisher(({ toPublish, toPublishRaw }) => {
    toPublish.map = { b: [1], a: 'x' };
    toPublish.map = { a: 'x', b: [1] };
    toPublishRaw.port = '80';
    toPublish.port = 80;
  });
  expect(await settingsSent(unit)).toEqual([['db:1', { map: '{"a": "x", "b": [1]}', port: '80' }]]);
  expect(await settingsSent(unit)).toEqual([]);
});

test('B28: what goes to and fro within a hook is no change', async () => {
  let round = 0;
  const unit = publisher(({ toPublish }) => {
    round += 1;
    if (round === 1) toPublish.kept = 'x';
    else {
      toPublish.kept = 'y';
      toPublish.passing = 1;
      delete toPublish.passing;
      delete toPublish.kept;
      toPublish.kept = 'x';
      toPublish.never = null;
      delete toPublish.notThere;
    }
  });
  await unit.run('update-status');
  expect(await settingsSent(unit)).toEqual([]);
  expect(unit.published('db:1').unit).toEqual({ kept: '"x"' });
});

test('sends each bag once, with all its changes, and asks for a bag only when it is looked at', async () => {
  const unit = publisher(
    ({ toPublish, toPublishRaw, toPublishApp }) => {
      toPublish.a = 1;
      toPublishRaw.b = 'two';
      toPublishApp.c = 3;
      toPublish.d = 4;
    },
    { isLeader: true },
  );
  unit.putUnit('db:2', 'redis/0', {});
  expect(await settingsSent(unit)).toEqual([
    ['db:1', { a: '1', b: 'two', d: '4' }],
    ['db:1 app', { c: '3' }],
    ['db:2', { a: '1', b: 'two', d: '4' }],
    ['db:2 app', { c: '3' }],
  ]);
  const idle = publisher(() => {});
  const calls: string[] = [];
  idle.putRelation('db:1', { units: {} });
  idle.wrap = (tools) => spyOnTools(tools, calls);
  await idle.run('update-status');
  expect(calls.filter((name) => name === 'relationGet' || name === 'relationSet')).toEqual([]);
});

test('reads back what it wrote and what is published, in both forms', async () => {
  const seen: unknown[] = [];
  let round = 0;
  const unit = publisher(({ toPublish, toPublishRaw }) => {
    round += 1;
    if (round === 1) {
      toPublish.list = [1, 2];
      toPublishRaw.text = 'plain';
    }
    seen.push(toPublish.list, toPublishRaw.list, toPublish.text, toPublishRaw.text);
    seen.push(toPublish.missing, toPublishRaw.missing, 'list' in toPublish, 'missing' in toPublish);
    seen.push(Object.keys(toPublish), { ...toPublishRaw });
  });
  await unit.run('update-status');
  await unit.run('update-status');
  const once = [
    [1, 2],
    '[1, 2]',
    'plain',
    'plain',
    null,
    null,
    true,
    false,
    ['list', 'text'],
    { list: '[1, 2]', text: 'plain' },
  ];
  expect(seen).toEqual([...once, ...once]);
});

test('B26, B27: a value that is read back cannot be edited in place, and one that was written is not followed', async () => {
  const value = { list: [1] };
  const unit = publisher(({ toPublish }) => {
    toPublish.value = value;
    value.list.push(2);
    const back = toPublish.value as { list: number[] };
    expect(() => back.list.push(3)).toThrow(TypeError);
    expect(() => Object.assign(back, { more: 1 })).toThrow(TypeError);
  });
  await unit.run('update-status');
  expect(unit.published('db:1').unit).toEqual({ value: '{"list": [1]}' });
});

test.each(['__proto__', 'constructor', 'toString', 'then', 'toJSON', 'a.b', 'a b', 'ü'])(
  'publishes, reads back and withdraws the key %s like any other',
  async (key) => {
    let round = 0;
    const unit = publisher(({ toPublish }) => {
      round += 1;
      expect(toPublish[key]).toBe(round === 1 ? null : 'x');
      expect(key in toPublish).toBe(round !== 1);
      if (round === 1) toPublish[key] = 'x';
      else delete toPublish[key];
      expect(Object.keys(toPublish)).toEqual(round === 1 ? [key] : []);
    });
    await unit.run('update-status');
    expect(Object.entries(unit.published('db:1').unit)).toEqual([[key, '"x"']]);
    await unit.run('update-status');
    expect(unit.published('db:1').unit).toEqual({});
  },
);

test.each<[string, (bag: Record<PropertyKey, unknown>) => unknown]>([
  ['an empty key', (bag) => Object.assign(bag, { '': 1 })],
  ['a symbol', (bag) => Object.assign(bag, { [Symbol('key')]: 1 })],
  ['a function', (bag) => Object.assign(bag, { key: () => {} })],
  ['a value that holds itself', (bag) => Object.assign(bag, { key: circle() })],
])('refuses to publish %s, and publishes nothing then', async (_, act) => {
  const unit = publisher(({ toPublish }) => {
    toPublish.good = 1;
    act(toPublish);
  });
  const { name, message } = await unit.runFailing('update-status');
  expect(name).toBe('TypeError');
  expect(message).toMatch(/^cannot publish in .*db:1/);
  expect(unit.published('db:1').unit).toEqual({});
});

function circle(): unknown {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}

test('a key that is defined rather than assigned is published or refused, never lost', async () => {
  let refused = false;
  const unit = publisher(({ toPublish }) => {
    try {
      Object.defineProperty(toPublish, 'key', {
        value: 'x',
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      refused = true;
    }
  });
  await unit.run('update-status');
  expect(refused || unit.published('db:1').unit.key === '"x"').toBe(true);
});

test('whoever tries to freeze a bag can still read and write it', async () => {
  const unit = publisher(({ toPublish }) => {
    toPublish.a = 1;
    try {
      Object.freeze(toPublish);
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
    toPublish.b = 2;
    expect(Object.keys(toPublish)).toEqual(['a', 'b']);
  });
  await unit.run('update-status');
  expect(unit.published('db:1').unit).toEqual({ a: '1', b: '2' });
});

test('refuses a write to the application bag at once where this unit does not lead, and says so', async () => {
  for (const write of [
    ({ toPublishApp }: Relation) => (toPublishApp.key = 1),
    ({ toPublishAppRaw }: Relation) => (toPublishAppRaw.key = 'x'),
    ({ toPublishApp }: Relation) => (toPublishApp.key = null),
    ({ toPublishApp }: Relation) => delete toPublishApp.key,
    ({ toPublishApp }: Relation) => Object.assign(toPublishApp, { key: 1 }),
  ]) {
    const caught: unknown[] = [];
    const unit = publisher((relation) => {
      try {
        write(relation);
      } catch (error) {
        caught.push(error);
      }
      relation.toPublish.mine = 1;
    });
    expect(await settingsSent(unit)).toEqual([['db:1', { mine: '1' }]]);
    expect(caught).toHaveLength(1);
    expect(caught[0]).toBeInstanceOf(NotLeaderError);
    expect((caught[0] as Error).message).toContain('web/0');
    expect((caught[0] as Error).message).toContain('"db:1"');
  }
});

test('reads its application bag as empty where Juju shows it to the leader only', async () => {
  const seen: unknown[] = [];
  const unit = publisher(({ toPublishApp, toPublishAppRaw }) => {
    seen.push(toPublishApp.key, Object.keys(toPublishAppRaw));
  });
  await unit.run('update-status');
  expect(seen).toEqual([null, []]);
});

test('the leader publishes for the application, and only what changed', async () => {
  const unit = publisher(
    ({ toPublishApp }) => {
      toPublishApp.map = { b: 1, a: 2 };
    },
    { isLeader: true },
  );
  expect(await settingsSent(unit)).toEqual([['db:1 app', { map: '{"a": 2, "b": 1}' }]]);
  expect(await settingsSent(unit)).toEqual([]);
});

test('keeps what Juju itself put into the bag', async () => {
  const unit = publisher(({ toPublish }) => {
    toPublish.key = 1;
  });
  unit.tools.published = { 'db:1': { unit: { 'ingress-address': '10.0.0.1' }, app: {} } };
  expect(await settingsSent(unit)).toEqual([['db:1', { key: '1' }]]);
  expect(unit.published('db:1').unit).toEqual({ 'ingress-address': '10.0.0.1', key: '1' });
});
