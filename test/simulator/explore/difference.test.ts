import { describe, expect, it } from 'vitest';
import { compareStates } from '../../../src/simulator/explore/difference.ts';
import type { Ignored } from '../../../src/simulator/explore/scenario.ts';
import type { Fact } from '../../../src/simulator/explore/settled-state.ts';

const NOTHING: Ignored = { flags: [], databags: [], statuses: [], ports: [] };

const DB = 'web:db redis:db';

const state = (...facts: Fact[]) =>
  new Map(
    facts.map((fact) => [[fact.kind, fact.relation, fact.name].filter(Boolean).join(' '), fact] as const),
  );

const BEFORE = state(
  { kind: 'flags', name: 'web/0:web.ready', value: 'set' },
  { kind: 'databags', relation: DB, name: 'redis/0:.password', value: 'a' },
  { kind: 'databags', relation: DB, name: 'redis/10:host', value: { b: 1, a: [1] } },
  { kind: 'statuses', name: 'web/0:message', value: 'one' },
  { kind: 'ports', name: 'web/0', value: ['80/tcp'] },
);

const AFTER = state(
  { kind: 'databags', relation: DB, name: 'redis/0:.password', value: 'b' },
  { kind: 'databags', relation: DB, name: 'redis/10:host', value: { a: [1], b: 1 } },
  { kind: 'statuses', name: 'web/0:message', value: 'two' },
  { kind: 'ports', name: 'web/0', value: ['81/tcp'] },
);

const differ = (ignored: Partial<Ignored> = {}) =>
  compareStates({ reference: BEFORE, run: AFTER }, { ...NOTHING, ...ignored }).map(({ path }) => path);

describe('the difference of two states', () => {
  it('has the path and both values of what is not the same', () => {
    expect(compareStates({ reference: BEFORE, run: AFTER }, NOTHING)).toEqual([
      { path: `databags ${DB} redis/0:.password`, reference: 'a', run: 'b' },
      { path: 'flags web/0:web.ready', reference: 'set', run: undefined },
      { path: 'ports web/0', reference: ['80/tcp'], run: ['81/tcp'] },
      { path: 'statuses web/0:message', reference: 'one', run: 'two' },
    ]);
    expect(compareStates({ reference: BEFORE, run: BEFORE }, NOTHING)).toEqual([]);
  });

  it('leaves out what the scenario ignores, each kind by its own patterns', () => {
    const all = differ();
    expect(differ({ databags: ['redis/*:*'] })).toEqual(all.slice(1));
    expect(differ({ databags: [`${DB} redis/*:.password`] })).toEqual(all.slice(1));
    expect(differ({ databags: ['web:db other:db redis/*:*'] })).toEqual(all);
    expect(differ({ flags: ['*/*:web.*'] })).toEqual([all[0], all[2], all[3]]);
    expect(differ({ ports: ['web/*'], statuses: ['web/0:message'] })).toEqual(all.slice(0, 2));
    expect(differ({ statuses: ['redis/*:*', 'web/0:status'] })).toEqual(all);
  });

  it('leaves out the paths that it is told to', () => {
    const except = new Set(['ports web/0']);
    const left = compareStates({ reference: BEFORE, run: AFTER }, NOTHING, except);
    expect(left.map(({ path }) => path)).not.toContain('ports web/0');
    expect(left).toHaveLength(3);
  });
});
