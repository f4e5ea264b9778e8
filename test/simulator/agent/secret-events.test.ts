import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextHook } from '../../../src/simulator/agent/events.ts';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import { hookEnvironment } from '../../../src/simulator/agent/hook-environment.ts';
import { relationBetween } from '../../../src/simulator/operator/integration.ts';
import { passLeadership, removeRelation } from '../../../src/simulator/operator/lifecycle.ts';
import { addSecret, grantSecret, updateSecret } from '../../../src/simulator/operator/secrets.ts';
import { DryModel } from '../dry-model.ts';
import { SecretModel } from '../hook-tools/secret-model.ts';
import { answer } from '../tool-caller.ts';

let model: SecretModel;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T12:00:00Z'), toFake: ['Date'] });
  model = new SecretModel();
});

afterEach(() => {
  vi.useRealTimers();
});

function addGranted(...args: readonly string[]): string {
  const id = model.add('mysql/0', ...args);
  model.run('mysql/0', ['secret-grant', id, '-r', '1']);
  return id;
}

function set(id: string, password: string): void {
  model.run('mysql/0', ['secret-set', id, `password=${password}`]);
}

function read(unit: string, id: string, ...args: readonly string[]): void {
  answer(model.outside(unit), 'secret-get', id, ...args);
}

function wait(minutes: number): void {
  vi.setSystemTime(Date.now() + minutes * 60_000);
}

/** A charm with a secret of which it makes a new revision whenever it is asked to. */
function rotate(context: HookContext): void {
  const { kind, secret } = context.hook;
  if (kind === 'install') answer(context, 'secret-add', '--rotate=hourly', 'password=first');
  if (kind === 'secret-rotate') answer(context, 'secret-set', secret?.id ?? '', `password=${Date.now()}`);
}

/** What the next hook of a unit finds in its environment about its secret. */
function secretEnvironment(unit: string): Record<string, string> {
  const hook = nextHook(model.state, model.unit(unit));
  if (hook === undefined) throw new Error(`nothing is due on ${unit}`);
  const folders = { charmFolder: '/c', toolsPath: '/t', socket: '/s', path: '/bin' };
  const environment = hookEnvironment({ context: model.context(unit, hook), ...folders });
  const about = Object.entries(environment).filter(([name]) => /SECRET|HOOK_NAME/.test(name));
  return Object.fromEntries(about);
}

describe('secret-changed', () => {
  it('tells whoever has read a secret of a new revision, once, whether or not it is read then', () => {
    const id = addGranted();
    read('wp/0', id);
    expect(model.settle()).toEqual([]);
    set(id, 'two');
    expect(model.settle()).toEqual(['wp/0 secret-changed']);
    expect(model.settle()).toEqual([]);
    set(id, 'three');
    set(id, 'four');
    expect(model.of('wp/0', model.settle())).toEqual(['secret-changed']);
  });

  it('does not tell who has moved on already, or who may not read the secret any more', () => {
    const id = addGranted();
    read('wp/0', id);
    read('wp/1', id);
    set(id, 'two');
    read('wp/0', id, '--refresh');
    model.run('mysql/0', ['secret-revoke', id, '-r', '1']);
    expect(model.of('wp/0', model.settle())).toEqual([]);
    model.run('mysql/0', ['secret-grant', id, '-r', '1']);
    expect(model.settle()).toEqual(['wp/1 secret-changed']);
  });

  it("tells the owner's other units that read it, but not the unit that made the revision", () => {
    const id = model.add('mysql/0');
    read('mysql/0', id);
    read('mysql/1', id);
    set(id, 'two');
    expect(model.settle()).toEqual(['mysql/1 secret-changed']);
  });

  it('names the secret by the label that the reader, or its application, gave it', () => {
    const id = addGranted('--label=root');
    read('wp/0', id, '--label=db');
    read('wp/1', id);
    read('mysql/1', id);
    set(id, 'two');
    const about = { JUJU_HOOK_NAME: 'secret-changed', JUJU_SECRET_ID: `secret:${id}` };
    expect(secretEnvironment('wp/0')).toEqual({ ...about, JUJU_SECRET_LABEL: 'db' });
    expect(secretEnvironment('wp/1')).toEqual({ ...about, JUJU_SECRET_LABEL: '' });
    expect(secretEnvironment('mysql/1')).toEqual({ ...about, JUJU_SECRET_LABEL: 'root' });
  });

  it('comes of a hook that succeeds alone', () => {
    const id = addGranted();
    read('wp/0', id);
    answer(model.outside('mysql/0'), 'secret-set', id, 'password=dropped');
    expect(model.settle()).toEqual([]);
  });

  it("tells readers of an operator's secret", () => {
    const uri = addSecret(model.state, 'token', { token: 'one' });
    grantSecret(model.state, 'token', ['wp']);
    read('wp/0', uri);
    updateSecret(model.state, 'token', { content: { token: 'two' } });
    expect(model.settle()).toEqual(['wp/0 secret-changed']);
  });
});

