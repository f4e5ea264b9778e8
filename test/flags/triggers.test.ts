import { describe, expect, it } from 'vitest';
import type { FlagChange } from '../../src/flags/cause.ts';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import type { Trigger } from '../../src/flags/triggers.ts';
import { makeFlags } from './flags-in-memory.ts';

describe('when they fire', () => {
  it('is at once, before the call that changed the flag returns', () => {
    const { flags, log } = makeFlags();
    flags.registerTrigger({ when: 'a', setFlag: 'b' });
    flags.registerTrigger({ whenNot: 'a', clearFlag: 'b' });
    flags.set('a');
    expect(flags.isSet('b')).toBe(true);
    flags.clear('a');
    expect(flags.isSet('b')).toBe(false);
    expect(log).toEqual(['+a', '+b', '-a', '-b']);
  });

  it('is on a real edge only (Q8)', () => {
    const { flags, log } = makeFlags();
    flags.set('a');
    flags.registerTrigger({ when: 'a', callback: () => log.push('a was set') });
    flags.registerTrigger({ whenNot: 'b', callback: () => log.push('b was cleared') });
    flags.set('a');
    flags.set('a', 'value');
    flags.clear('b');
    expect(log).toEqual(['+a']);
    flags.clear('a');
    flags.set('a');
    expect(log).toEqual(['+a', '-a', '+a', 'a was set']);
  });

  it('is not on another edge of the flag, nor for a flag of a similar name', () => {
    const { flags, log } = makeFlags();
    flags.registerTrigger({ when: 'a', setFlag: 'b' });
    flags.set('a.b');
    flags.set('A');
    flags.set('set a');
    flags.set('x');
    flags.clear('x');
    expect(log).toEqual(['+a.b', '+A', '+set a', '+x', '-x']);
  });

  it('is after listeners were told of the change', () => {
    const { flags } = makeFlags();
    const log: string[] = [];
    flags.registerTrigger({ when: 'a', callback: () => log.push('trigger') });
    flags.listen({ changed: () => log.push('listener') });
    flags.set('a');
    expect(log).toEqual(['listener', 'trigger']);
  });
});

describe('their order', () => {
  it('is flags to set, then flags to clear, then callbacks, each as registered', () => {
    const { flags, log } = makeFlags();
    flags.set('c1');
    flags.set('c2');
    log.length = 0;
    flags.registerTrigger({ when: 'a', callback: () => log.push('callback 1') });
    flags.registerTrigger({ when: 'a', clearFlag: 'c2' });
    flags.registerTrigger({
      when: 'a',
      setFlag: 's2',
      clearFlag: 'c1',
      callback: () => log.push('callback 2'),
    });
    flags.registerTrigger({ when: 'a', setFlag: 's1' });
    flags.set('a');
    expect(log).toEqual(['+a', '+s2', '+s1', '-c2', '-c1', 'callback 1', 'callback 2']);
  });

  it('is depth first: what a trigger causes comes before the next effect of the same edge', () => {
    const { flags, log } = makeFlags();
    flags.registerTrigger({ when: 'a', setFlag: 'b' });
    flags.registerTrigger({ when: 'a', setFlag: 'c' });
    flags.registerTrigger({ when: 'b', setFlag: 'b1' });
    flags.registerTrigger({ when: 'b1', setFlag: 'b2' });
    flags.registerTrigger({ when: 'b', callback: () => log.push('b is done') });
    flags.registerTrigger({ when: 'c', clearFlag: 'b2' });
    flags.set('a');
    expect(log).toEqual(['+a', '+b', '+b1', '+b2', 'b is done', '+c', '-b2']);
  });

  it('holds for flags that a callback changes, too', () => {
    const { flags, log } = makeFlags();
    flags.registerTrigger({
      when: 'a',
      callback: () => {
        flags.set('b');
        log.push('after b');
        flags.clear('a');
        log.push('after a');
      },
    });
    flags.registerTrigger({ when: 'b', setFlag: 'b1' });
    flags.registerTrigger({ whenNot: 'a', setFlag: 'a1' });
    flags.set('a');
    expect(log).toEqual(['+a', '+b', '+b1', 'after b', '-a', '+a1', 'after a']);
  });
});

