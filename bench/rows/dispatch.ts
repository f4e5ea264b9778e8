import { join } from 'node:path';
import { askRival } from '../against.ts';
import type { Plan } from '../plan.ts';
import type { Cell, Report, Verdict } from '../report.ts';
import { medianOf, medianRatio } from '../statistics.ts';
import type { Spent } from '../stopwatch.ts';
import { type DispatchSize, prepareDispatch } from './dispatch-work.ts';

/** Budgets are for these two; a reference takes a hundred thousand tests for the second. */
const SIZES: Readonly<Record<string, DispatchSize>> = {
  '1,000 idle handlers and 1,000 flags': { handlers: 1000, flags: 1000, links: 0 },
  '1,000 handlers, 99 of them a chain': { handlers: 1000, flags: 1, links: 99 },
};

const LIMIT = 1 / 500;

/** Measures dispatch in this process, beside the loop without handlers, and counts how often handlers are tested. */
export async function measureDispatch(plan: Plan): Promise<Report> {
  const { tell, rounds, rivals, workshop } = plan;
  const empty = prepareDispatch({ handlers: 0, flags: 0, links: 0 }, join(workshop.folder, 'empty.db'));
  const rows: Cell[][] = [];
  const verdicts: Verdict[] = [];
  for (const [number, [name, size]] of Object.entries(SIZES).entries()) {
    tell(`a dispatch of ${name}`);
    const work = prepareDispatch(size, join(workshop.folder, `dispatch-${number}.db`));
    const first = await work.run();
    const loops: Spent[] = [];
    const runs: Spent[] = [];
    for (let round = 0; round < rounds * 20; round += 1) {
      loops.push(await empty.run());
      runs.push(await work.run());
    }
    const tests = await work.countTests();
    const processor = medianOf(processorOf(runs));
    const asked = rivals.map((rival) => {
      const { handlers, flags, links } = size;
      return [rival.name, askRival(rival, 'bench-dispatch', [handlers, flags, links])?.[0]] as const;
    });
    const others = asked.flatMap(([, other]) => [other, other === undefined ? undefined : processor / other]);
    rows.push([
      ...[
        name,
        first.processorMilliseconds,
        medianOf(runs.map(({ milliseconds }) => milliseconds)),
        processor,
      ],
      ...[medianRatio(processorOf(runs), processorOf(loops)), tests, ...others],
    ]);
    const reference = Object.fromEntries(asked).reference;
    if (reference !== undefined) {
      const what = `dispatch of ${name}, over reference`;
      verdicts.push({ budget: 'P7', what, measured: processor / reference, limit: LIMIT });
    }
    if (size.links > 0) {
      const limit = size.handlers + 3 * size.links;
      verdicts.push({ budget: 'P8', what: `handler tests of ${name}`, measured: tests, limit });
    }
  }
  return {
    tables: [
      {
        title:
          'Dispatch, in process: from opening the store to the end. The loop is a dispatch of no handlers and no flags',
        columns: [
          ...['dispatch', 'first, processor ms', 'ms', 'processor ms', '× empty loop', 'handler tests'],
          ...rivals.flatMap(({ name }) => [`${name}, processor ms`, `× ${name}`]),
        ],
        rows,
      },
    ],
    verdicts,
  };
}

const processorOf = (spent: readonly Spent[]): number[] =>
  spent.map(({ processorMilliseconds }) => processorMilliseconds);
