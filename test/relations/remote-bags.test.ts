import { defineLayer, Endpoint, type HookTools, handler, whenNot } from 'charms-reactive';
import { expect, test } from 'vitest';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

class Db extends Endpoint {}

/** A unit whose charm reads every remote unit's port in every hook; `seen` has what it read in the last one. */
function makeReader() {
  const seen: Record<string, unknown> = {};
  const asked: string[] = [];
  const state = { fails: false };
  const layer = defineLayer('web', [
    handler(whenNot('never'), function read(unit) {
      for (const { unitName, received } of unit.endpoint('db', Db).allJoinedUnits)
        seen[unitName] = received.port;
      if (state.fails) throw new Error('as asked');
    }),
  ]);
  const trial = new TrialUnit(
    makeCharm({
      metadata: { requires: { db: 'redis' } },
      interfaces: { 'requires/redis': Db },
      layers: { web: layer },
    }),
  );
  trial.wrap = (tools) =>
    new Proxy<HookTools>(tools, {
      get: (target, name) => {
        const method = Reflect.get(target, name).bind(target);
        if (name !== 'relationGet') return method;
        return (owner: { readonly member: string }) => {
          asked.push(owner.member);
          return method(owner);
        };
      },
    });
  /** Whose bags a hook asks for. */
  const during = async (hook: Promise<unknown>): Promise<string[]> => {
    await hook;
    return asked.splice(0).filter((member) => member.startsWith('redis/'));
  };
  return { trial, seen, state, during };
}

test('a hook asks for the unit it is about and for those that are new, and for no other', async () => {
  const { trial, seen, during } = makeReader();
  trial.putUnit('db:1', 'redis/1', { port: '1' });
  expect(await during(trial.join('db:1', 'redis/0', { port: '0' }))).toEqual(['redis/0', 'redis/1']);
  expect(await during(trial.run('update-status'))).toEqual([]);
  expect(await during(trial.change('db:1', 'redis/1', { port: '11' }))).toEqual(['redis/1']);
  expect(seen).toEqual({ 'redis/0': 0, 'redis/1': 11 });
  trial.putUnit('db:1', 'redis/2', { port: '2' });
  expect(await during(trial.run('config-changed'))).toEqual(['redis/2']);
  // Seen, but not compared yet: the next hook of the relation finds what is new of it.
  await during(trial.change('db:1', 'redis/0', { port: '0' }));
  expect(trial.flags()).toContain('endpoint.db.changed.port');
});

test('a unit that left and comes back is asked for again, and so are all after upgrade-charm', async () => {
  const { trial, seen, during } = makeReader();
  await during(trial.join('db:1', 'redis/0', { port: '0' }));
  await during(trial.join('db:1', 'redis/1', { port: '1' }));
  await during(trial.depart('db:1', 'redis/1'));
  expect(await during(trial.join('db:1', 'redis/1', { port: '9' }))).toEqual(['redis/1']);
  expect(seen['redis/1']).toBe(9);
  // As a charm that keeps nothing may have run here meanwhile.
  trial.putUnit('db:1', 'redis/0', { port: '8' });
  expect(await during(trial.run('upgrade-charm'))).toEqual(['redis/0', 'redis/1']);
  expect(seen['redis/0']).toBe(8);
});

test('a relation that is gone leaves nothing behind', async () => {
  const { trial, during } = makeReader();
  await during(trial.join('db:1', 'redis/0', { port: '0' }));
  await during(trial.depart('db:1', 'redis/0'));
  await during(trial.break('db:1'));
  expect(Object.keys(trial.stored()).filter((key) => key.startsWith('reactive.remote.'))).toEqual([]);
});

test('a hook that failed and is never run again leaves no old bag behind', async () => {
  const { trial, seen, state, during } = makeReader();
  await during(trial.join('db:1', 'redis/0', { port: '0' }));
  state.fails = true;
  trial.putUnit('db:1', 'redis/0', { port: '5' });
  const event = { relation: 'db:1', unit: 'redis/0' };
  await during(trial.runFailing('db-relation-changed', event));
  // With `juju resolved --no-retry`; and the hook that comes instead fails as well.
  await during(trial.runFailing('update-status'));
  state.fails = false;
  expect(await during(trial.run('update-status'))).toEqual(['redis/0']);
  expect(seen['redis/0']).toBe(5);
  expect(await during(trial.run('update-status'))).toEqual([]);
});

test('a layer that reads before the flags are kept sees what has changed, too', async () => {
  const seen: unknown[] = [];
  const layer = defineLayer('web', [], {
    beforeStart: (unit) => void seen.push(unit.endpoint('db', Db).allJoinedUnits[0]?.received.port),
  });
  const interfaces = { 'requires/redis': Db };
  const trial = new TrialUnit(
    makeCharm({ metadata: { requires: { db: 'redis' } }, interfaces, layers: { web: layer } }),
  );
  await trial.join('db:1', 'redis/0', { port: '1' });
  await trial.change('db:1', 'redis/0', { port: '2' });
  expect(seen).toEqual([1, 2]);
  expect(trial.flags()).toContain('endpoint.db.changed.port');
});

test('what is very large is not kept, and asked for in every hook', async () => {
  const { trial, during } = makeReader();
  await during(trial.join('db:1', 'redis/0', { port: '0' }));
  await during(trial.change('db:1', 'redis/0', { port: '0', blob: 'x'.repeat(100_000) }));
  expect(Object.keys(trial.stored('reactive.remote.'))).toEqual([]);
  expect(await during(trial.run('update-status'))).toEqual(['redis/0']);
  expect(trial.flags()).toContain('endpoint.db.changed.blob');
});

test('what a unit publishes is kept whatever its keys are called, and read as it came', async () => {
  const { trial, during } = makeReader();
  const bag = { __proto__x: '1', constructor: '"a"', 'a.b/c': '[1]', ü: 'not json {' };
  await during(trial.join('db:1', 'redis/0', bag));
  const kept = trial.stored()['reactive.remote.db:1.redis/0'];
  expect(kept).toEqual({ data: bag, compared: true });
});
