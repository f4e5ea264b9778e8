import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  defineLayer,
  Endpoint,
  type FunctionHandler,
  HookToolError,
  type HookTools,
  handler,
  hook,
  Layer,
  runHook,
  type Unit,
  when,
  whenNot,
} from 'charms-reactive';
import { MemoryTools } from 'charms-reactive/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import Basic from '../../layers/basic/reactive/basic.ts';
import { makeCharm, spyOnTools, TrialUnit } from './trial-unit.ts';

const metadata = { requires: { db: 'redis' } };

function unitWith(
  handlers: readonly FunctionHandler[],
  parts: Parameters<typeof defineLayer>[2] = {},
): TrialUnit {
  const layers = { basic: Basic, web: defineLayer('web', handlers, parts) };
  const config = { port: { type: 'int', default: 80 } };
  return new TrialUnit(makeCharm({ metadata, config, layers }), { config: { port: 80 } });
}

/** Tools whose calls of one kind fail. */
function failing(tools: HookTools, name: keyof HookTools, error: Error, from = 1): HookTools {
  let calls = 0;
  return new Proxy(tools, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        if (key === name) calls += 1;
        if (key === name && calls >= from) throw error;
        return member.apply(target, parameters);
      };
    },
  });
}

function doEverything(unit: Unit): void {
  unit.flags.set('done');
  unit.kv.set('key', 'value');
  unit.config.get('port');
  unit.tools.openPort('80/tcp');
  for (const relation of unit.endpoint('db', Endpoint).relations) relation.toPublish.key = 'value';
}

test('a hook that goes well publishes first and stores last, and remembers the config', async () => {
  const order: string[] = [];
  const unit = unitWith([handler(hook('update-status'), doEverything)]);
  await unit.run('start');
  unit.putUnit('db:1', 'redis/0', {});
  unit.wrap = (tools) =>
    new Proxy(tools, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (name !== 'relationSet') return typeof member === 'function' ? member.bind(target) : member;
        return (...parameters: Parameters<HookTools['relationSet']>) => {
          order.push(`published while the store has ${unit.flags().length} flags`);
          target.relationSet(...parameters);
        };
      },
    });
  await unit.run('update-status');
  expect(order).toEqual(['published while the store has 0 flags']);
  expect(unit.published('db:1').unit).toEqual({ key: '"value"' });
  expect(unit.stored('key')).toEqual({ key: 'value' });
  expect(unit.flags()).toContain('done');
  expect(unit.tools.ports).toEqual(['80/tcp']);
  expect(JSON.parse(readFileSync(path.join(unit.charmDir, '.juju-persistent-config'), 'utf8'))).toEqual({
    port: 80,
  });
});

test('Q6: a handler that throws undoes everything: nothing is published, stored or remembered', async () => {
  const unit = unitWith([
    handler(hook('update-status'), doEverything),
    handler(when('done'), whenNot('never'), function fails() {
      throw new Error('the disk is full');
    }),
  ]);
  await unit.join('db:1', 'redis/0', { a: '1' });
  const before = unit.storeBytes();
  unit.tools.model.config = { port: 81 };
  const config = readFileSync(path.join(unit.charmDir, '.juju-persistent-config'), 'utf8');
  const error = await unit.runFailing('update-status');
  expect(error.message).toBe('the disk is full');
  expect(unit.storeBytes()).toBe(before);
  expect(unit.published('db:1')).toEqual({ unit: {}, app: {} });
  expect(unit.tools.ports).toEqual([]);
  expect(readFileSync(path.join(unit.charmDir, '.juju-persistent-config'), 'utf8')).toBe(config);
});

test('Q6: a hook that failed and is tried again finds all as the first time', async () => {
  let works = false;
  const seen: unknown[] = [];
  const unit = unitWith([
    handler(whenNot('done'), ({ flags, kv, config }) => {
      seen.push([flags.list(), kv.get('count'), config.changed('port'), config.previousValue('port')]);
      kv.set('count', Number(kv.get('count', 0)) + 1);
      flags.set('tried');
      if (!works) throw new Error('not yet');
      flags.set('done');
    }),
  ]);
  unit.presetFlags('before');
  await unit.runFailing('config-changed');
  await unit.runFailing('config-changed');
  works = true;
  await unit.run('config-changed');
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
  expect(unit.flags()).toEqual(['before', 'done', 'tried']);
  expect(unit.stored('count')).toEqual({ count: 1 });
});