describe('secret-remove', () => {
  it('tells the owner of each revision that nobody tracks any more, once', () => {
    const id = addGranted();
    read('wp/0', id);
    set(id, 'two');
    model.settle();
    read('wp/0', id, '--refresh');
    expect(secretEnvironment('mysql/0')).toEqual({
      JUJU_HOOK_NAME: 'secret-remove',
      JUJU_SECRET_ID: `secret:${id}`,
      JUJU_SECRET_LABEL: '',
      JUJU_SECRET_REVISION: '1',
    });
    expect(model.settle()).toEqual(['mysql/0 secret-remove']);
    expect(model.settle()).toEqual([]);
    set(id, 'three');
    set(id, 'four');
    expect(model.settle()).toEqual(['mysql/0 secret-remove', 'wp/0 secret-changed']);
  });

  it('goes to a unit for what it owns, and to the leader for what its application owns', () => {
    const own = model.add('mysql/1', '--owner=unit');
    model.run('mysql/1', ['secret-set', own, 'password=two']);
    const ours = model.add('mysql/0');
    set(ours, 'two');
    expect(model.settle()).toEqual(['mysql/0 secret-remove', 'mysql/1 secret-remove']);
    const { mysql } = model.state.applications;
    if (mysql !== undefined) passLeadership(model.state, mysql);
    model.run('mysql/1', ['secret-set', ours, 'password=three']);
    expect(model.of('mysql/1', model.settle())).toContain('secret-remove');
  });

  it('has nothing more to say of a revision that was removed', () => {
    const id = model.add('mysql/0');
    set(id, 'two');
    model.run('mysql/0', ['secret-remove', id, '--revision=1']);
    expect(model.settle()).toEqual([]);
  });

  it('comes when the last reader is gone, by its relation or by its end', () => {
    const id = addGranted();
    read('wp/0', id);
    set(id, 'two');
    expect(model.of('mysql/0', model.settle())).toEqual([]);
    removeRelation(model.state, relationBetween(model.state, 'wp', 'mysql'));
    expect(model.of('mysql/0', model.settle())).toContain('secret-remove');
  });

  it('is not for the revision that is the latest, though nobody has read it', () => {
    model.add('mysql/0');
    expect(model.settle()).toEqual([]);
  });

  it("is nothing that an operator's secret comes with", () => {
    addSecret(model.state, 'token', { token: 'one' });
    updateSecret(model.state, 'token', { content: { token: 'two' } });
    expect(model.settle()).toEqual([]);
  });
});