describe('registering', () => {
  it('the same effect twice counts once', () => {
    const { flags, log } = makeFlags();
    const callback = () => log.push('called');
    for (let time = 0; time < 2; time += 1) {
      flags.registerTrigger({ when: 'a', setFlag: 'b', callback });
      flags.registerTrigger({ when: 'a', clearFlag: 'b' });
    }
    flags.set('a');
    expect(log).toEqual(['+a', '+b', '-b', 'called']);
  });

  it.each<[string, unknown]>([
    ['both when and whenNot', { when: 'a', whenNot: 'b', setFlag: 'c' }],
    ['neither', { setFlag: 'c' }],
    ['an empty when', { when: '', setFlag: 'c' }],
    ['nothing to do', { when: 'a' }],
    ['empty things to do', { whenNot: 'a', setFlag: '', clearFlag: '' }],
  ])('is refused with a TypeError given %s', (_, trigger) => {
    const { flags } = makeFlags();
    expect(() => flags.registerTrigger(trigger as Trigger)).toThrow(TypeError);
    expect(() => flags.registerTrigger(trigger as Trigger)).toThrow(/^cannot register a trigger/);
  });

  it('names the flag in its error', () => {
    const { flags } = makeFlags();
    expect(() => flags.registerTrigger({ whenNot: 'my.flag' } as Trigger)).toThrow(/"my\.flag"/);
    expect(() =>
      flags.registerTrigger({ when: 'my.flag', whenNot: 'other', setFlag: 'c' } as unknown as Trigger),
    ).toThrow(/"my\.flag".*"other"/);
  });

  it('is never stored, and can be undone', () => {
    const { flags, store, log } = makeFlags();
    flags.registerTrigger({ when: 'a', setFlag: 'b' });
    flags.save();
    expect({ ...store.getRange('') }).toEqual({});
    const next = new FlagRegistry(store);
    next.set('a');
    expect(next.list()).toEqual(['a']);
    flags.forgetTriggers();
    flags.set('a');
    expect(log).toEqual(['+a']);
  });
});

describe('causes', () => {
  it('lead from each nested trigger back to the handler', () => {
    const { flags } = makeFlags();
    const changes: FlagChange[] = [];
    flags.listen({ changed: (change) => changes.push(change) });
    flags.registerTrigger({ when: 'a', setFlag: 'b' });
    flags.registerTrigger({ when: 'b', clearFlag: 'c' });
    flags.registerTrigger({ whenNot: 'c', callback: () => flags.set('d') });
    flags.set('c');
    changes.length = 0;
    const handler = { kind: 'handler', handler: 'web.start' } as const;
    const leave = flags.enter(handler);
    flags.set('a');
    flags.set('e');
    leave();
    const onA = { kind: 'trigger', change: { flag: 'a', to: 'set' }, because: handler } as const;
    const onB = { kind: 'trigger', change: { flag: 'b', to: 'set' }, because: onA } as const;
    const onC = { kind: 'trigger', change: { flag: 'c', to: 'clear' }, because: onB } as const;
    expect(changes).toEqual([
      { flag: 'a', to: 'set', cause: handler },
      { flag: 'b', to: 'set', cause: onA },
      { flag: 'c', to: 'clear', cause: onB },
      { flag: 'd', to: 'set', cause: onC },
      { flag: 'e', to: 'set', cause: handler },
    ]);
  });

  it('come back to what they were when a callback throws', () => {
    const { flags } = makeFlags();
    const changes: FlagChange[] = [];
    flags.listen({ changed: (change) => changes.push(change) });
    flags.registerTrigger({
      when: 'a',
      callback: () => {
        throw new Error('no luck');
      },
    });
    const handler = { kind: 'handler', handler: 'web.start' } as const;
    flags.enter(handler);
    expect(() => flags.set('a')).toThrow('no luck');
    expect(flags.isSet('a')).toBe(true);
    flags.set('b');
    expect(changes.map(({ cause }) => cause)).toEqual([handler, handler]);
  });
});
