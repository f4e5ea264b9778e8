import { describe, expect, it } from 'vitest';
import type { HookTools } from '../../src/tools/hook-tools.ts';
import type { SecretContent } from '../../src/tools/secret-content.ts';
import {
  type Begin,
  describeTools,
  type MakeTools,
  refusalOf,
  type ToolsSecret,
} from './tools-under-test.ts';

const MINE = '9m4e2mr0ui3e8a215n4g';
const OURS = '9m4e2mr0ui3e8a215n50';
const THEIRS = '9m4e2mr0ui3e8a215n60';
const NONE = '9m4e2mr0ui3e8a215n70';

const SECRETS: Readonly<Record<string, ToolsSecret>> = {
  [MINE]: { owner: 'unit', label: 'mine', revisions: [{ password: 'one' }] },
  [OURS]: { owner: 'application', label: 'ours', revisions: [{ token: 'one' }] },
  [THEIRS]: { owner: 'other', revisions: [{ password: 'one' }, { password: 'two' }] },
};

/** The rules of secrets that every implementation of `HookTools` keeps. */
export function describeSecretTools(name: string, make: MakeTools): void {
  describeTools(name, make, (begin) => {
    const beginWithSecrets = (isLeader = true) => begin({ isLeader, secrets: SECRETS });
    describe('reading a secret', () => describeReading(beginWithSecrets));
    describe('making a secret', () => describeMaking(begin));
    describe('changing a secret', () => describeChanging(beginWithSecrets));
    describe('sharing a secret', () => describeSharing(beginWithSecrets));
    describe('removing a secret', () => describeRemoving(beginWithSecrets));
  });
}

type BeginWithSecrets = (isLeader?: boolean) => ReturnType<Begin>;

function describeReading(begin: BeginWithSecrets): void {
  it('goes by id, with secret: or without', () => {
    const { tools } = begin();
    expect(tools.secretGet({ id: `secret:${THEIRS}` })).toEqual({ password: 'two' });
    expect(tools.secretGet({ id: THEIRS })).toEqual({ password: 'two' });
  });

  it('stays with the revision that was read first; a peek sees the newest, and a refresh moves on for good', () => {
    const { tools, revise, rollback } = begin();
    const read = (revision?: 'peek' | 'refresh') => tools.secretGet({ id: THEIRS }, revision).password;
    expect(read()).toBe('two');
    revise(THEIRS, { password: 'three' });
    expect([read(), read('peek'), read()]).toEqual(['two', 'three', 'two']);
    expect([read('refresh'), read()]).toEqual(['three', 'three']);
    revise(THEIRS, { password: 'four' });
    // What a reader tracks is kept even when the hook fails.
    rollback();
    expect([read(), read('peek')]).toEqual(['three', 'four']);
  });

  it('gives it a label, by which this unit knows it from then on', () => {
    const { tools, rollback } = begin();
    expect(refusalOf(() => tools.secretGet({ label: 'database' }))).toMatchObject({
      exitCode: 1,
      isNotFound: true,
      isGone: false,
    });
    tools.secretGet({ id: THEIRS, label: 'database' });
    rollback();
    expect(tools.secretGet({ label: 'database' })).toEqual({ password: 'two' });
    expect(tools.secretGet({ label: 'database' }, 'peek')).toEqual({ password: 'two' });
  });

  it("goes by its owner's label for its owner", () => {
    expect(begin().tools.secretGet({ label: 'mine' })).toEqual({ password: 'one' });
    expect(begin().tools.secretGet({ label: 'ours' })).toEqual({ token: 'one' });
    expect(refusalOf(() => begin(false).tools.secretGet({ label: 'ours' })).isNotFound).toBe(true);
  });

  it('that is not there is refused as not found', () => {
    const { tools } = begin();
    const asked = [
      () => tools.secretGet({ id: NONE }),
      () => tools.secretGet({ id: `secret:${NONE}` }, 'refresh'),
      () => tools.secretGetBytes(NONE, 'password'),
      () => tools.secretGetBytes(THEIRS, 'other'),
    ];
    for (const ask of asked) expect(refusalOf(ask)).toMatchObject({ exitCode: 1, isNotFound: true });
  });

  it('gives a fresh copy each time', () => {
    const { tools } = begin();
    Object.assign(tools.secretGet({ id: MINE }), { password: 'changed' });
    expect(tools.secretGet({ id: MINE })).toEqual({ password: 'one' });
  });
}