describe('secret-rotate', () => {
  it.each([
    ['hourly', '2026-01-31T13:00:00Z'],
    ['daily', '2026-02-01T12:00:00Z'],
    ['weekly', '2026-02-07T12:00:00Z'],
    ['quarterly', '2026-05-01T12:00:00Z'],
    ['yearly', '2027-01-31T12:00:00Z'],
  ])('%s is due at %s', (policy, due) => {
    const id = model.add('mysql/0', `--rotate=${policy}`);
    expect(model.state.secrets[id]?.nextRotate).toBe(due);
    vi.setSystemTime(Date.parse(due) - 1000);
    expect(model.settle()).toEqual([]);
    vi.setSystemTime(Date.parse(due));
    expect(model.settle()).toEqual(['mysql/0 secret-rotate']);
  });

  it('comes again no sooner than after 5 minutes, until there is a new revision', () => {
    const id = model.add('mysql/0', '--rotate=hourly', '--label=root');
    wait(60);
    expect(secretEnvironment('mysql/0')).toEqual({
      JUJU_HOOK_NAME: 'secret-rotate',
      JUJU_SECRET_ID: `secret:${id}`,
      JUJU_SECRET_LABEL: 'root',
    });
    expect(model.settle()).toEqual(['mysql/0 secret-rotate']);
    wait(4);
    expect(model.settle()).toEqual([]);
    wait(1);
    expect(model.settle()).toEqual(['mysql/0 secret-rotate']);
  });

  it('that makes a revision is due again after the whole period', () => {
    const rotating = new DryModel();
    rotating.deploy('redis', { run: rotate });
    rotating.settle();
    wait(60);
    expect(rotating.settle()).toEqual(['redis/0 secret-rotate', 'redis/0 secret-remove']);
    expect(Object.values(rotating.state.secrets)).toMatchObject([
      { latest: 2, nextRotate: '2026-01-31T14:00:00Z' },
    ]);
    wait(59);
    expect(rotating.settle()).toEqual([]);
    wait(1);
    expect(rotating.settle()).toContain('redis/0 secret-rotate');
  });

  it('keeps its time when the policy changes, and has none when it is never', () => {
    const id = model.add('mysql/0', '--rotate=hourly');
    model.run('mysql/0', ['secret-set', id, '--rotate=daily']);
    expect(model.state.secrets[id]).toMatchObject({ rotate: 'daily', nextRotate: '2026-01-31T13:00:00Z' });
    model.run('mysql/0', ['secret-set', id, '--rotate=never']);
    wait(600_000);
    expect(model.settle()).toEqual([]);
  });
});

describe('secret-expired', () => {
  it('comes to the owner when the latest revision expires, and again every 5 minutes', () => {
    const id = model.add('mysql/0', '--expire=1h');
    wait(59);
    expect(model.settle()).toEqual([]);
    wait(1);
    expect(secretEnvironment('mysql/0')).toMatchObject({
      JUJU_HOOK_NAME: 'secret-expired',
      JUJU_SECRET_ID: `secret:${id}`,
      JUJU_SECRET_REVISION: '1',
    });
    expect(model.settle()).toEqual(['mysql/0 secret-expired']);
    wait(4);
    expect(model.settle()).toEqual([]);
    wait(1);
    expect(model.settle()).toEqual(['mysql/0 secret-expired']);
  });

  it.each([
    ['a new revision', ['secret-set', 'password=two']],
    ['the removal of the revision', ['secret-remove', '--revision=1']],
    ['the removal of the secret', ['secret-remove']],
    ['another time', ['secret-set', '--expire=2h']],
  ])('ends with %s', (_, [tool = '', ...args]) => {
    const id = model.add('mysql/0', '--expire=1h');
    wait(60);
    model.settle();
    model.run('mysql/0', [tool, id, ...args]);
    wait(6);
    expect(model.of('mysql/0', model.settle())).not.toContain('secret-expired');
  });

  it('comes before rotate, changed and remove', () => {
    const id = addGranted('--rotate=hourly');
    read('mysql/0', id);
    const { mysql } = model.state.applications;
    set(id, 'two');
    model.run('mysql/0', ['secret-set', id, '--expire=1h']);
    const theirs = model.run('wp/0', ['secret-add', 'password=one']).trim();
    model.run('wp/0', ['secret-grant', theirs, '-r', '1']);
    read('mysql/0', theirs);
    model.run('wp/0', ['secret-set', theirs, 'password=two']);
    read('mysql/0', id, '--refresh');
    wait(60);
    expect(mysql?.leader).toBe('mysql/0');
    expect(model.secretHooks('mysql/0')).toEqual([
      'secret-expired',
      'secret-rotate',
      'secret-changed',
      'secret-remove',
    ]);
  });
});
