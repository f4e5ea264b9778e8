import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import { SetFingerprint } from '../../src/store/set-fingerprint.ts';
import { makeFlags } from '../flags/flags-in-memory.ts';

function fingerprintOf(names: Iterable<string>): string {
  const fingerprint = new SetFingerprint();
  for (const name of names) fingerprint.flip(name);
  return fingerprint.text;
}

it('is equal for equal sets, whatever led to them, and differs for others', () => {
  const flag = fc.constantFrom(
    'a',
    'b',
    'ab',
    'ba',
    'a.b',
    'endpoint.db.joined',
    'endpoint.db2.joined',
    '😀',
    '\0',
  );
  const steps = fc.array(fc.tuple(fc.boolean(), flag), { maxLength: 30 });
  fc.assert(
    fc.property(steps, steps, (left, right) => {
      const [one, other] = [left, right].map((changes) => {
        const { flags } = makeFlags();
        for (const [on, name] of changes) flags.toggle(name, on);
        return flags;
      }) as [FlagRegistry, FlagRegistry];
      const isSame = JSON.stringify(one.list()) === JSON.stringify(other.list());
      expect(one.fingerprint === other.fingerprint).toBe(isSame);
      expect(one.fingerprint).toBe(fingerprintOf(one.list()));
    }),
    { numRuns: 300 },
  );
});

it('comes back with a set that is set up again from the store', () => {
  const { flags, store } = makeFlags();
  for (const flag of ['b', 'a', 'c']) flags.set(flag);
  flags.clear('c');
  flags.save();
  expect(new FlagRegistry(store).fingerprint).toBe(flags.fingerprint);
  expect(makeFlags().flags.fingerprint).toBe(fingerprintOf([]));
});

it('looks at names, not at values', () => {
  const { flags } = makeFlags();
  flags.set('a', 1);
  const { fingerprint } = flags;
  flags.set('a', 2);
  expect(flags.fingerprint).toBe(fingerprint);
});

it('is different for each pair out of many names that differ little', () => {
  const names = [
    ...Array.from({ length: 600 }, (_, index) => `endpoint.db.changed.key${index}`),
    ...Array.from({ length: 300 }, (_, index) => index.toString(2).padStart(9, '0')),
    ...Array.from({ length: 100 }, (_, index) => '\0'.repeat(index + 1)),
  ];
  const seen = new Set<string>([fingerprintOf([])]);
  for (const name of names) seen.add(fingerprintOf([name]));
  for (const [index, name] of names.entries())
    for (const other of names.slice(0, index)) seen.add(fingerprintOf([name, other]));
  expect(seen.size).toBe(1 + names.length + (names.length * (names.length - 1)) / 2);
});

it('uses every one of its bits', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `layer.flag.${index}`);
  const counts = new Array<number>(64).fill(0);
  for (const name of names) {
    const bits = fingerprintOf([name])
      .split(':')
      .map((half) => (Number(half) >>> 0).toString(2).padStart(32, '0'))
      .join('');
    for (const [index, bit] of [...bits].entries()) if (bit === '1') counts[index] = (counts[index] ?? 0) + 1;
  }
  for (const count of counts) {
    expect(count).toBeGreaterThan(700);
    expect(count).toBeLessThan(1300);
  }
});
