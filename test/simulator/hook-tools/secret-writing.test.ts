import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { passLeadership } from '../../../src/simulator/operator/lifecycle.ts';
import { answer, refusal } from '../tool-caller.ts';
import { SecretModel } from './secret-model.ts';

const NONE = '9m4e2mr0ui3e8a215n4g';

let model: SecretModel;
let folder: string;

beforeEach(() => {
  model = new SecretModel();
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function contentOf(id: string): unknown {
  return JSON.parse(answer(model.outside('mysql/0'), 'secret-get', '--format=json', '--peek', id));
}

describe('secret-add', () => {
  it('prints an id, and makes the secret when the hook succeeds', () => {
    const context = model.outside('mysql/0');
    const uri = answer(context, 'secret-add', 'password=one');
    expect(uri).toMatch(/^secret:[0-9a-v]{20}\n$/);
    expect(model.state.secrets).toEqual({});
    expect(answer(context, 'secret-get', uri.trim())).toBe('password: one\n');
    expect(answer(context, 'secret-ids')).toBe(uri.replace('secret:', ''));
    expect(refusal(model.outside('mysql/0'), 'secret-get', uri.trim())).toContain('not found');
    context.changes.commit();
    expect(contentOf(uri.trim())).toEqual({ password: 'one' });
  });

  it('gives each secret an id of its own, however often a model is made anew', () => {
    const ids = Array.from({ length: 50 }, () => model.add('mysql/0'));
    expect(new Set(ids).size).toBe(50);
    expect(ids).not.toContain(new SecretModel().add('mysql/0'));
  });

  it('takes values as they are, in base64 and from files', () => {
    const bytes = file('bytes', Uint8Array.from([0, 255, 10]));
    const id = model
      .run('mysql/0', [
        ...['secret-add', 'text= a=b ', 'padded#base64=AA==', `bytes#file=${bytes}`],
        '--owner=unit',
      ])
      .trim();
    expect(answer(model.outside('mysql/0'), 'secret-get', id, 'text')).toBe("' a=b '\n");
    expect(answer(model.outside('mysql/0'), 'secret-get', '--format=json', id, 'bytes#base64')).toBe(
      '"AP8K"\n',
    );
    expect(answer(model.outside('mysql/0'), 'secret-get', '--format=json', id, 'padded#base64')).toBe(
      '"AA=="\n',
    );
  });

  it('refuses a value of nothing but padding, as Juju does', () => {
    expect(refusal(model.outside('mysql/0'), 'secret-add', 'key=')).toBe(
      '2 ERROR key value "key=" not valid',
    );
  });

  it('lets a file win over arguments, and reads YAML and JSON', () => {
    const yaml = file('yaml', 'password: file\nport: 80\nraw#base64: AA==\n');
    const json = file('json', '{"token": "a\\nb"}');
    const first = model.run('mysql/0', ['secret-add', `--file=${yaml}`, 'password=argument', 'user=me']);
    expect(contentOf(first.trim())).toEqual({ password: 'file', port: '80', raw: '\0', user: 'me' });
    const second = model.run('mysql/0', ['secret-add', '--file', json]);
    expect(contentOf(second.trim())).toEqual({ token: 'a\nb' });
  });

  it.each([
    [[], 'missing secret value or filename'],
    [['--label=x'], 'missing secret value or filename'],
    [['noequals'], 'key value "noequals" not valid'],
    [['=x'], 'key value "=x" not valid'],
    [['ab=x'], 'key "ab" not valid'],
    [['Abc=x'], 'key "Abc" not valid'],
    [['abc-=x'], 'key "abc-" not valid'],
    [['abc=x', '--rotate=always'], 'rotate policy "always" not valid'],
    [['abc=x', '--expire=soon'], 'expire time or duration "soon" not valid'],
    [['abc=x', '--expire=-1h'], 'negative expire duration "-1h" not valid'],
    [['abc=x', '--expire=0'], 'negative expire duration "0" not valid'],
    [['abc=x', '--owner=model'], 'secret owner "model" not valid'],
    [
      ['abc#file=/nowhere/x'],
      'reading content for secret key "abc": open /nowhere/x: no such file or directory',
    ],
    [['--file=/nowhere/x'], 'open /nowhere/x: no such file or directory'],
  ])('refuses %j as a wrong call', (args, why) => {
    expect(refusal(model.outside('mysql/0'), 'secret-add', ...args)).toBe(`2 ERROR ${why}`);
  });

  it('refuses more than 1 MB in base64, of one value and of all', () => {
    const half = file('half', 'x'.repeat(400_000));
    const context = model.outside('mysql/0');
    expect(refusal(context, 'secret-add', `abc=${'x'.repeat(750_001)}`)).toBe(
      '2 ERROR base64 encoded secret content for key "abc" too large: 1000004 bytes',
    );
    expect(refusal(context, 'secret-add', `abc#file=${half}`, `def#file=${half}`)).toBe(
      '2 ERROR base64 encoded secret content too large: 1066672 bytes',
    );
    expect(answer(context, 'secret-add', `abc=${'x'.repeat(750_000)}`)).toContain('secret:');
    const large = file('large', 'x'.repeat(1_000_001));
    expect(refusal(context, 'secret-add', `abc#file=${large}`)).toBe(
      `2 ERROR secret content in file "${large}" too large: 1000001 bytes`,
    );
  });

  it('is for the leader, unless the unit is to own the secret', () => {
    const follower = model.outside('mysql/1');
    expect(refusal(follower, 'secret-add', 'abc=x')).toBe('1 ERROR this unit is not the leader');
    expect(answer(follower, 'secret-add', '--owner', 'unit', 'abc=x')).toMatch(/^secret:/);
  });

  it('takes each label once in a hook, and at its end once for each owner', () => {
    const context = model.outside('mysql/0');
    answer(context, 'secret-add', '--label=once', 'abc=x');
    expect(refusal(context, 'secret-add', '--label=once', 'abc=y')).toBe(
      '1 ERROR secret with label "once" already exists',
    );
    context.changes.commit();
    const later = model.outside('mysql/0');
    answer(later, 'secret-add', '--label=once', 'abc=y');
    expect(() => later.changes.commit()).toThrow('secret with label "once" already exists');
    expect(Object.keys(model.state.secrets)).toHaveLength(1);
    model.add('mysql/0', '--owner=unit', '--label=once');
    model.add('mysql/1', '--owner=unit', '--label=once');
    expect(Object.keys(model.state.secrets)).toHaveLength(3);
  });

  it.each([
    ['2031-01-02T03:04:05Z', '2031-01-02T03:04:05Z'],
    ['2031-01-02T03:04:05+01:00', '2031-01-02T02:04:05Z'],
    ['2031-01-02T03:04:05', '2031-01-02T03:04:05Z'],
    ['24h', '2026-01-03T00:00:00Z'],
    ['1h30m', '2026-01-02T01:30:00Z'],
  ])('takes %s for its expiry', (expire, time) => {
    vi.useFakeTimers({ now: new Date('2026-01-02T00:00:00Z'), toFake: ['Date'] });
    const id = model.add('mysql/0', `--expire=${expire}`);
    expect(answer(model.outside('mysql/0'), 'secret-info-get', id)).toContain(`\n  expiry: ${time}\n`);
  });
});

describe('secret-set', () => {
  it('makes one revision a hook, of the content that was set last', () => {
    const id = model.add('mysql/0', '--label=mine');
    model.run(
      'mysql/0',
      ['secret-set', id, 'password=two'],
      ['secret-set', `secret:${id}`, '--description=new'],
      ['secret-set', id, 'password=three', 'user=me'],
    );
    expect(contentOf(id)).toEqual({ password: 'three', user: 'me' });
    expect(model.state.secrets[id]).toMatchObject({ latest: 2, label: 'mine', description: 'new' });
  });

  it('makes no revision for content as it is, in whatever order, nor for settings alone', () => {
    const id = model.run('mysql/0', ['secret-add', 'abc=1', 'def=2']).trim().replace('secret:', '');
    model.run('mysql/0', ['secret-set', id, 'def=2', 'abc#base64=MQ==', '--rotate=daily']);
    model.run('mysql/0', ['secret-set', id, '--label=later']);
    expect(model.state.secrets[id]).toMatchObject({ latest: 1, label: 'later', rotate: 'daily' });
  });

  it('changes nothing when the hook fails', () => {
    const id = model.add('mysql/0');
    const before = structuredClone(model.state.secrets);
    const failing = model.outside('mysql/0');
    answer(failing, 'secret-set', id, 'password=two', '--label=x');
    answer(failing, 'secret-grant', id, '-r', '1');
    answer(failing, 'secret-add', 'abc=x');
    answer(failing, 'secret-remove', id);
    expect(model.state.secrets).toEqual(before);
  });

  it('changes a secret that the same hook makes, which then has one revision', () => {
    const context = model.outside('mysql/0');
    const id = answer(context, 'secret-add', 'abc=one').trim();
    answer(context, 'secret-set', id, 'abc=two', '--label=late');
    expect(answer(context, 'secret-get', '--label', 'late')).toBe('abc: two\n');
    context.changes.commit();
    expect(contentOf(id)).toEqual({ abc: 'two' });
    expect(model.state.secrets[id.replace('secret:', '')]).toMatchObject({ latest: 1, label: 'late' });
  });

  it('refuses what is not this unit to change', () => {
    const ours = model.add('mysql/0');
    const siblings = model.add('mysql/1', '--owner=unit');
    const theirs = model.add('wp/0');
    expect(refusal(model.outside('mysql/0'), 'secret-set')).toBe('2 ERROR missing secret URI');
    expect(refusal(model.outside('mysql/0'), 'secret-set', 'nonsense', 'abc=x')).toBe(
      '2 ERROR secret URI "nonsense" not valid',
    );
    for (const id of [siblings, theirs, NONE]) {
      const tools = [
        ['secret-set', id, 'abc=x'],
        ['secret-remove', id],
        ['secret-grant', id, '-r', '1'],
        ['secret-revoke', id, '-r', '1'],
      ];
      for (const tool of tools) {
        expect(refusal(model.outside('mysql/0'), ...tool)).toBe(`1 ERROR secret "${id}" not found`);
      }
    }
    expect(refusal(model.outside('mysql/1'), 'secret-set', ours, 'abc=x')).toBe(
      '1 ERROR this unit is not the leader',
    );
  });

  it('lets the whole hook fail where its unit does not lead any more', () => {
    const id = model.add('mysql/0');
    const context = model.outside('mysql/0');
    answer(context, 'secret-set', id, 'password=two');
    const { mysql } = model.state.applications;
    if (mysql !== undefined) passLeadership(model.state, mysql);
    expect(() => context.changes.commit()).toThrow('this unit is not the leader any more');
    expect(model.state.secrets[id]?.latest).toBe(1);
  });
});

describe('secret-remove', () => {
  it('removes the secret when the hook succeeds; until then it can be read', () => {
    const id = model.add('mysql/0');
    const context = model.outside('mysql/0');
    answer(context, 'secret-remove', `secret:${id}`);
    expect(answer(context, 'secret-ids', '--format=json')).toBe('null\n');
    expect(answer(context, 'secret-get', id)).toBe('password: one\n');
    expect(refusal(context, 'secret-grant', id, '-r', '1')).toBe(`1 ERROR secret "${id}" not found`);
    context.changes.commit();
    expect(refusal(model.outside('mysql/0'), 'secret-get', id)).toBe(`1 ERROR secret "${id}" not found`);
  });

  it('removes one revision where it is named, and the secret with its last', () => {
    const id = model.add('mysql/0');
    model.run('mysql/0', ['secret-get', id], ['secret-set', id, 'password=two']);
    model.run('mysql/0', ['secret-remove', id, '--revision', '1']);
    expect(refusal(model.outside('mysql/0'), 'secret-get', id)).toBe('1 ERROR secret revision 1 not found');
    expect(answer(model.outside('mysql/0'), 'secret-get', id, '--refresh')).toBe('password: two\n');
    model.run('mysql/0', ['secret-remove', id, '--revision=2']);
    expect(model.state.secrets).toEqual({});
  });

  it('drops what the same hook would have made of it', () => {
    const id = model.add('mysql/0');
    const context = model.outside('mysql/0');
    const made = answer(context, 'secret-add', 'abc=x').trim();
    answer(context, 'secret-set', id, 'password=two');
    answer(context, 'secret-remove', id, '--revision=7');
    answer(context, 'secret-remove', made);
    expect(refusal(context, 'secret-get', made)).toContain('not found');
    context.changes.commit();
    expect(contentOf(id)).toEqual({ password: 'one' });
    expect(Object.keys(model.state.secrets)).toEqual([id]);
  });

  it('leaves what the unit tracks where it was, though the same hook refreshed it', () => {
    const id = model.add('mysql/0');
    model.run('mysql/0', ['secret-get', id], ['secret-set', id, 'password=two']);
    const remove = ['secret-remove', id, '--revision=9'];
    model.run('mysql/0', ['secret-set', id, 'password=three'], ['secret-get', id, '--refresh'], remove);
    expect(answer(model.outside('mysql/0'), 'secret-get', id)).toBe('password: one\n');
  });

  it('refuses a wrong call', () => {
    expect(refusal(model.outside('mysql/0'), 'secret-remove')).toBe('2 ERROR missing secret URI');
    expect(refusal(model.outside('mysql/0'), 'secret-remove', NONE, 'more')).toBe(
      '2 ERROR unrecognized args: ["more"]',
    );
    expect(refusal(model.outside('mysql/0'), 'secret-remove', NONE, '--revision=x')).toContain(
      '2 ERROR invalid value "x" for option --revision',
    );
  });
});

describe('the forms in which ops calls secret tools', () => {
  it('make, change, share, read and remove a secret', () => {
    const [one, two] = [file('one', 'a\n'), file('two', 'b=c')];
    const context = model.outside('mysql/0');
    const uri = answer(
      ...[context, 'secret-add', '--label', 'root', '--description', 'd', '--expire', '2031-01-02T03:04:05'],
      ...['--rotate', 'monthly', '--owner', 'unit', `password#file=${one}`],
    ).trim();
    answer(context, 'secret-grant', uri, '--relation', '1', '--unit', 'wp/0');
    context.changes.commit();
    const id = uri.replace('secret:', '');
    model.run('mysql/0', [
      'secret-set',
      uri,
      '--label',
      'other',
      '--owner',
      'application',
      `user#file=${two}`,
    ]);
    const later = model.outside('mysql/0');
    expect(JSON.parse(answer(later, 'secret-get', uri, '--refresh', '--format=json'))).toEqual({
      user: 'b=c',
    });
    expect(JSON.parse(answer(later, 'secret-get', '--label', 'other', '--peek', '--format=json'))).toEqual({
      user: 'b=c',
    });
    const info = JSON.parse(answer(later, 'secret-info-get', uri, '--format=json'));
    expect(info[id]).toMatchObject({ revision: 2, label: 'other', owner: 'unit', rotation: 'monthly' });
    answer(later, 'secret-revoke', uri, '--relation', '1', '--unit', 'wp/0');
    answer(later, 'secret-remove', uri, '--revision', '1');
    later.changes.commit();
    expect(Object.keys(model.state.secrets[id]?.revisions ?? {})).toEqual(['2']);
    for (const tool of ['secret-get', 'secret-info-get', 'secret-remove']) {
      expect(refusal(model.outside('mysql/0'), tool, `secret:${NONE}`)).toMatch(/^1 ERROR .*not found$/);
    }
  });
});
