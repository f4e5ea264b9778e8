import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dispatch } from '../../src/dispatch/dispatcher.ts';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import type { Trigger } from '../../src/flags/triggers.ts';
import type { Handler } from '../../src/handlers/handler.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { type Outcome, PlainDispatcher, type Program } from './plain-dispatcher.ts';
import { programs } from './programs.ts';

const FLAG_PREFIX = 'reactive.states.';
const store = new SqliteStore({ path: ':memory:' });

/** The kernel alone: handlers as data, flags in memory, and no Juju. */
async function runKernel(program: Program, hook: string, flags: readonly string[]): Promise<Outcome> {
  store.unsetRange(null, FLAG_PREFIX);
  for (const flag of flags) store.set(FLAG_PREFIX + flag, null);
  const registry = new FlagRegistry(store);
  for (const { edge, set, clear } of program.triggers) {
    registry.registerTrigger({
      [edge.startsWith('+') ? 'when' : 'whenNot']: edge.slice(1),
      ...(set ? { setFlag: set } : {}),
      ...(clear ? { clearFlag: clear } : {}),
    } as unknown as Trigger);
  }
  const ran: string[] = [];
  const handlers = program.handlers.flatMap((plain, index): Handler[] => {
    if (plain.hook !== undefined && plain.hook !== hook) return [];
    return [
      {
        id: `web.h${index}`,
        phase: plain.conditions.length === 0 ? 'hooks' : 'other',
        conditions: plain.conditions.map(({ kind, flags: wanted }) => ({
          kind,
          flags: wanted.map((text) => ({ text })),
        })),
        run: () => {
          for (const [what, flag = ''] of plain.steps) {
            if (what === 'throw') throw new Error('asked to');
            registry.toggle(flag, what === 'set');
          }
        },
      },
    ];
  });
  const tracer = { handlerStarts: ({ handler }: { readonly handler: string }) => void ran.push(handler) };
  try {
    await dispatch({ handlers, flags: registry, dataFingerprint: () => '', tracer });
    return { ran, end: 'settled', flags: registry.list() };
  } catch (error) {
    const { name, message } = error as Error;
    return {
      ran,
      end: message === 'asked to' ? 'thrown' : (name as Outcome['end']),
      flags: [...flags].sort(),
    };
  }
}

test('the kernel runs ten thousand charms as one that is slow, plain and remembers nothing does', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      let flags: readonly string[] = [];
      for (const hook of program.hooks) {
        const expected = new PlainDispatcher(program, flags).run(hook);
        expect(await runKernel(program, hook, flags)).toEqual(expected);
        flags = expected.flags;
      }
    }),
    { numRuns: 10_000 },
  );
});

test('a dispatch looks at each handler once, and then at those alone that wait for what changed', async () => {
  const [handlers, links] = [1000, 99];
  let looks = 0;
  const registry = new FlagRegistry(store);
  const isSet = registry.isSet.bind(registry);
  registry.isSet = (flag) => {
    looks += 1;
    return isSet(flag);
  };
  const chain = Array.from({ length: handlers }, (_, index): Handler => {
    const isLink = index < links;
    const flag = isLink ? `link.${index}` : `idle.${index}`;
    return {
      id: `web.h${index}`,
      phase: 'other',
      conditions: [{ kind: 'all', flags: [{ text: flag }] }],
      run: () => registry.set(`link.${index + 1}`),
    };
  });
  registry.set('link.0');
  await dispatch({ handlers: chain, flags: registry, dataFingerprint: () => '' });
  expect(isSet(`link.${links}`)).toBe(true);
  expect(looks).toBeLessThanOrEqual(handlers + 3 * links);
});
