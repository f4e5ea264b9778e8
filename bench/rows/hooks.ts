import { join } from 'node:path';
import { HOOK_KINDS, type HookKind } from '../hook-kinds.ts';
import type { Plan } from '../plan.ts';
import type { ProcessCost } from '../process-cost.ts';
import type { Cell, Report, Table } from '../report.ts';
import { medianOf, medianRatio } from '../statistics.ts';
import { forgetCode } from '../workshop.ts';
import { judgeHooks, USUAL_HOOKS } from './hook-budgets.ts';
import { HookTurns, type MeasuredHook } from './hook-turns.ts';

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
    return { tables: tabulate([first, ...hooks]), verdicts: judgeHooks(hooks) };
  } finally {
    turns.finish();
  }
}

function tabulate(hooks: readonly MeasuredHook[]): Table[] {
  const nodes = hooks.flatMap(({ node }) => node);
  const sqlites = hooks.flatMap(({ sqlite }) => sqlite);
  const rivals = Object.keys(hooks[0]?.rivals ?? {});
  return [
    {
      title: 'Floors: processes of the Node that the charm brings',
      columns: ['floor', 'ms', 'processor ms', 'MB', '× node', '× node, processor'],
      rows: [
        ['node', ...writeFloor(nodes, nodes)],
        ['node and SQLite', ...writeFloor(sqlites, nodes)],
      ],
    },
    {
      title: 'Hooks: whole processes. × is how many times what it names, turn by turn',
      columns: [
        ...['hook', 'tools ms', 'ms', 'processor ms', '× node', '× node, processor'],
        ...['× node and SQLite', '× node, memory', 'tool calls', 'commits'],
      ],
      rows: hooks.map(writeHook),
    },
    ...rivals.map((rival) => ({
      title: `Hooks: ours against ${rival}. × is how many times what ${rival} takes`,
      columns: [
        ...['hook', 'tools ms', `${rival} ms`, `× ${rival}`, `× ${rival}, processor`],
        ...[`× ${rival}, memory`, `${rival} tool calls`, `${rival} commits`],
      ],
      rows: hooks.map((hook) => writeRival(hook, rival)),
    })),
  ];
}

function writeFloor(floor: readonly ProcessCost[], node: readonly ProcessCost[]): Cell[] {
  return [
    medianOf(wall(floor)),
    medianOf(processor(floor)),
    medianOf(memory(floor)) / 1024,
    medianRatio(wall(floor), wall(node)),
    medianRatio(processor(floor), processor(node)),
  ];
}

function writeHook({ name, delay, node, sqlite, ours }: MeasuredHook): Cell[] {
  return [
    name,
    delay,
    medianOf(wall(ours)),
    medianOf(processor(ours)),
    medianRatio(wall(ours), wall(node)),
    medianRatio(processor(ours), processor(node)),
    medianRatio(wall(ours), wall(sqlite)),
    medianRatio(memory(ours), memory(node)),
    ours.at(-1)?.calls.length,
    ours.at(-1)?.commits,
  ];
}

function writeRival({ name, delay, ours, rivals }: MeasuredHook, rival: string): Cell[] {
  const theirs = rivals[rival] ?? [];
  return [
    name,
    delay,
    medianOf(wall(theirs)),
    medianRatio(wall(ours), wall(theirs)),
    medianRatio(processor(ours), processor(theirs)),
    medianRatio(memory(ours), memory(theirs)),
    theirs.at(-1)?.calls.length,
    theirs.at(-1)?.commits,
  ];
}

const wall = (costs: readonly ProcessCost[]): number[] => costs.map(({ milliseconds }) => milliseconds);
const processor = (costs: readonly ProcessCost[]): number[] =>
  costs.map(({ processorMilliseconds }) => processorMilliseconds);
const memory = (costs: readonly ProcessCost[]): number[] => costs.map(({ peakKilobytes }) => peakKilobytes);
