import { join } from 'node:path';
import { HOOK_KINDS, type HookKind } from '../hook-kinds.ts';
import type { Plan } from '../plan.ts';
import type { Report } from '../report.ts';
import { forgetCode } from '../workshop.ts';
import { judgeHooks, USUAL_HOOKS } from './hook-budgets.ts';
import { tabulateFloors, tabulateHooks } from './hook-tables.ts';
import { HookTurns } from './hook-turns.ts';

/** Measures every kind of hook as a process, with tools that take no time and with ones that do. */
export async function measureHooks(plan: Plan): Promise<Report> {
  const { workshop, rivals, delays, isQuick } = plan;
  const charm = await workshop.deploy(join(import.meta.dirname, '../charms/web'), 'web');
  const turns = new HookTurns(plan, charm, rivals);
  const kinds = isQuick ? HOOK_KINDS.filter(({ name }) => USUAL_HOOKS.includes(name)) : HOOK_KINDS;
  try {
    const [install] = HOOK_KINDS as readonly [HookKind, ...HookKind[]];
    const name = 'install, nothing compiled yet';
    const first = turns.measure(install, { name, before: () => forgetCode(charm) });
    const hooks = delays.flatMap((delay) => kinds.map((kind) => turns.measure(kind, { delay })));
    const all = [first, ...hooks];
    return { tables: [tabulateFloors(all), ...tabulateHooks('Hooks', all)], verdicts: judgeHooks(hooks) };
  } finally {
    turns.finish();
  }
}
