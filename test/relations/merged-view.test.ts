import { Endpoint } from 'charms-reactive';
import { expect, test } from 'vitest';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';

test('Q19: in merged data the lowest relation counts, then the lowest unit', async () => {
  const seen: unknown[] = [];
  class Redis extends Endpoint {
    override manageFlags(): void {
      seen.push({ ...this.allJoinedUnits.received }, { ...this.relations.get('db:1')?.joinedUnits.received });
    }
  }
  const metadata = { requires: { db: { interface: 'redis' } } };
  const unit = new TrialUnit(makeCharm({ metadata, interfaces: { 'requires/redis': Redis } }));
  unit.putUnit('db:1', 'redis/1', { only: '"db:1 redis/1"', both: '"db:1 redis/1"', all: '"db:1 redis/1"' });
  unit.putUnit('db:1', 'redis/0', { all: '"db:1 redis/0"' });
  unit.putUnit('db:0', 'redis/3', { both: '"db:0 redis/3"' });
  await unit.run('update-status');
  expect(seen).toEqual([
    { only: 'db:1 redis/1', both: 'db:0 redis/3', all: 'db:1 redis/0' },
    { only: 'db:1 redis/1', both: 'db:1 redis/1', all: 'db:1 redis/0' },
  ]);
});
