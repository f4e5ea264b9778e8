import { beforeEach, describe, expect, it } from 'vitest';
import { passLeadership } from '../../../src/simulator/operator/lifecycle.ts';
import { answer, callTool, refusal } from '../tool-caller.ts';
import { SecretModel } from './secret-model.ts';

const NONE = '9m4e2mr0ui3e8a215n4g';

let model: SecretModel;

beforeEach(() => {
  model = new SecretModel();
});

function read(unit: string, ...args: readonly string[]): string {
  const context = model.outside(unit);
  return JSON.parse(answer(context, 'secret-get', '--format=json', ...args)).password;
}

function addGranted(...args: readonly string[]): string {
  const id = model.add('mysql/0', ...args);
  model.run('mysql/0', ['secret-grant', id, '-r', 'server:1']);
  return id;
}

describe('secret-get', () => {
  it('takes an id with secret:, bare, and with the model', () => {
    const id = model.add('mysql/0');
    for (const form of [`secret:${id}`, id, `secret://${model.state.uuid}/${id}`]) {
      expect(read('mysql/0', form)).toBe('one');
    }
    expect(refusal(model.outside('mysql/0'), 'secret-get', `${id}x`)).toBe(
      `2 ERROR secret URI "${id}x" not valid`,
    );
  });

  it('prints the whole content, or one value, as text or in base64', () => {
    const id = model.run('mysql/0', ['secret-add', 'user=é', 'password=1']).trim();
    const context = model.outside('mysql/0');
    expect(answer(context, 'secret-get', id)).toBe('password: "1"\nuser: é\n');
    expect(answer(context, 'secret-get', id, '--format=json')).toBe('{"password":"1","user":"é"}\n');
    expect(answer(context, 'secret-get', id, 'user')).toBe('é\n');
    expect(answer(context, 'secret-get', id, 'user#base64')).toBe('w6k=\n');
    expect(refusal(context, 'secret-get', id, 'other')).toBe('1 ERROR secret key value "other" not found');
    expect(refusal(context, 'secret-get', id, '--format=smart')).toContain('unknown format "smart"');
  });

  it('refuses a wrong call', () => {
    const context = model.outside('mysql/0');
    expect(refusal(context, 'secret-get')).toBe('2 ERROR require either a secret URI or label');
    expect(refusal(context, 'secret-get', NONE, '--peek', '--refresh')).toBe(
      '2 ERROR specify one of --peek or --refresh but not both',
    );
    expect(refusal(context, 'secret-get', NONE, 'key', 'more')).toBe('2 ERROR unrecognized args: ["more"]');
    expect(refusal(context, 'secret-get', NONE)).toBe(`1 ERROR secret "${NONE}" not found`);
    expect(refusal(context, 'secret-get', '--label=x')).toBe('1 ERROR consumer label "x" not found');
  });

  it('says where a value that was said to be base64 is none', () => {
    const id = model.run('mysql/0', ['secret-add', 'abc#base64=ab*d']).trim();
    expect(refusal(model.outside('mysql/0'), 'secret-get', id)).toBe(
      '1 ERROR illegal base64 data at input byte 2',
    );
    expect(answer(model.outside('mysql/0'), 'secret-get', id, 'abc#base64')).toBe('ab*d\n');
  });

  it('denies it to whoever was not granted it', () => {
    const ours = model.add('mysql/0');
    const own = model.add('mysql/0', '--owner=unit');
    const denied = '1 ERROR permission denied';
    expect(refusal(model.outside('wp/0'), 'secret-get', ours)).toBe(denied);
    expect(refusal(model.outside('wp/0'), 'secret-get', ours, '--label=mine')).toBe(denied);
    expect(refusal(model.outside('wp/0'), 'secret-get', '--label=mine')).toContain('not found');
    expect(read('mysql/1', ours)).toBe('one');
    expect(refusal(model.outside('mysql/1'), 'secret-get', own)).toBe(denied);
    model.run('mysql/0', ['secret-grant', ours, '-r', '1']);
    expect([read('wp/0', ours), read('wp/1', ours)]).toEqual(['one', 'one']);
    expect(refusal(model.outside('cache/0'), 'secret-get', ours)).toBe(denied);
  });

  it('stays with the revision read first; a peek sees the newest, and a refresh moves on for good', () => {
    const id = addGranted();
    expect(read('wp/0', id)).toBe('one');
    model.run('mysql/0', ['secret-set', id, 'password=two']);
    expect([read('wp/0', id), read('wp/0', id, '--peek'), read('wp/0', id)]).toEqual(['one', 'two', 'one']);
    expect(read('wp/1', id)).toBe('two');
    expect([read('wp/0', id, '--refresh'), read('wp/0', id)]).toEqual(['two', 'two']);
  });

  it('keeps what it tracks and its label though the hook fails', () => {
    const id = addGranted();
    answer(model.outside('wp/0'), 'secret-get', id, '--label=db');
    model.run('mysql/0', ['secret-set', id, 'password=two']);
    expect(read('wp/0', '--label', 'db')).toBe('one');
    expect(read('wp/0', '--label', 'db', '--refresh')).toBe('two');
    expect(read('wp/0', '--label', 'db')).toBe('two');
  });

  it('gives a unit each of its labels for one secret, and no unit those of another', () => {
    const [one, other] = [addGranted(), addGranted()];
    model.run('mysql/0', ['secret-set', other, 'password=other']);
    read('wp/0', one, '--label=db');
    read('wp/0', other, '--label=db');
    expect(read('wp/0', '--label=db')).toBe('other');
    expect(refusal(model.outside('wp/1'), 'secret-get', '--label=db')).toContain('not found');
  });

  it("goes by the owner's label for every unit of the owner, and for nobody else", () => {
    const id = addGranted('--label=root');
    expect([read('mysql/0', '--label=root'), read('mysql/1', '--label=root')]).toEqual(['one', 'one']);
    expect(refusal(model.outside('wp/0'), 'secret-get', '--label=root')).toContain('not found');
    expect(model.state.secrets[id]?.consumers['mysql/1']).toEqual({ tracked: 1, label: '' });
  });

  it('shows a unit the revision it is about to make only where it asks for the newest', () => {
    const id = model.add('mysql/0');
    read('mysql/0', id);
    const context = model.outside('mysql/0');
    const get = (...args: string[]) => answer(context, 'secret-get', id, 'password', ...args).trim();
    answer(context, 'secret-set', id, 'password=two');
    expect([get(), get('--peek'), get('--refresh'), get()]).toEqual(['one', 'two', 'two', 'one']);
    expect(read('mysql/1', id, '--peek')).toBe('one');
    context.changes.commit();
    expect(read('mysql/0', id)).toBe('two');
  });

  it('does not track a pending revision where the hook fails', () => {
    const id = model.add('mysql/0');
    read('mysql/0', id);
    const failing = model.outside('mysql/0');
    answer(failing, 'secret-set', id, 'password=two');
    answer(failing, 'secret-get', id, '--refresh');
    expect(read('mysql/0', id)).toBe('one');
  });

  it('gives a secret that the same hook makes the label it is read by', () => {
    const context = model.outside('mysql/0');
    const id = answer(context, 'secret-add', 'abc=x').trim();
    answer(context, 'secret-get', id, '--label=late');
    context.changes.commit();
    expect(answer(model.outside('mysql/0'), 'secret-info-get', '--label=late')).toContain('label: late');
  });
});

