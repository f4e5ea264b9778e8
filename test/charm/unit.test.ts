import {
  defineLayer,
  HookToolError,
  handler,
  hook,
  Layer,
  type StatusWish,
  type Unit,
} from 'charms-reactive';
import type { MemoryModel } from 'charms-reactive/testing';
import { expect, test } from 'vitest';
import { makeCharm, spyOnTools, TrialUnit } from './trial-unit.ts';

const metadata = { provides: { website: 'http' }, requires: { db: 'redis' } };

/** Acts on a unit in one hook. */
async function act(
  how: (unit: Unit) => void,
  model: Partial<MemoryModel> = {},
  name = 'start',
): Promise<TrialUnit> {
  const layer = defineLayer('web', [handler(hook(name), how)]);
  const unit = new TrialUnit(makeCharm({ metadata, layers: { web: layer } }), model);
  await unit.run(name);
  return unit;
}

test('knows its name, its application, its hook and its metadata', async () => {
  await act(
    (unit) => {
      expect([unit.name, unit.application, unit.hook.name, unit.metadata.name]).toEqual([
        'far-app/7',
        'far-app',
        'start',
        'web',
      ]);
      expect(() => Object.assign(unit.hook, { name: 'stop' })).toThrow(TypeError);
    },
    { unit: 'far-app/7' },
  );
});

test('says its status at once, and keeps it where the hook fails', async () => {
  const unit = await act(({ status }) => {
    status.maintenance('installing');
    status.blocked('no db');
    status.waiting('for db');
    status.active();
  });
  expect(unit.tools.status).toEqual({ status: 'active', message: '' });
  unit.charm = makeCharm({
    layers: {
      web: defineLayer('web', [
        handler(hook('start'), ({ status }) => {
          status.blocked('broken');
          throw new Error('no');
        }),
      ]),
    },
  });
  await unit.runFailing('start');
  expect(unit.tools.status).toEqual({ status: 'blocked', message: 'broken' });
});

test('knows its layers, base layers first, and whose handler says a status', async () => {
  class Speaker extends Layer {
    override atStart(): void {
      this.unit.status.active('at start');
    }
    @hook('start')
    speak(): void {
      this.unit.status.waiting('in a handler');
    }
  }
  const wishes: StatusWish[] = [];
  class Collector extends Layer {
    override registerTriggers(): void {
      expect(this.unit.layers).toEqual(['collector', 'my-web']);
      this.unit.collectStatus((wish) => wishes.push(wish));
    }
  }
  const unit = new TrialUnit(makeCharm({ layers: { collector: Collector, 'my-web': Speaker } }));
  await unit.run('start');
  expect(wishes).toEqual([
    { status: 'active', message: 'at start' },
    { status: 'waiting', message: 'in a handler', layer: 'my-web' },
  ]);
  expect(unit.tools.status.status).toBe('unknown');
});

test('opens and closes ports by number or spec, for good where the hook goes well', async () => {
  const unit = await act(({ ports }) => {
    ports.open(80);
    ports.open('443/tcp');
    ports.open('1000-2000/udp');
    ports.open(81);
    ports.close(81);
    ports.close(9999);
    expect(ports.list().sort()).toEqual(['1000-2000/udp', '443/tcp', '80/tcp']);
  });
  expect([...unit.tools.ports].sort()).toEqual(['1000-2000/udp', '443/tcp', '80/tcp']);
});

test('asks once in a hook whether it leads', async () => {
  for (const isLeader of [true, false]) {
    const calls: string[] = [];
    const layer = defineLayer('web', [
      handler(hook('start'), (unit) => {
        expect([unit.isLeader, unit.isLeader]).toEqual([isLeader, isLeader]);
      }),
    ]);
    const unit = new TrialUnit(makeCharm({ layers: { web: layer } }), { isLeader });
    unit.wrap = (tools) => spyOnTools(tools, calls);
    await unit.run('start');
    expect(calls.filter((name) => name === 'isLeader')).toHaveLength(1);
  }
});

test('gives the address for an endpoint, and says where Juju knows none', async () => {
  await act((unit) => expect(unit.ingressAddress('website')).toBe('10.1.2.3'), { address: '10.1.2.3' });
  const none = new TrialUnit(
    makeCharm({
      metadata,
      layers: {
        web: defineLayer('web', [handler(hook('start'), (unit) => void unit.ingressAddress('website'))]),
      },
    }),
  );
  none.wrap = (tools) =>
    new Proxy(tools, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (name === 'networkGet') return () => ({});
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  expect((await none.runFailing('start')).message).toContain('"website"');
});

test('remembers what was invoked, where the hook goes well', async () => {
  const answers: boolean[] = [];
  const unit = await act((itself) => {
    answers.push(itself.wasInvoked('install'), itself.wasInvoked('__proto__'));
    itself.markInvoked('install');
    answers.push(itself.wasInvoked('install'));
  });
  await unit.run('start');
  expect(answers).toEqual([false, false, true, true, false, true]);
});

test.each([
  [['start'], true],
  [['stop', 'start'], true],
  [['{start,stop}'], true],
  [['stop'], false],
  [[], false],
])('isHook(%j) in start is %s', async (patterns, answer) => {
  await act((unit) => expect(unit.isHook(...patterns)).toBe(answer));
});

test('Q23: dataChanged compares by content, keys in any order, and remembers under the key of the reference', async () => {
  const unit = await act((itself) => {
    expect(itself.dataChanged('id', { a: 1, b: [true, null] })).toBe(true);
    expect(itself.dataChanged('id', { b: [true, null], a: 1 })).toBe(false);
    expect(itself.isDataChanged('id', { a: 2 })).toBe(true);
    expect(itself.dataChanged('id', { a: 2 })).toBe(true);
    expect(itself.dataChanged('other', null)).toBe(true);
    expect(itself.dataChanged('other', null)).toBe(false);
    expect(itself.dataChanged('sha', 'x', { hash: 'sha256' })).toBe(true);
    expect(() => itself.dataChanged('bad', () => {})).toThrow(TypeError);
    expect(() => itself.dataChanged('bad', 1, { hash: 'md9' })).toThrow('"md9"');
  });
  expect(Object.keys(unit.stored('reactive.data_changed.'))).toEqual([
    'reactive.data_changed.id',
    'reactive.data_changed.other',
    'reactive.data_changed.sha',
  ]);
  expect(unit.stored('reactive.data_changed.sha')['reactive.data_changed.sha']).toHaveLength(64);
});

test('a tool that fails in a handler is a HookToolError there, which the handler may catch', async () => {
  const unit = await act(({ tools, flags }) => {
    try {
      tools.leaderSet({ a: '1' });
    } catch (error) {
      if (error instanceof HookToolError) flags.set('refused');
    }
  });
  expect(unit.flags()).toEqual(['refused']);
});

test('sets the application version', async () => {
  const unit = await act((itself) => itself.setApplicationVersion('7.2'));
  expect(unit.tools.applicationVersion).toBe('7.2');
});