test('the error of a handler is logged with its stack, and names the handler', async () => {
  const unit = unitWith([
    handler(hook('start'), function wellEnough() {}),
    handler(hook('start'), () => failDeepDown()),
  ]);
  await unit.runFailing('start');
  const errors = unit.tools.logged.filter(({ level }) => level === 'ERROR');
  expect(errors).toHaveLength(1);
  const [{ message = '' } = {}] = errors;
  expect(message).toContain('start');
  expect(message).toContain('Error: deep down');
  expect(message).toContain('failDeepDown');
  expect(message).toContain('run-hook.test.ts');
  expect(message).toContain('web.handler-2');
  expect(message).not.toContain('wellEnough');
});

function failDeepDown(): never {
  throw new Error('deep down');
}

test.each([
  ['a text', 'just text'],
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['an object', { code: 1 }],
])('whatever is thrown fails the hook and is thrown on: %s', async (_, thrown) => {
  const unit = unitWith([
    handler(hook('start'), ({ flags }) => {
      flags.set('a');
      throw thrown;
    }),
  ]);
  const caught: unknown[] = [];
  await unit.run('start').catch((error: unknown) => caught.push(error));
  expect(caught).toEqual([thrown]);
  expect(unit.flags()).toEqual([]);
  expect(unit.tools.logged.some(({ level, message }) => level === 'ERROR' && message.includes('start'))).toBe(
    true,
  );
});

test('an async handler that rejects fails the hook like one that throws', async () => {
  const unit = unitWith([
    handler(hook('start'), async ({ flags }) => {
      flags.set('a');
      await Promise.resolve();
      throw new Error('later');
    }),
    handler(hook('start'), ({ flags }) => flags.set('b')),
  ]);
  expect((await unit.runFailing('start')).message).toBe('later');
  expect(unit.flags()).toEqual([]);
});

test.each(['registerTriggers', 'beforeStart', 'atStart', 'atExit'] as const)(
  'an error in %s fails the hook, and nothing is kept',
  async (moment) => {
    class Failing extends Layer {
      @hook('start')
      start(): void {
        this.unit.flags.set('a');
      }
    }
    Object.defineProperty(Failing.prototype, moment, {
      value() {
        throw new Error(`in ${moment}`);
      },
    });
    const unit = new TrialUnit(makeCharm({ layers: { web: Failing } }));
    expect((await unit.runFailing('start')).message).toBe(`in ${moment}`);
    expect(unit.flags()).toEqual([]);
  },
);

test('an error in a field or constructor of a layer or endpoint fails the hook, and is logged', async () => {
  class BadLayer extends Layer {
    readonly broken = failDeepDown();
  }
  class BadEndpoint extends Endpoint {
    readonly broken = failDeepDown();
  }
  for (const parts of [
    { layers: { web: BadLayer } },
    { metadata, interfaces: { 'requires/redis': BadEndpoint } },
  ]) {
    const unit = new TrialUnit(makeCharm(parts));
    expect((await unit.runFailing('start')).message).toBe('deep down');
    expect(unit.logLines().some((line) => line.includes('failDeepDown'))).toBe(true);
  }
});

test('a bag that Juju refuses fails the hook, and the store is as it was', async () => {
  const unit = unitWith([handler(hook('update-status'), doEverything)]);
  unit.putUnit('db:1', 'redis/0', {});
  await unit.run('start');
  const before = unit.storeBytes();
  const refusal = new HookToolError({ command: ['relation-set'], exitCode: 1, stderr: 'ERROR no\n' });
  unit.wrap = (tools) => failing(tools, 'relationSet', refusal);
  expect(await unit.runFailing('update-status')).toBe(refusal);
  expect(unit.storeBytes()).toBe(before);
});

