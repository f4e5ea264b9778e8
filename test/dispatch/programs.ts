import fc from 'fast-check';
import type { Kind, Program } from './plain-dispatcher.ts';

const FLAGS = ['a', 'b', 'c', 'd', 'e'];
const HOOKS = ['install', 'start', 'stop'];

const flag = fc.constantFrom(...FLAGS);
const condition = fc.record({
  kind: fc.constantFrom<Kind>('all', 'any', 'none', 'not-all'),
  flags: fc.array(flag, { minLength: 1, maxLength: 3 }),
});
const step = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(fc.constantFrom('set' as const, 'clear' as const), flag) },
  { weight: 1, arbitrary: fc.constant(['throw'] as const) },
);
const plainHandler = fc
  .record({
    hook: fc.option(fc.constantFrom(...HOOKS), { nil: undefined, freq: 3 }),
    conditions: fc.array(condition, { maxLength: 3 }),
    steps: fc.array(step, { maxLength: 4 }),
  })
  .filter(({ hook: name, conditions }) => name !== undefined || conditions.length > 0);
/** Few flags, so that triggers meet. */
const triggerFlag = fc.constantFrom('a', 'b');
const edge = fc.tuple(fc.constantFrom('+', '-'), triggerFlag).map(([sign, name]) => sign + name);
const trigger = fc
  .record({
    edge,
    set: fc.option(fc.oneof(triggerFlag, flag), { nil: undefined }),
    clear: fc.option(fc.oneof(triggerFlag, flag), { nil: undefined }),
  })
  .filter(({ set, clear }) => set !== undefined || clear !== undefined);
/** Charms of a few handlers and triggers, and the hooks they are run in. */
export const programs: fc.Arbitrary<Program> = fc.record({
  handlers: fc.array(plainHandler, { minLength: 1, maxLength: 8 }),
  triggers: fc.array(trigger, { maxLength: 5 }),
  hooks: fc.array(fc.constantFrom(...HOOKS), { minLength: 1, maxLength: 4 }),
});
