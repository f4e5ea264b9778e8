import { expect, it } from 'vitest';
import { describeTools, type MakeTools, refusalOf } from './tools-under-test.ts';

const PARAMETERS = {
  text: 'é <&>',
  count: 1_000_000,
  ratio: 0.5,
  dry: false,
  none: null,
  nested: { list: [1, { a: '' }] },
};

/** The rules of actions that every implementation of `HookTools` keeps. */
export function describeActionTools(name: string, make: MakeTools): void {
  describeTools(name, make, (begin) => {
    it('gives the parameters with their types, a fresh copy each time', () => {
      const { tools } = begin({ action: PARAMETERS });
      expect(tools.actionGet()).toEqual(PARAMETERS);
      const { nested } = tools.actionGet() as typeof PARAMETERS;
      nested.list.push(2);
      expect(tools.actionGet()).toEqual(PARAMETERS);
      expect(begin({ action: {} }).tools.actionGet()).toEqual({});
    });

    it('keeps results, nested as their keys say, and even when the action fails', () => {
      const { tools, told, rollback } = begin({ action: {} });
      tools.actionSet({ a: '1', 'b.c': '2', 'b.d.e-1': ' x=y\n', empty: '' });
      tools.actionSet({ 'b.c': '3' });
      tools.actionSet({});
      rollback();
      expect(told().action?.results).toEqual({ a: '1', b: { c: '3', d: { 'e-1': ' x=y\n' } }, empty: '' });
    });

    it('lets a later result replace an earlier one, be it a text or a map', () => {
      const { tools, told } = begin({ action: {} });
      tools.actionSet({ a: '1', 'b.c': '2' });
      tools.actionSet({ 'a.b': '3', b: '4' });
      expect(told().action?.results).toEqual({ a: { b: '3' }, b: '4' });
      tools.actionSet({ 'constructor.name': '5' });
      expect(told().action?.results).toMatchObject({ constructor: { name: '5' } });
    });

    it.each([
      'Capital',
      'under_score',
      '-a',
      'a-',
      'a..b',
      '.a',
      '',
      ' a',
      'a=b',
      'stdout',
      'a.stderr-encoding',
      '__proto__',
    ])('refuses the key "%s", and all that is said with it', (key) => {
      const { tools, told } = begin({ action: {} });
      const results = Object.fromEntries([
        ['good', '1'],
        [key, '2'],
      ]);
      const refusal = refusalOf(() => tools.actionSet(results));
      expect(refusal).toMatchObject({ exitCode: 2, isRefused: false });
      expect(refusal.command[0]).toBe('action-set');
      expect(told().action?.results).toEqual({});
    });

    it('fails with the message that was given last, or with Juju’s', () => {
      const { tools, told, rollback } = begin({ action: {} });
      expect(told().action?.failure).toBeUndefined();
      tools.actionFail();
      expect(told().action?.failure).toBe('action failed without reason given, check action for errors');
      tools.actionFail('--because "x"\n');
      rollback();
      expect(told().action?.failure).toBe('--because "x"\n');
      tools.actionFail('');
      expect(told().action?.failure).toBe('');
      tools.actionSet({ after: '1' });
      expect(told().action?.results).toEqual({ after: '1' });
    });

    it('logs any message at once, in order, without losing a character', () => {
      const { tools, told, rollback } = begin({ action: {} });
      const long = 'é😀x'.repeat(40_000);
      for (const message of ['--help', '', 'two words\n']) tools.actionLog(message);
      expect(told().action?.log).toEqual(['--help', '', 'two words\n']);
      tools.actionLog(long);
      tools.actionLog('a\0b');
      rollback();
      expect(told().action?.log.slice(3, -1).join('') === long).toBe(true);
      expect(told().action?.log.at(-1)).toMatch(/^a.b$/s);
    });

    it('is refused outside an action', () => {
      const { tools } = begin();
      const asked = [
        () => tools.actionGet(),
        () => tools.actionSet({ a: '1' }),
        () => tools.actionFail('x'),
        () => tools.actionLog('x'),
      ];
      for (const ask of asked) {
        const refusal = refusalOf(ask);
        expect(refusal).toMatchObject({ exitCode: 1, isNotFound: false, isRefused: false });
        expect(refusal.message).toContain('not running an action');
      }
      tools.actionSet({});
    });
  });
}
