import { describe, expect, it } from 'vitest';
import { TriggerLoopError } from '../../src/flags/trigger-cascade.ts';
import { makeFlags } from './flags-in-memory.ts';

function loopOf(run: () => void): TriggerLoopError {
  try {
    run();
  } catch (error) {
    if (error instanceof TriggerLoopError) return error;
    throw error;
  }
  throw new Error('no loop was found');
}

describe('triggers that chase each other (B9)', () => {
  it('are named, the first edge again at the end', () => {
    const { flags } = makeFlags();
    flags.registerTrigger({ when: 'a', setFlag: 'b' });
    flags.registerTrigger({ when: 'b', clearFlag: 'a' });
    flags.registerTrigger({ whenNot: 'a', clearFlag: 'b' });
    flags.registerTrigger({ whenNot: 'b', setFlag: 'a' });
    const error = loopOf(() => flags.set('a'));
    expect(error.edges).toEqual([
      { flag: 'a', to: 'set' },
      { flag: 'b', to: 'set' },
      { flag: 'a', to: 'clear' },
      { flag: 'b', to: 'clear' },
      { flag: 'a', to: 'set' },
    ]);
    expect(error.message).toMatch(/^cannot settle triggers: .*\+a, \+b, -a, -b, \+a; /);
    expect(error.name).toBe('TriggerLoopError');
  });

  it('are named without the way that led into the loop', () => {
    const { flags } = makeFlags();
    flags.registerTrigger({ when: 'start', setFlag: 'middle' });
    flags.registerTrigger({ when: 'middle', setFlag: 'x' });
    flags.registerTrigger({ when: 'x', clearFlag: 'x' });
    flags.registerTrigger({ whenNot: 'x', setFlag: 'x' });
    const { edges } = loopOf(() => flags.set('start'));
    expect(edges.map(({ flag, to }) => `${flag} ${to}`)).toEqual(['x set', 'x clear', 'x set']);
  });

  it('are found through callbacks, too', () => {
    const { flags } = makeFlags();
    flags.registerTrigger({ when: 'a', callback: () => flags.clear('a') });
    flags.registerTrigger({ whenNot: 'a', callback: () => flags.set('a') });
    expect(loopOf(() => flags.set('a')).edges).toHaveLength(3);
  });

  it('leave the flags usable for whoever catches the error', () => {
    const { flags, log } = makeFlags();
    flags.registerTrigger({ when: 'x', clearFlag: 'x' });
    flags.registerTrigger({ whenNot: 'x', setFlag: 'x' });
    flags.registerTrigger({ when: 'y', setFlag: 'z' });
    loopOf(() => flags.set('x'));
    log.length = 0;
    flags.set('y');
    expect(log).toEqual(['+y', '+z']);
    flags.clear('y');
    flags.set('y');
    expect(log).toEqual(['+y', '+z', '-y', '+y']);
  });
});

describe('triggers that only look as if', () => {
  it('may come to the same edge again among other flags', () => {
    const { flags, log } = makeFlags();
    const steps = ['step.1', 'step.2', 'step.3'];
    flags.registerTrigger({
      when: 'again',
      callback: () => {
        const next = flags.unset(...steps)[0];
        if (next === undefined) return;
        flags.set(next);
        flags.clear('again');
        flags.set('again');
      },
    });
    flags.set('again');
    expect(log).toEqual([
      '+again',
      '+step.1',
      '-again',
      '+again',
      '+step.2',
      '-again',
      '+again',
      '+step.3',
      '-again',
      '+again',
    ]);
  });

  it('may meet the same edge twice, one after the other', () => {
    const { flags, log } = makeFlags();
    flags.registerTrigger({ when: 'a', setFlag: 'pulse' });
    flags.registerTrigger({ when: 'pulse', clearFlag: 'pulse' });
    flags.registerTrigger({ when: 'a', callback: () => flags.set('pulse') });
    flags.set('a');
    expect(log).toEqual(['+a', '+pulse', '-pulse', '+pulse', '-pulse']);
  });

  it('may stop by themselves, since setting a set flag is no edge', () => {
    const { flags, log } = makeFlags();
    flags.registerTrigger({ when: 'a', setFlag: 'b' });
    flags.registerTrigger({ when: 'b', setFlag: 'a' });
    flags.registerTrigger({ when: 'b', clearFlag: 'c' });
    flags.registerTrigger({ whenNot: 'c', setFlag: 'b' });
    flags.set('a');
    expect(log).toEqual(['+a', '+b']);
  });
});

describe('long chains', () => {
  it.each([1000, 5000])('of %i triggers settle, in order', (length) => {
    const { flags, log } = makeFlags();
    for (let index = 0; index < length; index += 1)
      flags.registerTrigger({ when: `f${index}`, setFlag: `f${index + 1}` });
    flags.set('f0');
    expect(log).toEqual(Array.from({ length: length + 1 }, (_, index) => `+f${index}`));
  });

  it('that go round are found however long they are', () => {
    const { flags } = makeFlags();
    const length = 500;
    for (let index = 0; index < length; index += 1) {
      const next = `f${(index + 1) % length}`;
      flags.registerTrigger({ when: `f${index}`, setFlag: next });
      flags.registerTrigger({ whenNot: `f${index}`, clearFlag: next });
    }
    flags.registerTrigger({ when: `f${length - 1}`, clearFlag: 'f0' });
    flags.registerTrigger({ whenNot: `f${length - 1}`, setFlag: 'f0' });
    expect(loopOf(() => flags.set('f0')).edges).toHaveLength(2 * length + 1);
  });
});