function describeMaking(begin: Begin): void {
  it('gives its id at once, but makes it when the hook succeeds', () => {
    const { tools, commit, rollback } = begin({ isLeader: true });
    const kept = tools.secretAdd({ password: 'a' });
    expect(kept).toMatch(/^secret:[0-9a-z]{20}$/);
    expect(tools.secretIds()).toEqual([kept]);
    expect(tools.secretGet({ id: kept })).toEqual({ password: 'a' });
    commit();
    const dropped = tools.secretAdd({ password: 'b' }, { label: 'gone' });
    rollback();
    expect(dropped).not.toBe(kept);
    expect(tools.secretIds()).toEqual([kept]);
    expect(tools.secretGet({ id: kept })).toEqual({ password: 'a' });
    expect(refusalOf(() => tools.secretGet({ id: dropped })).isNotFound).toBe(true);
    expect(refusalOf(() => tools.secretGet({ label: 'gone' })).isNotFound).toBe(true);
  });

  it('keeps every text to the letter', () => {
    const { tools, commit } = begin();
    const content = {
      empty: '',
      spaces: '  a\n',
      equals: 'a=b==',
      base64: 'AA==',
      signs: '<&>"\'\\$(id)\u2028',
      long: 'é😀'.repeat(40_000),
    };
    const id = tools.secretAdd(content, { owner: 'unit' });
    commit();
    expect({ ...tools.secretGet({ id }) }).toEqual(content);
  });

  it('keeps bytes that are no text, which are read as bytes', () => {
    const { tools, commit } = begin();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const id = tools.secretAdd({ bytes, text: 'é' }, { owner: 'unit' });
    expect(tools.secretGetBytes(id, 'bytes')).toEqual(bytes);
    bytes.fill(0);
    commit();
    expect([...tools.secretGetBytes(id, 'bytes').slice(0, 3)]).toEqual([0, 1, 2]);
    expect(tools.secretGetBytes(id.replace('secret:', ''), 'text', 'peek')).toEqual(
      new Uint8Array([0xc3, 0xa9]),
    );
    expect(tools.secretGet({ id })).toMatchObject({ text: 'é' });
  });

  it('tells of it what was said, and nothing that was not', () => {
    const { tools, commit } = begin({ isLeader: true });
    const bare = tools.secretAdd({ password: 'a' }, { owner: 'unit', description: '' });
    expect(tools.secretInfo({ id: bare })).toEqual({ id: bare, revision: 1, owner: 'unit' });
    const full = tools.secretAdd(
      { password: 'a' },
      { label: 'all', description: 'two words', rotate: 'monthly', expire: '2031-01-02T03:04:05Z' },
    );
    commit();
    const { expiry, ...known } = tools.secretInfo({ label: 'all' });
    expect(known).toEqual({
      ...{ id: full, revision: 1, owner: 'application', label: 'all' },
      ...{ description: 'two words', rotation: 'monthly' },
    });
    expect(Date.parse(expiry ?? '')).toBe(Date.UTC(2031, 0, 2, 3, 4, 5));
    expect(tools.secretInfo({ id: full.replace('secret:', ''), label: 'ignored' }).label).toBe('all');
  });

  it('takes a duration for its expiry', () => {
    const { tools } = begin();
    const id = tools.secretAdd({ password: 'a' }, { owner: 'unit', expire: '24h' });
    expect(Date.parse(tools.secretInfo({ id }).expiry ?? '')).toBeGreaterThan(Date.now());
  });

  it.each<[string, SecretContent, object]>([
    ['without content', {}, {}],
    ['with a key in capitals', { Password: 'a' }, {}],
    ['with a short key', { ab: 'a' }, {}],
    ['with a key that ends in a hyphen', { 'abc-': 'a' }, {}],
    ['with a key that would be read as another one', { 'abc=d': 'a' }, {}],
    ['with a key that would name a file', { 'abc#file': '/etc/passwd' }, {}],
    ['with a key of an object', JSON.parse('{"__proto__": "a"}'), {}],
    ['with a rotation that is none', { password: 'a' }, { rotate: 'always' }],
    ['with an expiry that is none', { password: 'a' }, { expire: 'soon' }],
  ])('is refused as malformed %s', (_, content, settings) => {
    const { tools } = begin();
    const refusal = refusalOf(() => tools.secretAdd(content, { owner: 'unit', ...settings }));
    expect(refusal).toMatchObject({ exitCode: 2, isRefused: false, isNotFound: false });
    expect(refusal.command[0]).toBe('secret-add');
    expect(tools.secretIds()).toEqual([]);
  });

  it('is for the leader, where the application owns it', () => {
    const { tools } = begin();
    const refusal = refusalOf(() => tools.secretAdd({ password: 's3cret' }));
    expect(refusal).toMatchObject({ exitCode: 1, isRefused: true });
    expect(refusal.message).toContain('this unit is not the leader');
    expect(refusal.message).not.toContain('s3cret');
  });

  it('takes each label once', () => {
    const { tools } = begin();
    tools.secretAdd({ password: 'a' }, { owner: 'unit', label: 'once' });
    const again = () => tools.secretAdd({ password: 'b' }, { owner: 'unit', label: 'once' });
    expect(refusalOf(again)).toMatchObject({ exitCode: 1 });
    expect(refusalOf(again).message).toContain('already exists');
  });
}

