import { expect, it } from 'vitest';
import { AddressBases } from '../../../src/simulator/explore/address-bases.ts';

it('each model has a block of addresses that no other has at that time', () => {
  const bases = new AddressBases(0);
  const [first, second, third] = [bases.take(), bases.take(), bases.take()];
  expect([first, second, third]).toEqual(['127.1.0.0', '127.1.1.0', '127.1.2.0']);
  bases.giveBack(second);
  expect(bases.take()).toBe('127.1.3.0');
});

it('blocks are used again from the first on, those that are still in use left out', () => {
  const bases = new AddressBases(254 * 256 - 1);
  expect([bases.take(), bases.take()]).toEqual(['127.254.255.0', '127.1.0.0']);
  const all = new AddressBases(1);
  const kept = all.take();
  const others = Array.from({ length: 254 * 256 }, () => {
    const base = all.take();
    all.giveBack(base);
    return base;
  });
  expect(others).not.toContain(kept);
});
