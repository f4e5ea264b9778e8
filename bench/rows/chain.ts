import { join } from 'node:path';
import { writeChainLayer } from '../chain-layer.ts';
import type { HookKind } from '../hook-kinds.ts';
import type { Plan } from '../plan.ts';
import type { Report } from '../report.ts';
import { medianRatio } from '../statistics.ts';
import { tabulateHooks } from './hook-tables.ts';
import { HookTurns } from './hook-turns.ts';

const SIZE = { handlers: 1000, links: 99 };

const HOOK: HookKind = {
  name: '1,000 handlers, 99 of them a chain',
  before: [],
  measured: { hook: 'update-status', units: 0 },
};

/** Measures the whole process of a charm with many handlers, whose first hook runs 99 of them, one after the other. */
export async function measureChain(plan: Plan): Promise<Report> {
  const { workshop, rivals } = plan;
  const layer = join(workshop.folder, 'chain-layer');
  writeChainLayer(layer, SIZE);
  const chains = rivals.flatMap(({ name, chain }) => (chain ? [{ ...chain, name }] : []));
  const turns = new HookTurns(plan, await workshop.deploy(layer, 'chain'), chains);
  try {
    const measured = turns.measure(HOOK);
    const { ours, rivals: others } = measured;
    const wall = (costs: readonly { readonly milliseconds: number }[]): number[] =>
      costs.map(({ milliseconds }) => milliseconds);
    const { reference } = others;
    return {
      tables: tabulateHooks('A charm with many handlers', [measured]),
      verdicts: reference
        ? [
            {
              budget: 'P9',
              what: 'the process of 1,000 handlers and a chain, over reference',
              measured: medianRatio(wall(ours), wall(reference)),
              limit: 0.03,
            },
          ]
        : [],
    };
  } finally {
    turns.finish();
  }
}