function describeChanging(begin: BeginWithSecrets): void {
  it('makes a revision when the hook succeeds, whatever was read', () => {
    const { tools, commit, rollback } = begin();
    const read = (revision?: 'peek' | 'refresh') => tools.secretGet({ id: MINE }, revision).password;
    tools.secretSet(MINE, { content: { password: 'dropped' } });
    rollback();
    expect([read(), read('peek')]).toEqual(['one', 'one']);
    tools.secretSet(`secret:${MINE}`, { content: { password: 'two' } });
    expect([read(), read('peek'), read()]).toEqual(['one', 'two', 'one']);
    expect(tools.secretInfo({ id: MINE }).revision).toBe(1);
    commit();
    expect(tools.secretInfo({ id: MINE }).revision).toBe(2);
    expect([read(), read('refresh'), read()]).toEqual(['one', 'two', 'two']);
  });

  it('that is refreshed in the same hook is tracked only when the hook succeeds', () => {
    const { tools, commit, rollback } = begin();
    const read = (revision?: 'refresh') => tools.secretGet({ id: MINE }, revision).password;
    const change = () => {
      tools.secretSet(MINE, { content: { password: 'two' } });
      return [read(), read('refresh'), read()];
    };
    expect(change()).toEqual(['one', 'two', 'one']);
    rollback();
    expect(read()).toBe('one');
    change();
    commit();
    expect(read()).toBe('two');
  });

  it('makes one revision a hook, of the content that was set last', () => {
    const { tools, commit } = begin();
    tools.secretSet(MINE, { content: { password: 'two' } });
    tools.secretSet(MINE, { description: 'new' });
    tools.secretSet(MINE, { content: { password: 'three', other: 'x' } });
    commit();
    expect(tools.secretGet({ id: MINE }, 'peek')).toEqual({ password: 'three', other: 'x' });
    expect(tools.secretInfo({ id: MINE })).toMatchObject({ revision: 2, description: 'new', label: 'mine' });
  });

  it('makes none for content as it was, or for settings alone', () => {
    const { tools, commit, rollback } = begin();
    tools.secretSet(MINE, { content: { password: 'one' } });
    tools.secretSet(MINE, { label: 'dropped' });
    rollback();
    tools.secretSet(MINE, { content: { password: 'one' }, rotate: 'daily' });
    tools.secretSet(MINE, { label: 'newer', description: '' });
    expect(tools.secretInfo({ label: 'newer' }).id).toBe(`secret:${MINE}`);
    commit();
    expect(tools.secretInfo({ id: MINE })).toEqual({
      ...{ id: `secret:${MINE}`, revision: 1, owner: 'unit', label: 'newer', rotation: 'daily' },
    });
    expect(refusalOf(() => tools.secretInfo({ label: 'mine' })).isNotFound).toBe(true);
  });

  it('changes one that the same hook makes, which then has one revision', () => {
    const { tools, commit } = begin();
    const id = tools.secretAdd({ password: 'a' }, { owner: 'unit' });
    tools.secretSet(id, { content: { password: 'b' }, label: 'late' });
    expect(tools.secretGet({ id })).toEqual({ password: 'b' });
    commit();
    expect(tools.secretInfo({ label: 'late' })).toMatchObject({ id, revision: 1 });
    expect(tools.secretGet({ id })).toEqual({ password: 'b' });
  });

  it('is for the leader, where the application owns it', () => {
    const { tools } = begin(false);
    const asked = [
      () => tools.secretSet(OURS, { description: 'x' }),
      () => tools.secretGrant(OURS, { relationId: 'db:2' }),
      () => tools.secretRevoke(OURS, { application: 'redis' }),
      () => tools.secretRemove(OURS),
    ];
    for (const ask of asked) expect(refusalOf(ask)).toMatchObject({ exitCode: 1, isRefused: true });
    expect(tools.secretIds()).toEqual([`secret:${MINE}`]);
    expect(refusalOf(() => tools.secretInfo({ id: OURS })).isNotFound).toBe(true);
    expect(tools.secretGet({ id: OURS })).toEqual({ token: 'one' });
  });

  it('of somebody else, or that is not there, is refused as not found', () => {
    const { tools } = begin();
    for (const id of [THEIRS, NONE]) {
      const asked = [
        () => tools.secretSet(id, { content: { password: 'x' } }),
        () => tools.secretInfo({ id }),
        () => tools.secretGrant(id, { relationId: 'db:2' }),
        () => tools.secretRevoke(id, { unit: 'redis/2' }),
        () => tools.secretRemove(id),
      ];
      for (const ask of asked) expect(refusalOf(ask)).toMatchObject({ exitCode: 1, isNotFound: true });
    }
    expect(tools.secretIds().sort()).toEqual([`secret:${MINE}`, `secret:${OURS}`]);
  });

  it('is refused as malformed with a key that is none', () => {
    const { tools } = begin();
    const refusal = refusalOf(() => tools.secretSet(MINE, { content: { 'password#file': '/etc/passwd' } }));
    expect(refusal).toMatchObject({ exitCode: 2 });
    expect(refusal.command[0]).toBe('secret-set');
  });
}