test('where the log fails at the end of a hook, the hook goes well, or nothing is kept', async () => {
  const unit = unitWith([handler(hook('update-status'), doEverything)]);
  unit.putUnit('db:1', 'redis/0', {});
  await unit.run('start');
  const before = unit.stored();
  unit.wrap = (tools) => failing(tools, 'log', new HookToolError({ command: ['juju-log'], exitCode: 1 }));
  const said = listenToStderr();
  const error = await unit.run('update-status').then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error) expect(unit.stored()).toEqual(before);
  else expect(unit.published('db:1').unit).toEqual({ key: '"value"' });
  expect(said.join('')).toContain('juju-log');
});

test('where the config cannot be remembered the hook fails, and nothing is kept', async () => {
  const unit = unitWith([handler(hook('update-status'), doEverything)]);
  unit.putUnit('db:1', 'redis/0', {});
  await unit.run('start');
  const before = unit.stored();
  mkdirSync(path.join(unit.charmDir, '.juju-persistent-config.new', 'full'), { recursive: true });
  unit.tools.model.config = { port: 81 };
  await unit.runFailing('update-status');
  expect(unit.stored()).toEqual(before);
  expect(unit.published('db:1').unit).toEqual({});
});

/** What goes to stderr from here to the end of the test, and no further. */
function listenToStderr(): string[] {
  const said: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  return said;
}

test('where the log fails after an error, the error is the one that is thrown, and stderr has both', async () => {
  const unit = unitWith([handler(hook('start'), failDeepDown)]);
  const said = listenToStderr();
  unit.wrap = (tools) => failing(tools, 'log', new Error('no log'));
  expect((await unit.runFailing('start')).message).toBe('deep down');
  expect(said.join('')).toMatch(/no log[\s\S]*deep down/);
});

test('a store that is no database fails the hook, by the name of its file', async () => {
  const unit = unitWith([]);
  writeFileSync(unit.storeFile, 'not a database, but long enough to be taken for one'.repeat(100));
  expect((await unit.runFailing('start')).message).toContain(unit.storeFile);
});

test('a process that Juju did not start is refused, and leaves no file', async () => {
  const unit = unitWith([]);
  const environment = { ...unit.environment('start'), JUJU_UNIT_NAME: undefined };
  await expect(runHook(unit.charm, { environment, tools: unit.tools })).rejects.toThrow('JUJU_UNIT_NAME');
  expect(existsSync(unit.storeFile)).toBe(false);
});

test('every change of a flag is reported in order, with what made it', async () => {
  class Redis extends Endpoint {
    override manageFlags(): void {
      this.setFlag('seen');
    }

    @when('endpoint.{endpoint_name}.joined')
    joined(): void {
      this.setFlag('greeted');
    }
  }
  class Web extends Layer {
    override registerTriggers(): void {
      this.unit.flags.registerTrigger({ when: 'endpoint.db.greeted', setFlag: 'first' });
      this.unit.flags.registerTrigger({ when: 'first', setFlag: 'second' });
    }
    override beforeStart(): void {
      this.unit.flags.set('before');
    }
    override atStart(): void {
      this.unit.flags.set('at-start');
      this.unit.flags.clear('never-set');
    }
    override atExit(): void {
      this.unit.flags.clear('before');
    }
    @hook('db-relation-joined')
    hooked(): void {
      this.unit.flags.set('hooked');
      this.unit.flags.set('hooked');
    }
    @when('second')
    async last(): Promise<void> {
      await Promise.resolve();
      this.unit.flags.set('last');
    }
  }
  const unit = new TrialUnit(
    makeCharm({ metadata, layers: { web: Web }, interfaces: { 'requires/redis': Redis } }),
  );
  const report = await unit.join('db:1', 'redis/0', { a: '1' });
  const hookCause = { kind: 'hook', hook: 'db-relation-joined' };
  const endpointCause = { kind: 'endpoint', endpoint: 'db', hook: 'db-relation-joined' };
  const joined = { kind: 'handler', handler: 'redis/requires.joined@db' };
  const first = { kind: 'trigger', change: { flag: 'endpoint.db.greeted', to: 'set' }, because: joined };
  const second = { kind: 'trigger', change: { flag: 'first', to: 'set' }, because: first };
  expect(report.changes).toEqual([
    { flag: 'before', to: 'set', cause: hookCause },
    { flag: 'endpoint.db.joined', to: 'set', cause: endpointCause },
    { flag: 'endpoint.db.changed', to: 'set', cause: endpointCause },
    { flag: 'endpoint.db.changed.a', to: 'set', cause: endpointCause },
    { flag: 'endpoint.db.seen', to: 'set', cause: endpointCause },
    { flag: 'at-start', to: 'set', cause: hookCause },
    { flag: 'hooked', to: 'set', cause: { kind: 'handler', handler: 'web.hooked' } },
    { flag: 'endpoint.db.greeted', to: 'set', cause: joined },
    { flag: 'first', to: 'set', cause: first },
    { flag: 'second', to: 'set', cause: second },
    { flag: 'last', to: 'set', cause: { kind: 'handler', handler: 'web.last' } },
    { flag: 'before', to: 'clear', cause: hookCause },
  ]);
  expect(report.hook.name).toBe('db-relation-joined');
  expect(
    report.runs.map(({ handler: id, round, wokenBy }) => [id, round, wokenBy.map(({ flag }) => flag)]),
  ).toEqual([
    ['web.hooked', 0, []],
    ['redis/requires.joined@db', 1, ['endpoint.db.joined']],
    ['web.last', 2, ['second']],
  ]);
});

