import { beforeEach, describe, expect, it } from 'vitest';
import { addRelation, relationBetween } from '../../../src/simulator/operator/integration.ts';
import { removeRelation } from '../../../src/simulator/operator/lifecycle.ts';
import { answer, refusal } from '../tool-caller.ts';
import { SecretModel } from './secret-model.ts';

const NONE = '9m4e2mr0ui3e8a215n4g';

let model: SecretModel;
let id: string;

beforeEach(() => {
  model = new SecretModel();
  id = model.add('mysql/0');
});

function targets(context = model.outside('mysql/0')): string[] {
  const info = JSON.parse(answer(context, 'secret-info-get', '--format=json', id));
  return (info[id].access ?? []).map(({ target }: { readonly target: string }) => target);
}

function canRead(unit: string): boolean {
  const context = model.outside(unit);
  try {
    return answer(context, 'secret-get', id) !== '';
  } catch {
    return false;
  }
}

describe('secret-grant', () => {
  it('holds a grant back until the hook succeeds, and shows it to the hook itself', () => {
    const context = model.outside('mysql/0');
    answer(context, 'secret-grant', id, '--relation', 'server:1');
    expect(targets(context)).toEqual(['application-wp']);
    expect([targets(), canRead('wp/0')]).toEqual([[], false]);
    context.changes.commit();
    expect([targets(), canRead('wp/0')]).toEqual([['application-wp'], true]);
  });

  it("means the hook's own relation where none is named", () => {
    const context = model.inRelation('mysql/0');
    answer(context, 'secret-grant', id, '--unit=wp/1');
    context.changes.commit();
    expect(targets()).toEqual(['unit-wp-1']);
    expect([canRead('wp/0'), canRead('wp/1')]).toEqual([false, true]);
  });

  it('grants once, and not to units of an application that has it', () => {
    const grant = ['secret-grant', id, '-r', '1'];
    model.run('mysql/0', grant, grant, [...grant, '--unit=wp/0']);
    model.run('mysql/0', grant);
    expect(targets()).toEqual(['application-wp']);
  });

  it('refuses an application of which units have it already', () => {
    model.run('mysql/0', ['secret-grant', id, '-r', '1', '--unit', 'wp/0']);
    const why =
      'any unit level grants need to be revoked before granting access to the corresponding application';
    expect(refusal(model.outside('mysql/0'), 'secret-grant', id, '-r', '1')).toBe(`1 ERROR ${why}`);
  });

  it('refuses a wrong call', () => {
    const context = model.outside('mysql/0');
    expect(refusal(context, 'secret-grant')).toBe('2 ERROR missing secret URI');
    expect(refusal(context, 'secret-grant', id)).toBe('2 ERROR no relation id specified');
    expect(refusal(context, 'secret-grant', id, '-r', '9')).toBe(
      '2 ERROR invalid value "9" for option -r: relation not found',
    );
    expect(refusal(context, 'secret-grant', id, '-r', '1', '--unit=mysql/1')).toBe(
      '2 ERROR cannot specify unit "mysql/1" in relation to application "wp"',
    );
    expect(refusal(context, 'secret-grant', id, '-r', '1', '--unit=wp')).toBe('2 ERROR unit "wp" not valid');
    expect(refusal(context, 'secret-grant', NONE, '-r', '1')).toBe(`1 ERROR secret "${NONE}" not found`);
  });

  it('lasts as long as the relation, and does not come back with another', () => {
    model.run('mysql/0', ['secret-grant', id, '-r', '1']);
    expect(canRead('wp/0')).toBe(true);
    removeRelation(model.state, relationBetween(model.state, 'wp', 'mysql'));
    expect(canRead('wp/0')).toBe(true);
    model.settle();
    expect([canRead('wp/0'), targets()]).toEqual([false, []]);
    addRelation(model.state, 'wp', 'mysql');
    model.settle();
    expect(canRead('wp/0')).toBe(false);
  });
});

describe('secret-revoke', () => {
  beforeEach(() => {
    model.run('mysql/0', ['secret-grant', id, '-r', '1']);
  });

  it.each([
    ['a relation', ['-r', 'server:1']],
    ['an application', ['--app', 'wp']],
    ['an application by the longer flag', ['--application=wp']],
  ])('takes a secret from %s when the hook succeeds', (_, args) => {
    const context = model.outside('mysql/0');
    answer(context, 'secret-revoke', id, ...args);
    expect([targets(context), canRead('wp/0')]).toEqual([[], true]);
    context.changes.commit();
    expect([targets(), canRead('wp/0')]).toEqual([[], false]);
  });

  it("means the hook's own relation where nothing is named", () => {
    const context = model.inRelation('mysql/0');
    answer(context, 'secret-revoke', id);
    context.changes.commit();
    expect(targets()).toEqual([]);
  });

  it('takes it from one unit', () => {
    model.run('mysql/0', ['secret-revoke', id, '-r', '1']);
    const grant = ['secret-grant', id, '-r', '1', '--unit'];
    model.run('mysql/0', [...grant, 'wp/0'], [...grant, 'wp/1'], ['secret-revoke', id, '--unit=wp/0']);
    expect(targets()).toEqual(['unit-wp-1']);
  });

  it('refuses a wrong call', () => {
    const context = model.outside('mysql/0');
    expect(refusal(context, 'secret-revoke')).toBe('2 ERROR missing secret URI');
    expect(refusal(context, 'secret-revoke', id)).toBe('2 ERROR missing relation or application or unit');
    expect(refusal(context, 'secret-revoke', id, '--app=wp', '--unit=wp/0')).toBe(
      '2 ERROR specify only one of application or unit',
    );
    expect(refusal(context, 'secret-revoke', id, '--app=wp', '-r', '1')).toBe(
      '2 ERROR do not specify both relation and app',
    );
    expect(refusal(model.inRelation('mysql/0'), 'secret-revoke', id, '--app=wp')).toBe(
      '2 ERROR do not specify both relation and app',
    );
    expect(refusal(context, 'secret-revoke', id, '--app=W')).toBe('2 ERROR application "W" not valid');
  });
});