function describeSharing(begin: BeginWithSecrets): void {
  const targets = (tools: HookTools) =>
    (tools.secretInfo({ id: MINE }).access ?? []).map(({ target, role }) => `${target} ${role}`).sort();

  it('grants it to the other side of a relation, or to one unit there, when the hook succeeds', () => {
    const { tools, commit, rollback } = begin();
    expect(targets(tools)).toEqual([]);
    tools.secretGrant(MINE, { relationId: 'db:2' });
    rollback();
    expect(targets(tools)).toEqual([]);
    tools.secretGrant(MINE, { relationId: 'db:2' });
    tools.secretGrant(`secret:${MINE}`, { relationId: 'db2:3', unit: 'mysql/0' });
    const granted = ['application-redis view', 'unit-mysql-0 view'];
    expect(targets(tools)).toEqual(granted);
    commit();
    expect(targets(tools)).toEqual(granted);
  });

  it('grants it once, and not to units of an application that has it', () => {
    const { tools } = begin();
    tools.secretGrant(MINE, { relationId: 'db:2' });
    tools.secretGrant(MINE, { relationId: 'db:2' });
    tools.secretGrant(MINE, { relationId: 'db:2', unit: 'redis/2' });
    expect(targets(tools)).toEqual(['application-redis view']);
  });

  it('refuses it to an application of which units have it already', () => {
    const { tools } = begin();
    tools.secretGrant(MINE, { relationId: 'db:2', unit: 'redis/2' });
    tools.secretGrant(MINE, { relationId: 'db:2', unit: 'redis/10' });
    const refusal = refusalOf(() => tools.secretGrant(MINE, { relationId: 'db:2' }));
    expect(refusal).toMatchObject({ exitCode: 1, isRefused: false });
    expect(targets(tools)).toEqual(['unit-redis-10 view', 'unit-redis-2 view']);
  });

  it('refuses it to a unit that is not of the relation, and through a relation that is gone', () => {
    const { tools } = begin();
    const foreign = refusalOf(() => tools.secretGrant(MINE, { relationId: 'db:2', unit: 'mysql/0' }));
    expect(foreign).toMatchObject({ exitCode: 2, isGone: false });
    expect(foreign.message).toContain('cannot specify unit "mysql/0" in relation to application "redis"');
    const asked = [
      () => tools.secretGrant(MINE, { relationId: 'db:99' }),
      () => tools.secretRevoke(MINE, { relationId: 'db:99' }),
    ];
    for (const ask of asked)
      expect(refusalOf(ask)).toMatchObject({ exitCode: 2, isGone: true, isNotFound: false });
  });

  it.each<[string, Parameters<HookTools['secretRevoke']>[1], readonly string[]]>([
    ['a relation', { relationId: 'db2:3' }, ['unit-redis-10 view', 'unit-redis-2 view']],
    [
      'a unit in a relation',
      { relationId: 'db:2', unit: 'redis/2' },
      ['application-mysql view', 'unit-redis-10 view'],
    ],
    ['a unit', { unit: 'redis/10' }, ['application-mysql view', 'unit-redis-2 view']],
    ['an application', { application: 'mysql' }, ['unit-redis-10 view', 'unit-redis-2 view']],
    [
      'one that never had it',
      { application: 'redis' },
      ['application-mysql view', 'unit-redis-10 view', 'unit-redis-2 view'],
    ],
  ])('takes it from %s', (_, from, left) => {
    const { tools } = begin();
    tools.secretGrant(MINE, { relationId: 'db:2', unit: 'redis/2' });
    tools.secretGrant(MINE, { relationId: 'db:2', unit: 'redis/10' });
    tools.secretGrant(MINE, { relationId: 'db2:3' });
    tools.secretRevoke(MINE, from);
    expect(targets(tools)).toEqual(left);
  });

  it('takes it when the hook succeeds', () => {
    const { tools, commit, rollback } = begin();
    tools.secretGrant(MINE, { relationId: 'db:2' });
    commit();
    tools.secretRevoke(MINE, { relationId: 'db:2' });
    rollback();
    expect(targets(tools)).toEqual(['application-redis view']);
    tools.secretRevoke(MINE, { relationId: 'db:2' });
    commit();
    expect(targets(tools)).toEqual([]);
  });
}

