import { afterAll, describe, expect, it } from 'vitest';
import { Workshop } from '../bash-charm.ts';

const workshop = new Workshop();
afterAll(() => workshop.clean());

describe('a hundred units in one peer relation', () => {
  it('settle, each of them told of each other once', async () => {
    const model = await workshop.model();
    await model.deploy(workshop.charm({ name: 'ring', metadata: 'peers:\n  ring: ring\n' }), { units: 100 });
    const started = performance.now();
    const { hooks } = await model.settle();
    console.log(`${hooks.length} hooks in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    // Install, one about leadership, config-changed, start, created; and joined and changed for each other unit.
    expect(hooks).toHaveLength(100 * (5 + 99 * 2));
    const units = Object.values(model.snapshot().units);
    expect(units.map(({ agent }) => Object.keys(agent.relations[0]?.members ?? {}).length)).toEqual(
      units.map(() => 99),
    );
  });
});
