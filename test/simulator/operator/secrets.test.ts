import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { relationBetween } from '../../../src/simulator/operator/integration.ts';
import { removeApplication, removeRelation } from '../../../src/simulator/operator/lifecycle.ts';
import {
  addSecret,
  grantSecret,
  listSecrets,
  removeSecret,
  revokeSecret,
  showSecret,
  updateSecret,
} from '../../../src/simulator/operator/secrets.ts';
import { SecretModel } from '../hook-tools/secret-model.ts';
import { answer, refusal } from '../tool-caller.ts';

const NONE = '9m4e2mr0ui3e8a215n4g';
const NOW = '2026-01-02T03:04:05Z';
const LATER = '2026-01-02T04:04:05Z';

let model: SecretModel;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW), toFake: ['Date'] });
  model = new SecretModel();
});

afterEach(() => {
  vi.useRealTimers();
});

function read(unit: string, reference: string, ...args: readonly string[]): string {
  return answer(model.outside(unit), 'secret-get', reference, ...args);
}

function only<Value>(record: Readonly<Record<string, Value>>): Value | undefined {
  const [value, ...more] = Object.values(record);
  if (more.length > 0) throw new Error(`${more.length} more`);
  return value;
}

describe('an operator', () => {
  it('makes a secret that nobody reads before it is granted', () => {
    const uri = addSecret(model.state, 'token', { token: 'a', 'raw#base64': 'AA==' }, { description: 'd' });
    expect(uri).toMatch(/^secret:[0-9a-v]{20}$/);
    expect(refusal(model.outside('wp/0'), 'secret-get', uri)).toBe('1 ERROR permission denied');
    grantSecret(model.state, uri, ['wp', 'cache']);
    grantSecret(model.state, 'token', ['wp']);
    expect(read('wp/0', uri, 'token')).toBe('a\n');
    expect(read('cache/0', uri, 'raw#base64')).toBe('AA==\n');
    expect(refusal(model.outside('mysql/0'), 'secret-get', uri)).toBe('1 ERROR permission denied');
    revokeSecret(model.state, 'token', ['wp']);
    expect(refusal(model.outside('wp/0'), 'secret-get', uri)).toBe('1 ERROR permission denied');
  });

  it('lets no charm change what it does not own', () => {
    const id = addSecret(model.state, 'token', { token: 'a' });
    grantSecret(model.state, 'token', ['wp']);
    expect(refusal(model.outside('wp/0'), 'secret-set', id, 'token=b')).toContain('not found');
    expect(answer(model.outside('wp/0'), 'secret-ids', '--format=json')).toBe('null\n');
    expect(refusal(model.outside('wp/0'), 'secret-get', '--label=token')).toContain('not found');
  });

  it('changes content, name and description, and makes a revision only of other content', () => {
    addSecret(model.state, 'token', { token: 'a' });
    updateSecret(model.state, 'token', { content: { token: 'a' }, description: 'new' });
    expect(only(listSecrets(model.state))).toMatchObject({ revision: 1, description: 'new' });
    updateSecret(model.state, 'token', { content: { token: 'b' }, name: 'other' });
    expect(only(showSecret(model.state, 'other', { reveal: true }))).toMatchObject({
      revision: 2,
      name: 'other',
      content: { Data: { token: 'b' } },
    });
  });

  it('prunes revisions that nobody reads any more, at once and later', () => {
    const uri = addSecret(model.state, 'token', { token: 'a' });
    grantSecret(model.state, 'token', ['wp']);
    const revisions = () => only(showSecret(model.state, 'token', { revisions: true }))?.revisions;
    const numbers = () => revisions()?.map(({ revision }) => revision);
    updateSecret(model.state, 'token', { content: { token: 'b' } });
    read('wp/0', uri);
    updateSecret(model.state, 'token', { content: { token: 'c' } });
    expect(numbers()).toEqual([1, 2, 3]);
    updateSecret(model.state, 'token', { autoPrune: true });
    expect(numbers()).toEqual([2, 3]);
    read('wp/0', uri, '--refresh');
    expect(numbers()).toEqual([3]);
  });

  it('removes a secret, or one revision', () => {
    const uri = addSecret(model.state, 'token', { token: 'a' });
    updateSecret(model.state, uri, { content: { token: 'b' } });
    removeSecret(model.state, uri, 1);
    expect(() => showSecret(model.state, 'token', { revision: 1 })).toThrow('secret revision 1 not found');
    removeSecret(model.state, 'token');
    expect(listSecrets(model.state)).toEqual({});
  });

  it('is refused in the words of juju', () => {
    addSecret(model.state, 'token', { token: 'a' });
    const charms = model.add('mysql/0');
    const refused: [() => unknown, string | RegExp][] = [
      [() => addSecret(model.state, 'token', { abc: 'b' }), 'secret with name "token" already exists'],
      [() => addSecret(model.state, 'other', {}), 'missing secret value or filename'],
      [() => addSecret(model.state, 'other', { ab: 'x' }), 'key "ab" not valid'],
      [() => updateSecret(model.state, 'nope', { description: 'x' }), 'secret "nope" not found'],
      [() => updateSecret(model.state, 'token', {}), 'at least one attribute to update must be specified'],
      [() => updateSecret(model.state, charms, { description: 'x' }), 'permission denied'],
      [() => removeSecret(model.state, charms), 'permission denied'],
      [() => removeSecret(model.state, `secret:${NONE}`), `secret "${NONE}" not found`],
      [() => showSecret(model.state, NONE), `secret "${NONE}" not found`],
      [() => grantSecret(model.state, charms, ['wp']), 'permission denied'],
      [
        () => grantSecret(model.state, 'token', ['wp', 'nope']),
        /^failed to grant\/revoke secret: cannot change access to "secret:.{20}" for "nope": application "nope" not found$/,
      ],
      [
        () => showSecret(model.state, 'token', { revisions: true, reveal: true }),
        'specify either --revisions or --reveal but not both',
      ],
    ];
    for (const [act, why] of refused) expect(act).toThrow(why);
    expect(only(showSecret(model.state, 'token'))?.access).toHaveLength(1);
  });

  it('gives a secret the name of one that was renamed, and not that of another', () => {
    addSecret(model.state, 'one', { abc: 'x' });
    addSecret(model.state, 'two', { abc: 'x' });
    expect(() => updateSecret(model.state, 'one', { name: 'two' })).toThrow('already exists');
    updateSecret(model.state, 'two', { name: 'three' });
    updateSecret(model.state, 'one', { name: 'two' });
    const names = Object.values(listSecrets(model.state)).map(({ name }) => name);
    expect(names).toEqual(['two', 'three']);
  });
});

