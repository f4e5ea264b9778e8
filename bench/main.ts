import { Command, InvalidArgumentError } from 'commander';
import { type Rival, readRival } from './against.ts';
import type { Plan } from './plan.ts';
import { type Report, writeJson, writeText } from './report.ts';
import { measureChain } from './rows/chain.ts';
import { measureDispatch } from './rows/dispatch.ts';
import { measureGrowth } from './rows/growth.ts';
import { measureHooks } from './rows/hooks.ts';
import { measureStore } from './rows/store.ts';
import { Workshop } from './workshop.ts';

/** The parts of the bench, in the order in which they are measured. */
const PARTS: Readonly<Record<string, (plan: Plan) => Report | Promise<Report>>> = {
  hooks: measureHooks,
  chain: measureChain,
  dispatch: measureDispatch,
  store: measureStore,
  growth: measureGrowth,
};

interface Options {
  readonly json?: boolean;
  readonly quick?: boolean;
  readonly rounds?: number;
  readonly only?: string;
  readonly toolMs: readonly number[];
  readonly against: readonly Rival[];
}

const program = new Command('npm run bench --')
  .description(
    'Measures hooks, dispatch and store beside their floors, and holds them against their budgets.',
  )
  .option('--json', 'print JSON')
  .option('--quick', 'measure less, and in few turns')
  .option('--rounds <number>', 'how many turns each candidate takes (15; quick: 3)', readCount)
  .option('--only <part>', `measure one part: ${Object.keys(PARTS).join(', ')}`, readPart)
  .option('--tool-ms <numbers>', 'what a hook tool takes besides its process', readDelays, [0, 20])
  .option(
    '--against <command>',
    'NAME=PROGRAM, which runs the same hooks, in the folder of its own charm; may be repeated',
    (text: string, before: readonly Rival[]) => [...before, readRival(text)],
    [] as readonly Rival[],
  )
  .showHelpAfterError();

try {
  await program.parseAsync();
  await bench(program.opts<Options>());
} catch (error) {
  console.error(`ERROR ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function bench(options: Options): Promise<void> {
  const { json, quick: isQuick = false, only, toolMs: delays, against: rivals } = options;
  const rounds = options.rounds ?? (isQuick ? 3 : 15);
  const workshop = new Workshop();
  const tell = (what: string): void => console.error(`measuring ${what}`);
  // While a process is measured it gets the signal too, and its failure ends the bench.
  process.once('SIGINT', () => {
    workshop.dispose();
    process.exit(130);
  });
  try {
    const reports: Report[] = [];
    for (const [part, measure] of Object.entries(PARTS)) {
      if (only !== undefined && only !== part) continue;
      reports.push(await measure({ rounds, delays, isQuick, rivals, workshop, tell }));
    }
    const report = {
      tables: reports.flatMap(({ tables }) => tables),
      verdicts: reports.flatMap(({ verdicts }) => verdicts),
    };
    const run = `Node ${process.version}, ${process.platform} ${process.arch}, medians of ${rounds} turns`;
    console.log(
      json ? JSON.stringify({ run, ...writeJson(report) }, undefined, 2) : `${run}\n\n${writeText(report)}`,
    );
  } finally {
    workshop.dispose();
  }
}

function readCount(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is to be a number of 1 or more.');
}

function readPart(text: string): string {
  if (Object.hasOwn(PARTS, text)) return text;
  throw new InvalidArgumentError(`It is to be one of ${Object.keys(PARTS).join(', ')}.`);
}

function readDelays(text: string): number[] {
  const delays = text.split(',').map(Number);
  if (delays.every((delay) => Number.isInteger(delay) && delay >= 0)) return delays;
  throw new InvalidArgumentError('It is to be milliseconds, with commas between: 0,20.');
}