function describeRemoving(begin: BeginWithSecrets): void {
  it('takes it away when the hook succeeds; until then it can be read', () => {
    const { tools, commit, rollback } = begin();
    tools.secretRemove(MINE);
    expect(tools.secretIds()).toEqual([`secret:${OURS}`]);
    expect(tools.secretGet({ id: MINE })).toEqual({ password: 'one' });
    rollback();
    expect(tools.secretIds()).toHaveLength(2);
    tools.secretRemove(`secret:${MINE}`);
    commit();
    expect(tools.secretIds()).toEqual([`secret:${OURS}`]);
    expect(refusalOf(() => tools.secretGet({ id: MINE })).isNotFound).toBe(true);
  });

  it('takes away one revision where it is named', () => {
    const { tools, commit } = begin();
    tools.secretGet({ id: MINE });
    tools.secretSet(MINE, { content: { password: 'two' } });
    commit();
    tools.secretRemove(MINE, 1);
    commit();
    expect(refusalOf(() => tools.secretGet({ id: MINE })).isNotFound).toBe(true);
    expect(tools.secretGet({ id: MINE }, 'refresh')).toEqual({ password: 'two' });
    expect(tools.secretInfo({ id: MINE }).revision).toBe(2);
  });

  it('drops what the same hook would have made of it', () => {
    const { tools, commit } = begin();
    const id = tools.secretAdd({ password: 'a' }, { owner: 'unit' });
    tools.secretRemove(id);
    expect(refusalOf(() => tools.secretGet({ id })).isNotFound).toBe(true);
    tools.secretSet(MINE, { content: { password: 'two' } });
    tools.secretRemove(MINE, 2);
    commit();
    expect(tools.secretGet({ id: MINE }, 'peek')).toEqual({ password: 'one' });
    expect(tools.secretIds()).toHaveLength(2);
  });

  it.each([0, -1, 1.5, Number.NaN])('is refused for revision %s, which is none', (revision) => {
    const { tools, commit } = begin();
    expect(refusalOf(() => tools.secretRemove(MINE, revision)).exitCode).toBe(2);
    commit();
    expect(tools.secretIds()).toHaveLength(2);
  });
}
