import {
  defineLayer,
  Endpoint,
  type FunctionHandler,
  HookToolError,
  type HookTools,
  handler,
  hook,
  type Unit,
  whenNot,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

const metadata = { requires: { db: 'redis' }, peers: { cluster: 'web-peer' } };

/** A unit that calls `see` with its endpoint `db` once in every hook, and collects the answers. */
function observer<T>(see: (endpoint: Endpoint, unit: Unit) => T): { unit: TrialUnit; seen: T[] } {
  const seen: T[] = [];
  const handlers: FunctionHandler[] = [
    handler(whenNot('never'), (unit) => {
      seen.push(see(unit.endpoint('db', Endpoint), unit));
    }),
  ];
  return {
    unit: new TrialUnit(makeCharm({ metadata, layers: { web: defineLayer('web', handlers) } })),
    seen,
  };
}

/** Tools that answer as given, and otherwise as they are. */
function withTools(tools: HookTools, own: Partial<HookTools>): HookTools {
  return new Proxy(tools, {
    get: (target, name) => {
      const member: unknown = Reflect.get(own, name) ?? Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function gone(tool: string): HookToolError {
  return new HookToolError({
    command: [tool, '-r', 'db:1'],
    exitCode: 2,
    stderr: 'ERROR invalid value "db:1" for option -r: relation not found\n',
  });
}

test('B25: a relation without units names the remote application, and reads its bag', async () => {
  const { unit, seen } = observer(({ relations }) =>
    Array.from(relations, (relation) => [
      relation.applicationName,
      relation.receivedApp.key,
      relation.receivedAppRaw.key,
    ]),
  );
  unit.putRelation('db:1', { application: 'redis', units: {}, applicationBag: { key: '"theirs"' } });
  await unit.run('db-relation-created', { relation: 'db:1' });
  await unit.run('update-status');
  expect(seen).toEqual([[['redis', 'theirs', '"theirs"']], [['redis', 'theirs', '"theirs"']]]);
});

test('B25: where Juju does not name the remote application, it is undefined and its bag empty, never our own', async () => {
  const { unit, seen } = observer(({ relations }) => [
    relations[0]?.applicationName,
    { ...relations[0]?.receivedApp },
    relations[0]?.receivedApp.key,
  ]);
  unit.putRelation('db:1', { application: 'redis', units: {}, applicationBag: { key: '1' } });
  unit.wrap = (tools) => withTools(tools, { relationApplication: () => undefined });
  await unit.run('update-status');
  expect(seen).toEqual([[undefined, {}, null]]);
});

test('names the remote application after its units, else after the hook, else after relation-list', async () => {
  const { unit, seen } = observer(({ relations }) =>
    Array.from(relations, ({ applicationName }) => applicationName),
  );
  unit.putUnit('db:1', 'from-unit/3', {});
  unit.putRelation('db:2', { application: 'from-list', units: {} });
  unit.putRelation('db:3', { application: 'from-list', units: {} });
  await unit.run('db-relation-created', { relation: 'db:3', app: 'from-hook' });
  expect(seen).toEqual([['from-unit', 'from-list', 'from-hook']]);
});

test('a peer relation shows our own application, and what its leader published', async () => {
  const seen: unknown[] = [];
  const layer = defineLayer('web', [
    handler(hook('update-status'), (itself) => {
      const [relation] = itself.endpoint('cluster', Endpoint).relations;
      seen.push(relation?.applicationName, relation?.receivedApp.key, relation?.joinedUnits.names());
    }),
  ]);
  const unit = new TrialUnit(makeCharm({ metadata, layers: { web: layer } }));
  unit.putRelation('cluster:0', {
    application: 'web',
    units: { 'web/1': {} },
    applicationBag: { key: '"led"' },
  });
  await unit.run('update-status');
  expect(seen).toEqual(['web', 'led', ['web/1']]);
});

test('the unit that departs is not among the joined ones, whether Juju still lists it or not', async () => {
  const { unit, seen } = observer(({ relations, allJoinedUnits }) => [
    relations.names(),
    allJoinedUnits.names(),
    relations[0]?.joinedUnits.names(),
  ]);
  unit.putUnit('db:1', 'redis/0', {});
  unit.putUnit('db:1', 'redis/1', {});
  await unit.run('db-relation-departed', { relation: 'db:1', unit: 'redis/1', departing: 'redis/1' });
  expect(seen).toEqual([[['db:1'], ['redis/0'], ['redis/0']]]);
});

test('the same unit in another relation is joined while it departs from one', async () => {
  const { unit, seen } = observer(({ allJoinedUnits }) =>
    Array.from(allJoinedUnits, ({ relation, unitName }) => `${relation.relationId} ${unitName}`),
  );
  unit.putUnit('db:1', 'redis/0', {});
  unit.putUnit('db:2', 'redis/0', {});
  await unit.depart('db:1', 'redis/0');
  expect(seen).toEqual([['db:2 redis/0']]);
});

test.each(['relation not found', 'permission denied', 'settings not found'])(
  'a unit whose data cannot be had ("%s") reads as empty, and fails no hook',
  async (why) => {
    const { unit, seen } = observer(({ allJoinedUnits, relations }) => [
      allJoinedUnits.names(),
      { ...allJoinedUnits.received },
      { ...relations[0]?.receivedApp },
    ]);
    unit.putUnit('db:1', 'redis/0', { key: '1' });
    unit.wrap = (tools) =>
      withTools(tools, {
        relationGet: () => {
          throw new HookToolError({ command: ['relation-get'], exitCode: 1, stderr: `ERROR ${why}\n` });
        },
      });
    await unit.run('update-status');
    expect(seen).toEqual([[['redis/0'], {}, {}]]);
  },
);

test('B22: a relation that goes between relation-ids and relation-list has no units, and fails no hook', async () => {
  const { unit, seen } = observer(({ allJoinedUnits, relations }) => [
    allJoinedUnits.names(),
    Array.from(relations, ({ joinedUnits }) => joinedUnits.length),
  ]);
  unit.putUnit('db:1', 'redis/0', {});
  unit.wrap = (tools) =>
    withTools(tools, {
      relationList: () => {
        throw gone('relation-list');
      },
    });
  await unit.run('update-status');
  expect(seen[0]?.[0]).toEqual([]);
  expect(unit.flags()).toEqual([]);
});

test('B22: a departed unit whose relation is gone can still be looked at from all sides', async () => {
  const { unit, seen } = observer(({ allDepartedUnits }) =>
    Array.from(allDepartedUnits, (departed) => [
      departed.unitName,
      departed.applicationName,
      { ...departed.received },
      departed.relation.relationId,
      departed.relation.endpointName,
      departed.relation.joinedUnits.names(),
      departed.relation.applicationName,
      { ...departed.relation.receivedApp },
      { ...departed.relation.toPublish },
    ]),
  );
  await unit.join('db:1', 'redis/0', { key: '1' });
  await unit.depart('db:1', 'redis/0');
  await unit.break('db:1');
  seen.length = 0;
  await unit.run('update-status');
  expect(seen).toEqual([[['redis/0', 'redis', { key: 1 }, 'db:1', 'db', [], undefined, {}, {}]]]);
});

test('any other failure of a tool fails the hook, with the command and what it said', async () => {
  const { unit } = observer(({ allJoinedUnits }) => ({ ...allJoinedUnits.received }));
  unit.putUnit('db:1', 'redis/0', {});
  unit.wrap = (tools) =>
    withTools(tools, {
      relationGet: () => {
        throw new HookToolError({
          command: ['relation-get', '-'],
          exitCode: 1,
          stderr: 'ERROR connection lost\n',
        });
      },
    });
  const error = await unit.runFailing('update-status');
  expect(error).toBeInstanceOf(HookToolError);
  expect(error.message).toContain('connection lost');
});

test('B24: in a broken hook the relation is not listed, though Juju still lists it, and nothing is written to it', async () => {
  const sent: string[] = [];
  const { unit, seen } = observer((endpoint, { hook: { relation } }) => {
    endpoint.relation(relation?.id ?? 'db:1').toPublish.late = 1;
    for (const other of endpoint.relations) other.toPublish.here = 1;
    return endpoint.relations.names();
  });
  unit.putUnit('db:2', 'redis/0', {});
  unit.putRelation('db:1', { application: 'redis', units: {} });
  unit.wrap = (tools) =>
    withTools(tools, {
      relationSet: ({ relationId }) => {
        sent.push(relationId);
      },
    });
  await unit.run('db-relation-broken', { relation: 'db:1' });
  expect(seen).toEqual([['db:2']]);
  expect(sent).toEqual(['db:2']);
});

test('B24: while another endpoint breaks, the relations of this one are listed and written', async () => {
  const { unit, seen } = observer((endpoint) => {
    for (const relation of endpoint.relations) relation.toPublish.here = 1;
    return endpoint.relations.names();
  });
  unit.putUnit('db:1', 'redis/0', {});
  unit.putRelation('cluster:7', { application: 'web', units: {} });
  await unit.run('cluster-relation-broken', { relation: 'cluster:7' });
  expect(seen).toEqual([['db:1']]);
  expect(unit.published('db:1').unit).toEqual({ here: '1' });
});

test('B23: what is written in the last departed hook is published', async () => {
  const { unit } = observer((endpoint) => {
    for (const { relation } of endpoint.allDepartedUnits) relation.toPublish.goodbye = 1;
  });
  await unit.join('db:1', 'redis/0');
  await unit.depart('db:1', 'redis/0');
  expect(unit.published('db:1').unit).toEqual({ goodbye: '1' });
});

test('one object stands for a relation and for a unit, however it is come by', async () => {
  const { unit, seen } = observer((endpoint) => [
    endpoint.relations[0] === endpoint.relations.get('db:1'),
    endpoint.relation('db:1') === endpoint.relations[0],
    endpoint.allJoinedUnits[0] === endpoint.relations[0]?.joinedUnits[0],
    endpoint.allJoinedUnits[0]?.relation === endpoint.relations[0],
    [endpoint.relations, endpoint.relations].every((list, _, [first]) => list === first),
  ]);
  unit.putUnit('db:1', 'redis/0', {});
  await unit.run('update-status');
  expect(seen).toEqual([[true, true, true, true, true]]);
});

test('a relation id that Juju gives without its endpoint is completed', async () => {
  const { unit, seen } = observer(({ relations }) => relations.names());
  unit.wrap = (tools) =>
    withTools(tools, {
      relationIds: (name) => (name === 'db' ? ['7', 'db:12'] : []),
      relationList: () => [],
    });
  await unit.run('update-status');
  expect(seen).toEqual([['db:7', 'db:12']]);
});
