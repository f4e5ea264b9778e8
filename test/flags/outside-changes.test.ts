import { describe, expect, it } from 'vitest';
import { FLAG_PREFIX } from '../../src/flags/flag-name.ts';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import { makeFlags } from './flags-in-memory.ts';

describe('what other processes are shown', () => {
  it('is each flag as it is now, those for this hook too, and what is cleared is gone', () => {
    const { flags, store } = makeFlags();
    flags.set('a', 1);
    flags.set('gone');
    flags.save();
    flags.clear('gone');
    flags.set('b');
    flags.setForHook('now');
    flags.share();
    expect({ ...store.getRange(FLAG_PREFIX, { strip: true }) }).toEqual({ a: 1, b: null, now: null });
    flags.save();
    expect({ ...store.getRange(FLAG_PREFIX, { strip: true }) }).toEqual({ a: 1, b: null });
  });

  it('is every trigger that sets or clears flags, as plain data', () => {
    const { flags } = makeFlags();
    flags.registerTrigger({ when: 'a b', setFlag: 'x', callback: () => {} });
    flags.registerTrigger({ whenNot: 'a b', clearFlag: 'x' });
    flags.registerTrigger({ when: 'c', callback: () => {} });
    flags.registerTrigger({ when: 'a b', setFlag: 'y', clearFlag: 'z' });
    expect(structuredClone(flags.storableTriggers)).toEqual([
      { edge: { flag: 'a b', to: 'set' }, setFlags: ['x', 'y'], clearFlags: ['z'] },
      { edge: { flag: 'a b', to: 'clear' }, setFlags: [], clearFlags: ['x'] },
    ]);
  });
});

describe('what other processes did', () => {
  it('is told in its order, with the cause that holds here, and is no edge where nothing changed', () => {
    const { flags, log } = makeFlags();
    const causes: unknown[] = [];
    flags.set('a');
    flags.set('b');
    log.length = 0;
    flags.listen({ changed: ({ cause }) => causes.push(cause), clearCalled: () => log.push('clear called') });
    const cause = { kind: 'handler', handler: 'web.sh' } as const;
    const leave = flags.enter(cause);
    flags.adopt([
      { flag: 'c', value: null },
      { flag: 'a', value: 'other' },
      { flag: 'b', value: undefined },
      { flag: 'never', value: undefined },
      { flag: 'c', value: undefined },
      { flag: 'c', value: 2 },
    ]);
    leave();
    expect(log).toEqual(['+c', 'clear called', '-b', 'clear called', 'clear called', '-c', '+c']);
    expect(causes).toEqual([cause, cause, cause, cause]);
    expect(flags.list()).toEqual(['a', 'c']);
    expect([flags.value('a'), flags.value('c')]).toEqual(['other', 2]);
    const { flags: same } = makeFlags();
    same.set('c');
    same.set('a');
    expect(flags.fingerprint).toBe(same.fingerprint);
  });

  it('calls the callbacks of its triggers here, and leaves flags to the process that changed them', () => {
    const { flags, log } = makeFlags();
    flags.registerTrigger({ when: 'a', setFlag: 'b', callback: () => flags.set('called') });
    flags.registerTrigger({ when: 'called', setFlag: 'after.call' });
    flags.adopt([{ flag: 'a', value: null }]);
    expect(log).toEqual(['+a', '+called', '+after.call']);
  });

  it('is in the store already, and stays as it is there when this hook saves', () => {
    const { flags, store } = makeFlags();
    flags.share();
    store.set(`${FLAG_PREFIX}a`, { v: 1 });
    flags.adopt([{ flag: 'a', value: { v: 1 } }]);
    const { fingerprint } = store;
    flags.save();
    expect(store.fingerprint).toBe(fingerprint);
    expect(new FlagRegistry(store).value('a')).toEqual({ v: 1 });
  });
});
