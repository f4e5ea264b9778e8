import { action, defineLayer, handler, hook, when } from 'charms-reactive';
import { describe, expect, it } from 'vitest';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

describe('a handler that waits for an action', () => {
  const handlers = () => [
    handler(action('start', 'backup'), function inAction(unit) {
      unit.flags.set(`action.${unit.hook.action}`);
    }),
    handler(hook('start'), function inHook(unit) {
      unit.flags.set('hook.start');
    }),
    handler(hook('actions/{backup,restore}'), function inEither(unit) {
      unit.flags.set('either');
    }),
    handler(when('action.start'), function woken(unit) {
      unit.flags.set('woken');
    }),
  ];

  it('runs in that action, wakes others, and is not taken for the hook of its name', async () => {
    const unit = new TrialUnit(makeCharm({ layers: { web: defineLayer('web', handlers()) } }));
    await unit.run('actions/start');
    expect(unit.flags()).toEqual(['action.start', 'woken']);
  });

  it('may be one of several, by name or pattern', async () => {
    const unit = new TrialUnit(makeCharm({ layers: { web: defineLayer('web', handlers()) } }));
    await unit.run('actions/backup');
    expect(unit.flags()).toEqual(['action.backup', 'either']);
  });

  it('does not run in hooks', async () => {
    const unit = new TrialUnit(makeCharm({ layers: { web: defineLayer('web', handlers()) } }));
    await unit.run('start');
    expect(unit.flags()).toEqual(['hook.start']);
  });

  it('names at least one action', () => {
    expect(() => action()).toThrow('give at least one name of an action');
    expect(() => action('')).toThrow('give at least one name of an action');
  });
});
