import type { ProcessCost } from '../process-cost.ts';
import type { Cell, Table } from '../report.ts';
import { medianOf, medianRatio } from '../statistics.ts';
import type { MeasuredHook } from './hook-turns.ts';

/** A table of what the floors took beside the hooks. */
export function tabulateFloors(hooks: readonly MeasuredHook[]): Table {
  const nodes = hooks.flatMap(({ node }) => node);
  const sqlites = hooks.flatMap(({ sqlite }) => sqlite);
  return {
    title: 'Floors: processes of the Node that the charm brings',
    columns: ['floor', 'ms', 'processor ms', 'MB', '× node', '× node, processor'],
    rows: [
      ['node', ...writeFloor(nodes, nodes)],
      ['node and SQLite', ...writeFloor(sqlites, nodes)],
    ],
  };
}

/** A table of what hooks took beside the floors, and one for each rival. */
export function tabulateHooks(title: string, hooks: readonly MeasuredHook[]): Table[] {
  const rivals = Object.keys(hooks[0]?.rivals ?? {});
  return [
    {
      title: `${title}: whole processes. × is how many times what it names, turn by turn`,
      columns: [
        ...['hook', 'tools ms', 'ms', 'processor ms', '× node', '× node, processor'],
        ...['× node and SQLite', '× node, memory', 'tool calls', 'commits'],
      ],
      rows: hooks.map(writeHook),
    },
    ...rivals.map((rival) => ({
      title: `${title}: ours against ${rival}`,
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