test('the tracer hears what the report says, as it happens, and a tracer can change nothing', async () => {
  const heard: string[] = [];
  const unit = unitWith([
    handler(hook('start'), function one({ flags }) {
      heard.push('one runs');
      flags.set('a');
    }),
    handler(when('a'), function two() {}),
  ]);
  unit.tracer = { handlerStarts: ({ handler: id, round }) => void heard.push(`${id} ${round}`) };
  const { runs } = await unit.run('start');
  expect(heard).toEqual(['web.one 0', 'one runs', 'web.two 1']);
  expect(runs.map(({ handler: id }) => id)).toEqual(['web.one', 'web.two']);
});

test('the tracer hears which handler fails, and with what', async () => {
  const heard: unknown[] = [];
  const unit = unitWith([
    handler(hook('start'), function one() {}),
    handler(hook('start'), () => failDeepDown()),
  ]);
  unit.tracer = {
    handlerStarts: ({ handler: id }) => void heard.push(id),
    handlerFails: ({ handler: id, error }) => void heard.push(id, error),
  };
  const error = await unit.runFailing('start');
  expect(heard).toEqual(['web.one', 'web.handler-2', 'web.handler-2', error]);
});

test('the moments of a hook come in order, exits in reverse order of the layers', async () => {
  const log: string[] = [];
  const note =
    (name: string) =>
    (unit: Unit): void => {
      log.push(`${name} ${unit.flags.isSet('endpoint.db.joined') ? 'joined' : ''}`.trim());
    };
  class First extends Layer {
    override registerTriggers(): void {
      log.push('first triggers');
    }
    override async beforeStart(): Promise<void> {
      await Promise.resolve();
      note('first before')(this.unit);
    }
    override atStart(): void {
      note('first start')(this.unit);
    }
    override async atExit(): Promise<void> {
      await Promise.resolve();
      log.push('first exit');
    }
  }
  const second = defineLayer('second', [handler(when('endpoint.db.joined'), () => void log.push('run'))], {
    beforeStart: note('second before'),
    atStart: note('second start'),
    atExit: async (unit) => {
      await Promise.resolve();
      log.push('second exit');
      unit.flags.set('at-exit');
    },
  });
  const unit = new TrialUnit(makeCharm({ metadata, layers: { first: First, second } }));
  await unit.join('db:1', 'redis/0', {});
  expect(log).toEqual([
    'first triggers',
    'first before',
    'second before',
    'first start joined',
    'second start joined',
    'run',
    'second exit',
    'first exit',
  ]);
  expect(unit.flags()).toContain('at-exit');
});