describe('secrets and show-secret', () => {
  it("have juju's keys, in its order, and show no content that was not asked for", () => {
    const id = model.add('mysql/0', '--label=root', '--description=d', '--rotate=daily', '--expire=2h');
    model.run('mysql/0', ['secret-grant', id, '-r', '1', '--unit=wp/0']);
    const own = model.add('mysql/1', '--owner=unit');
    vi.setSystemTime(new Date(LATER));
    const user = addSecret(model.state, 'token', { token: 'a' }).replace('secret:', '');
    grantSecret(model.state, 'token', ['cache']);
    const listed = listSecrets(model.state);
    expect(Object.keys(listed)).toEqual([id, own, user]);
    expect(JSON.stringify(listed[id])).toBe(
      `{"revision":1,"checksum":"${listed[id]?.checksum}","expires":"2026-01-02T05:04:05Z","rotation":"daily","rotates":"2026-01-03T03:04:05Z","owner":"mysql","description":"d","label":"root","created":"${NOW}","updated":"${NOW}"}`,
    );
    expect(listed[own]).toMatchObject({ owner: 'mysql/1' });
    expect(listed[user]).toEqual({
      ...{ revision: 1, checksum: expect.stringMatching(/^[0-9a-f]{64}$/), owner: '<model>', name: 'token' },
      ...{ created: LATER, updated: LATER },
    });
    expect(only(showSecret(model.state, id))?.access).toEqual([
      { target: 'unit-wp-0', scope: 'relation-wp.db#mysql.server', role: 'view' },
    ]);
    expect(only(showSecret(model.state, 'token'))?.access).toEqual([
      { target: 'application-cache', scope: `model-${model.state.uuid}`, role: 'view' },
    ]);
  });

  it('reveal one revision, the latest where none is named', () => {
    const id = model.add('mysql/0');
    model.run('mysql/0', ['secret-set', id, 'password=two']);
    const reveal = (revision?: number) =>
      only(showSecret(model.state, id, { reveal: true, ...(revision === undefined ? {} : { revision }) }));
    expect(reveal()?.content).toEqual({ Data: { password: 'two' } });
    expect(reveal(1)?.content).toEqual({ Data: { password: 'one' } });
    expect(only(showSecret(model.state, id, { revision: 1 }))).not.toHaveProperty('content');
  });

  it('list revisions with their times', () => {
    const id = model.add('mysql/0');
    vi.setSystemTime(new Date(LATER));
    model.run('mysql/0', ['secret-set', id, 'password=two', '--expire=2031-01-01T00:00:00Z']);
    expect(only(showSecret(model.state, id, { revisions: true }))?.revisions).toEqual([
      { revision: 1, backend: 'internal', created: NOW, updated: NOW },
      { revision: 2, backend: 'internal', created: LATER, updated: LATER, expires: '2031-01-01T00:00:00Z' },
    ]);
  });
});

describe('what goes with its owner', () => {
  it('is the secrets of a unit and of an application, and what the application was granted', () => {
    const ours = model.add('mysql/0');
    const own = model.add('mysql/1', '--owner=unit');
    const theirs = model.add('wp/0');
    model.run('wp/0', ['secret-grant', theirs, '-r', '1']);
    addSecret(model.state, 'token', { token: 'a' });
    grantSecret(model.state, 'token', ['mysql']);
    read('mysql/1', theirs);
    model.unit('mysql/1').life = 'dying';
    model.settle();
    expect(model.state.secrets[theirs]?.consumers).toEqual({});
    expect(Object.keys(model.state.secrets)).not.toContain(own);
    const { mysql } = model.state.applications;
    if (mysql !== undefined) removeApplication(model.state, mysql);
    model.settle();
    expect(Object.keys(model.state.secrets)).not.toContain(ours);
    expect(only(showSecret(model.state, theirs))).not.toHaveProperty('access');
    expect(only(showSecret(model.state, 'token'))).not.toHaveProperty('access');
  });

  it('is a grant with its relation', () => {
    const id = model.add('mysql/0');
    model.run('mysql/0', ['secret-grant', id, '-r', '1']);
    removeRelation(model.state, relationBetween(model.state, 'wp', 'mysql'));
    model.settle();
    expect(only(showSecret(model.state, id))).not.toHaveProperty('access');
  });
});
