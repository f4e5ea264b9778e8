import type { ProcessCost } from '../process-cost.ts';
import type { Verdict } from '../report.ts';
import { geometricMean, medianOf, medianRatio } from '../statistics.ts';
import type { MeasuredHook } from './hook-turns.ts';

/** The hooks that stand for all: budgets are for their geometric mean. */
export const USUAL_HOOKS: readonly string[] = [
  'install',
  'config-changed',
  'update-status, 10',
  'changed, 10',
];

/** How many hook tools a hook may call. */
export const CALL_BUDGETS: Readonly<Record<string, number>> = {
  install: 6,
  'config-changed': 5,
  'update-status, 10': 6,
  'changed, 1': 7,
  'changed, 500': 7,
};

/** What the hooks may take of what the Python originals take, which are told by the name that a rival was given. */
const OF_RIVALS: Readonly<Record<string, number>> = { reference: 0.28, ops: 0.32 };

/** Holds hooks against the budgets that are about them. Hooks that were not measured are left out. */
export function judgeHooks(hooks: readonly MeasuredHook[]): Verdict[] {
  const free = hooks.filter(({ delay }) => delay === 0);
  return [
    ...judgeFloor(free),
    ...Object.entries(OF_RIVALS).flatMap(([rival, limit]) => judgeRival(free, rival, limit)),
    ...judgeSlowTools(hooks),
    ...judgeCalls(free),
    ...judgeGrowth(hooks),
    ...judgeFirstContact(free),
    ...judgeCommits(free),
    ...judgeMemory(free),
  ];
}

function judgeFloor(free: readonly MeasuredHook[]): Verdict[] {
  const usual = usualOf(free);
  if (usual.length === 0) return [];
  const mean = (property: keyof ProcessCost): number =>
    geometricMean(usual.map(({ ours, node }) => ratio(ours, node, property)));
  return [
    { budget: 'P1', what: 'a hook over an empty Node process', measured: mean('milliseconds'), limit: 1.7 },
    {
      budget: 'P1',
      what: 'the same in processor time, with all that it starts',
      measured: mean('processorMilliseconds'),
      limit: 1.7,
    },
  ];
}

function judgeRival(free: readonly MeasuredHook[], rival: string, limit: number): Verdict[] {
  const usual = usualOf(free).filter(({ rivals }) => rivals[rival]);
  if (usual.length === 0) return [];
  const ratios = usual.map(({ ours, rivals }) => ratio(ours, rivals[rival], 'milliseconds'));
  return [{ budget: 'P2', what: `a hook over ${rival}`, measured: geometricMean(ratios), limit }];
}

function judgeSlowTools(hooks: readonly MeasuredHook[]): Verdict[] {
  return hooks
    .filter(({ name, delay, rivals }) => name === 'changed, 10' && delay === 20 && rivals.reference)
    .map(({ ours, rivals }) => ({
      budget: 'P3',
      what: 'changed, 10, with tools of 20 ms, over reference',
      measured: ratio(ours, rivals.reference, 'milliseconds'),
      limit: 0.15,
    }));
}

function judgeCalls(free: readonly MeasuredHook[]): Verdict[] {
  return free.flatMap(({ name, ours }) => {
    const limit = CALL_BUDGETS[name];
    const measured = Math.max(...ours.map(({ calls }) => calls.length));
    return limit === undefined ? [] : [{ budget: 'P4', what: `tool calls of ${name}`, measured, limit }];
  });
}

function judgeGrowth(hooks: readonly MeasuredHook[]): Verdict[] {
  return hooks
    .filter(({ name }) => name === 'changed, 500')
    .flatMap(({ ours, delay }) => {
      const one = hooks.find((hook) => hook.name === 'changed, 1' && hook.delay === delay);
      const what = `changed, 500 over changed, 1, with tools of ${delay} ms`;
      const wall = (costs: readonly ProcessCost[]): number =>
        medianOf(costs.map(({ milliseconds }) => milliseconds));
      return one ? [{ budget: 'P5', what, measured: wall(ours) / wall(one.ours), limit: 1.25 }] : [];
    });
}

function judgeFirstContact(free: readonly MeasuredHook[]): Verdict[] {
  return free
    .filter(({ name, rivals }) => name === 'first contact with 500 units' && rivals.reference)
    .map(({ name, ours, rivals }) => ({
      budget: 'P6',
      what: `${name}, over reference`,
      measured: ratio(ours, rivals.reference, 'milliseconds'),
      limit: 0.1,
    }));
}

function judgeCommits(free: readonly MeasuredHook[]): Verdict[] {
  return free
    .filter(({ name }) => USUAL_HOOKS.includes(name))
    .map(({ name, ours }) => ({
      budget: 'P10',
      what: `transactions of ${name}`,
      measured: Math.max(...ours.map(({ commits }) => commits)),
      limit: name.startsWith('update-status') ? 0 : 1,
    }));
}

function judgeMemory(free: readonly MeasuredHook[]): Verdict[] {
  const usual = usualOf(free);
  if (usual.length === 0) return [];
  const ratios = usual.map(({ ours, node }) => ratio(ours, node, 'peakKilobytes'));
  return [
    {
      budget: 'P11',
      what: 'peak memory over an empty Node process',
      measured: geometricMean(ratios),
      limit: 1.2,
    },
  ];
}

function usualOf(hooks: readonly MeasuredHook[]): MeasuredHook[] {
  return hooks.filter(({ name }) => USUAL_HOOKS.includes(name));
}

function ratio(
  costs: readonly ProcessCost[],
  others: readonly ProcessCost[] | undefined,
  property: keyof ProcessCost,
): number {
  const numbers = (taken: readonly ProcessCost[]): number[] => taken.map((cost) => cost[property]);
  return medianRatio(numbers(costs), numbers(others ?? []));
}
