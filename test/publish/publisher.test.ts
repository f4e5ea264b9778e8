import { describe, expect, it } from 'vitest';
import { readHookContext } from '../../src/hook/environment.ts';
import { publish } from '../../src/publish/publisher.ts';
import { Relation } from '../../src/relations/relation.ts';
import { HookToolError } from '../../src/tools/errors.ts';
import { MemoryTools } from '../../src/tools/memory-tools.ts';
import { cleanUpStores, makeStorePath, openStore } from '../store/store-folder.ts';

cleanUpStores();

const hook = readHookContext({ JUJU_UNIT_NAME: 'web/0', JUJU_HOOK_NAME: 'update-status' });

/** A unit in the middle of a hook, with a log of what the outside is told and what is stored. */
function makeHook({ isLeader = true }: { readonly isLeader?: boolean } = {}) {
  const log: string[] = [];
  const tools = new MemoryTools({
    unit: 'web/0',
    isLeader,
    relations: {
      'db:1': { application: 'redis', units: { 'redis/0': {} } },
      'db:2': { application: 'redis', units: {} },
    },
  });
  const { relationSet, relationGet } = tools;
  tools.relationSet = (target, settings) => {
    log.push(`relation-set ${target.relationId}${target.app ? ' app' : ''} ${JSON.stringify(settings)}`);
    relationSet.call(tools, target, settings);
  };
  tools.relationGet = (owner) => {
    log.push(`relation-get ${owner.relationId} ${owner.member}`);
    return relationGet.call(tools, owner);
  };
  const file = makeStorePath();
  const store = openStore(file);
  const flush = store.flush.bind(store);
  store.flush = (save) => {
    log.push(`flush ${save ?? true}`);
    flush(save);
  };
  const begin = () => {
    const relations = ['db:1', 'db:2'].map((id) => new Relation(id, { hook, tools })) as [Relation, Relation];
    return { relations, end: () => publish({ relations, tools, store }) };
  };
  return { log, tools, store, file, begin };
}

/** What a hook before this one published, committed. */
function publishFirst(made: ReturnType<typeof makeHook>): void {
  const { relations, end } = made.begin();
  relations[0].toPublish.host = '10.0.0.1';
  relations[0].toPublish.port = 80;
  relations[0].toPublishApp.leader = 'web/0';
  end();
  made.tools.commit();
  made.log.length = 0;
}