describe('secret-ids', () => {
  it('prints bare ids of what the unit may change, one a line or as a list', () => {
    const ours = model.add('mysql/0');
    const own = model.add('mysql/1', '--owner=unit');
    expect(answer(model.outside('mysql/0'), 'secret-ids')).toBe(`${ours}\n`);
    expect(answer(model.outside('mysql/0'), 'secret-ids', '--format=json')).toBe(`["${ours}"]\n`);
    expect(answer(model.outside('mysql/1'), 'secret-ids', '--format=json')).toBe(`["${own}"]\n`);
    const { mysql } = model.state.applications;
    if (mysql !== undefined) passLeadership(model.state, mysql);
    const ids: string[] = JSON.parse(answer(model.outside('mysql/1'), 'secret-ids', '--format=json'));
    expect(ids.sort()).toEqual([ours, own].sort());
  });

  it('prints null as JSON where there is none, and nothing else', () => {
    expect(answer(model.outside('mysql/0'), 'secret-ids', '--format=json')).toBe('null\n');
    expect(answer(model.outside('mysql/0'), 'secret-ids')).toBe('');
    expect(refusal(model.outside('mysql/0'), 'secret-ids', 'x')).toBe('2 ERROR unrecognized args: ["x"]');
  });
});

describe('secret-info-get', () => {
  it('prints what is known, as YAML and JSON, in the order of its fields', () => {
    const id = model.add(
      ...['mysql/0', '--label=root', '--description=two words', '--rotate=monthly'],
      '--expire=2031-01-02T03:04:05Z',
    );
    model.run('mysql/0', ['secret-grant', id, '-r', '1'], ['secret-set', id, 'password=two']);
    const secret = model.state.secrets[id];
    if (secret !== undefined) secret.nextRotate = '2026-02-01T00:00:00Z';
    const context = model.outside('mysql/0');
    expect(answer(context, 'secret-info-get', id)).toBe(
      [
        `${id}:`,
        '  revision: 2',
        '  label: root',
        '  owner: application',
        '  description: two words',
        '  rotation: monthly',
        '  rotates: 2026-02-01T00:00:00Z',
        '  access:',
        '  - target: application-wp',
        '    scope: relation-wp.db#mysql.server',
        '    role: view',
        '',
      ].join('\n'),
    );
    answer(context, 'secret-set', id, '--expire=2031-01-02T03:04:05Z');
    expect(answer(context, 'secret-info-get', '--format=json', '--label=root')).toBe(
      `{"${id}":{"revision":2,"label":"root","owner":"application","description":"two words","rotation":"monthly","expiry":"2031-01-02T03:04:05Z","rotates":"2026-02-01T00:00:00Z","access":[{"target":"application-wp","scope":"relation-wp.db#mysql.server","role":"view"}]}}\n`,
    );
  });

  it('tells of a secret nothing that was never set, but an empty label', () => {
    const id = model.add('mysql/1', '--owner=unit');
    expect(answer(model.outside('mysql/1'), 'secret-info-get', `secret:${id}`, '--format=json')).toBe(
      `{"${id}":{"revision":1,"label":"","owner":"unit"}}\n`,
    );
  });

  it('is for who may change the secret', () => {
    const id = addGranted('--label=root');
    for (const unit of ['wp/0', 'mysql/1', 'cache/0']) {
      expect(refusal(model.outside(unit), 'secret-info-get', id)).toBe(`1 ERROR secret "${id}" not found`);
      expect(refusal(model.outside(unit), 'secret-info-get', '--label=root')).toBe(
        '1 ERROR secret "root" not found',
      );
    }
  });

  it('takes an id or a label', () => {
    const context = model.outside('mysql/0');
    expect(refusal(context, 'secret-info-get')).toBe('2 ERROR require either a secret URI or label');
    expect(refusal(context, 'secret-info-get', NONE, '--label=x')).toBe(
      '2 ERROR specify either a secret URI or label but not both',
    );
  });

  it('shows the revision that is stored, not the one that the hook is about to make', () => {
    const id = model.add('mysql/0');
    const context = model.outside('mysql/0');
    answer(context, 'secret-set', id, 'password=two');
    expect(callTool(context, ['secret-info-get', id]).stdout).toContain('revision: 1');
  });
});