test('Q22: what is asked for at the exit is done last first, before the layers, and what that asks for too', async () => {
  const log: string[] = [];
  const unit = unitWith(
    [
      handler(hook('start'), (itself) => {
        itself.atExit(() => void log.push('one'));
        itself.atExit(async () => {
          await Promise.resolve();
          log.push('two');
          itself.atExit(() => void log.push('two asks'));
        });
      }),
    ],
    {
      atExit: (itself) => {
        log.push('layer');
        itself.atExit(() => void log.push('layer asks'));
      },
    },
  );
  await unit.run('start');
  expect(log).toEqual(['two', 'two asks', 'one', 'layer', 'layer asks']);
});

test('Q22: what is asked for at the exit is published and stored, and not done where the hook fails', async () => {
  const log: string[] = [];
  let fail = false;
  const unit = unitWith([
    handler(hook('update-status'), (itself) => {
      itself.atExit(() => {
        log.push('exit');
        doEverything(itself);
      });
      if (fail) throw new Error('no');
    }),
  ]);
  unit.putUnit('db:1', 'redis/0', {});
  await unit.run('update-status');
  expect(unit.flags()).toContain('done');
  expect(unit.published('db:1').unit).toEqual({ key: '"value"' });
  fail = true;
  await unit.runFailing('update-status');
  expect(log).toEqual(['exit']);
});

test('flags of the hook only are gone when it ends, however they were set later', async () => {
  const unit = unitWith([
    handler(hook('start'), ({ flags }) => {
      flags.setForHook('passing');
      flags.set('passing', { kept: true });
      flags.set('staying');
    }),
    handler(when('passing'), whenNot('seen'), ({ flags }) => {
      flags.clear('passing');
      flags.set('passing');
      flags.set('seen');
    }),
  ]);
  unit.presetFlags('passing');
  await unit.run('start');
  expect(unit.flags()).toEqual(['seen', 'staying']);
});

test('an idle hook calls few tools, writes nothing and logs nothing', async () => {
  const unit = unitWith([handler(when('never'), () => {})]);
  await unit.join('db:1', 'redis/0', { a: '1' });
  await unit.run('update-status');
  const before = unit.storeBytes();
  const calls: string[] = [];
  unit.wrap = (tools) => spyOnTools(tools, calls);
  await unit.run('update-status');
  expect(calls.sort()).toEqual(['configGet', 'relationIds', 'relationList']);
  expect(unit.storeBytes()).toBe(before);
});

test('two units of one charm run in one process without meeting', async () => {
  const charm = makeCharm({
    layers: {
      web: defineLayer('web', [
        handler(whenNot('never'), async ({ flags, name }) => {
          await Promise.resolve();
          flags.set(name);
        }),
      ]),
    },
  });
  const units = ['web/0', 'web/1'].map((unit) => new TrialUnit(charm, { unit }));
  await Promise.all(units.map((unit) => unit.run('start')));
  expect(units.map((unit) => unit.flags())).toEqual([['web/0'], ['web/1']]);
});

test('pre-series-upgrade sets a flag that post-series-upgrade clears', async () => {
  const unit = unitWith([]);
  await unit.run('pre-series-upgrade');
  await unit.run('update-status');
  expect(unit.flags()).toEqual(['upgrade.series.in-progress']);
  await unit.run('post-series-upgrade');
  expect(unit.flags()).toEqual([]);
});

test('the store lies beside the charm, private, with the keys of the reference', async () => {
  const unit = unitWith([
    handler(hook('start'), (itself) => {
      itself.flags.set('plain');
      itself.flags.set('valued', { relation: 'db' });
      itself.dataChanged('id', 1);
      itself.markInvoked('once');
    }),
  ]);
  await unit.run('start');
  expect(unit.stored()).toEqual({
    'reactive.data_changed.id': 'c4ca4238a0b923820dcc509a6f75849b',
    'reactive.invoked.once': true,
    'reactive.states.plain': null,
    'reactive.states.valued': { relation: 'db' },
  });
});

test('a hook needs no more than the smallest charm', async () => {
  const unit = new TrialUnit(makeCharm());
  const { runs, changes } = await unit.run('install');
  expect([runs, changes]).toEqual([[], []]);
  await expect(
    runHook(makeCharm(), {
      environment: unit.environment('start'),
      tools: new MemoryTools({ unit: 'web/0' }),
    }),
  ).resolves.toBeDefined();
});