describe('what Juju is told', () => {
  it('is one relation-set a bag, unit before application, then the commit', () => {
    const made = makeHook();
    const { relations, end } = made.begin();
    relations[1].toPublishRaw.plain = 'text';
    relations[0].toPublishApp.b = [1, 2.5];
    relations[0].toPublish.host = '10.0.0.1';
    relations[0].toPublish.map = { b: 1, a: 'é' };
    made.log.length = 0;
    end();
    expect(made.log).toEqual([
      'relation-set db:1 {"host":"\\"10.0.0.1\\"","map":"{\\"a\\": \\"\\\\u00e9\\", \\"b\\": 1}"}',
      'relation-set db:1 app {"b":"[1, 2.5]"}',
      'relation-set db:2 {"plain":"text"}',
      'flush true',
    ]);
  });

  it('is nothing when nothing was published: not a single tool is called', () => {
    const made = makeHook();
    made.begin().end();
    expect(made.log).toEqual(['flush true']);
  });

  it('is nothing when the same is published again (B28)', () => {
    const made = makeHook();
    publishFirst(made);
    const { relations, end } = made.begin();
    relations[0].toPublish.host = '10.0.0.1';
    relations[0].toPublishRaw.port = '80';
    relations[0].toPublishApp.leader = 'web/0';
    relations[1].toPublish.never = null;
    delete relations[1].toPublishRaw.missing;
    end();
    expect(made.log.filter((line) => !line.startsWith('relation-get'))).toEqual(['flush true']);
  });

  it('is nothing when a change was taken back in the same hook', () => {
    const made = makeHook();
    publishFirst(made);
    const { relations, end } = made.begin();
    relations[0].toPublish.host = 'other';
    relations[0].toPublish.extra = 1;
    relations[0].toPublish.host = '10.0.0.1';
    delete relations[0].toPublish.extra;
    end();
    expect(made.log.filter((line) => !line.startsWith('relation-get'))).toEqual(['flush true']);
  });

  it('is changed keys only, and the empty text for each that was withdrawn (B26, Q16)', () => {
    const made = makeHook();
    publishFirst(made);
    const { relations, end } = made.begin();
    relations[0].toPublish.host = '10.0.0.2';
    relations[0].toPublish.port = 80;
    delete relations[0].toPublishApp.leader;
    end();
    expect(made.log.filter((line) => line.startsWith('relation-set'))).toEqual([
      'relation-set db:1 {"host":"\\"10.0.0.2\\""}',
      'relation-set db:1 app {"leader":""}',
    ]);
    made.tools.commit();
    expect(made.tools.published['db:1']).toEqual({ unit: { host: '"10.0.0.2"', port: '80' }, app: {} });
  });

  it.each([
    ['delete', (bag: Relation['toPublish']) => Reflect.deleteProperty(bag, 'port')],
    ['null', (bag: Relation['toPublish']) => Object.assign(bag, { port: null })],
    ['undefined', (bag: Relation['toPublish']) => Object.assign(bag, { port: undefined })],
  ])('withdraws a key by %s', (_, withdraw) => {
    const made = makeHook();
    publishFirst(made);
    const { relations, end } = made.begin();
    withdraw(relations[0].toPublish);
    end();
    expect(made.log).toContain('relation-set db:1 {"port":""}');
  });

  it('is not told twice when publish runs twice', () => {
    const made = makeHook();
    const { relations, end } = made.begin();
    relations[0].toPublish.host = '10.0.0.1';
    end();
    end();
    expect(made.log.filter((line) => line.startsWith('relation-set'))).toHaveLength(1);
  });

  it('keeps keys such as __proto__', () => {
    const made = makeHook();
    const { relations, end } = made.begin();
    Object.assign(relations[0].toPublishRaw, JSON.parse('{"constructor": "a"}'));
    Reflect.set(relations[0].toPublishRaw, '__proto__', 'b');
    end();
    expect(made.log).toContain('relation-set db:1 {"constructor":"a","__proto__":"b"}');
  });
});

describe('the store', () => {
  it('is committed after Juju was told', () => {
    const made = makeHook();
    made.store.set('a', 1);
    const { relations, end } = made.begin();
    relations[0].toPublish.host = '10.0.0.1';
    end();
    expect(made.log.slice(-2)).toEqual(['relation-set db:1 {"host":"\\"10.0.0.1\\""}', 'flush true']);
    made.store.close();
    expect(openStore(made.file).get('a')).toBe(1);
  });

  it('is not committed when Juju refuses a bag, and later bags are not told', () => {
    const made = makeHook();
    made.store.set('a', 1);
    const { relations, end } = made.begin();
    relations[0].toPublish.host = '10.0.0.1';
    relations[1].toPublish.host = '10.0.0.1';
    made.tools.model.relations = { 'db:2': { application: 'redis', units: {} } };
    made.log.length = 0;
    expect(end).toThrow(HookToolError);
    expect(made.log).toEqual(['relation-set db:1 {"host":"\\"10.0.0.1\\""}']);
    made.store.close();
    expect(openStore(made.file).get('a')).toBeNull();
  });

  it('is not committed when leadership was lost since the application bag was written', () => {
    const made = makeHook();
    made.store.set('a', 1);
    const { relations, end } = made.begin();
    relations[0].toPublishApp.x = 1;
    made.tools.model.isLeader = false;
    expect(end).toThrow('cannot write relation settings');
    made.store.close();
    expect(openStore(made.file).get('a')).toBeNull();
  });
});
