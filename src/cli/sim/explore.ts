import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { BuildError } from '../../builder/build-error.ts';
import { MetadataError } from '../../metadata/metadata-error.ts';
import { type Decisions, parseDecisions } from '../../simulator/explore/decisions.ts';
import { type ExploreProgress, explore, ScenarioError } from '../../simulator/explore/explore.ts';
import { type ExploreCommand, formatReport, reportAsData } from '../../simulator/explore/report-text.ts';
import { parseScenario, type Scenario } from '../../simulator/explore/scenario.ts';
import type { Fault } from '../../simulator/faults/fault.ts';
import { FAULT_KINDS, isFaultKind } from '../../simulator/faults/fault-kinds.ts';
import { withBuiltCharms } from './built-charms.ts';
import { CommandFailure } from './command-failure.ts';
import { readCount, readGivenFile } from './option-values.ts';
import { print, say } from './output.ts';

interface ExploreFlags {
  readonly seed?: number;
  readonly runs?: number;
  readonly faults: number;
  readonly faultKinds?: readonly Fault['kind'][];
  readonly jobs: number;
  readonly shrink: number;
  readonly replay?: Decisions;
  readonly format: 'text' | 'json';
}

const DEFAULT_FAULTS = 2;
const ALL_KINDS = Object.keys(FAULT_KINDS).filter(isFaultKind);

/** The exit code for a scenario that cannot be run; 1 is for one that shows something. */
const BAD_SCENARIO = 2;

/** What ends the exploration in order: models are taken down, and what was found by then is told. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Adds `reactive sim explore`: runs a scenario in many legal orders, with faults, and tells which ends differ. */
export function addExploreCommand(sim: Command): void {
  sim
    .command('explore')
    .description(
      'run a scenario in many legal orders of hooks, with faults, and report each run that does not settle in the same state',
    )
    .argument('<scenario>', 'a YAML file: what to deploy, relate and change')
    .option(
      '--seed <number>',
      "the first run's seed; each further run has the next (default: the scenario's, or 1)",
      readCount,
    )
    .option('--runs <number>', "how many runs (default: the scenario's, or 100)", readCount)
    .option('--faults <number>', 'how many faults a run has at most', readCount, DEFAULT_FAULTS)
    .option(
      '--fault-kinds <kinds>',
      `which faults, with commas between: ${ALL_KINDS.join(',')} (default: all)`,
      readKinds,
    )
    .option('--jobs <number>', 'how many runs go side by side', readCount, availableParallelism())
    .option('--shrink <number>', 'how many runs may go into the shortest way to each finding', readCount, 100)
    .option(
      '--replay <decisions>',
      'do one run with these decisions, in JSON, as a report gives them',
      readReplay,
    )
    .option('--format <format>', 'text or json', readFormat, 'text')
    .addHelpText('after', describeFaults())
    .action(async (file: string, flags: ExploreFlags) => {
      process.exitCode = await exploreFile(file, flags, process.env.PATH);
    });
}

/** Explores the scenario in a file, prints what was found, and answers the exit code: 0 where all runs were made and nothing was found. */
async function exploreFile(file: string, flags: ExploreFlags, path: string | undefined): Promise<number> {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    const scenario = parseScenario(readGivenFile(file), file);
    return await withBuiltCharms(scenario, (built) =>
      exploreScenario({ scenario: built, flags, path, signal: interrupt.signal }),
    );
  } catch (error) {
    if (interrupt.signal.aborted) throw new CommandFailure('ended before the reference run was');
    if (isBadScenario(error)) throw new CommandFailure(error.message, BAD_SCENARIO);
    throw error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

async function exploreScenario(asked: {
  readonly scenario: Scenario;
  readonly flags: ExploreFlags;
  readonly path: string | undefined;
  readonly signal: AbortSignal;
}): Promise<number> {
  const { scenario, flags, path, signal } = asked;
  const { faults, faultKinds = ALL_KINDS, jobs, shrink, replay } = flags;
  const seed = flags.seed ?? scenario.seed;
  const progress = new ProgressLine(flags.runs ?? scenario.runs);
  const report = await explore({
    scenario,
    seed,
    runs: flags.runs ?? scenario.runs,
    faults,
    faultKinds,
    jobs,
    shrink,
    signal,
    onProgress: (state) => progress.show(state),
    ...(replay === undefined ? {} : { replay }),
    ...(path === undefined ? {} : { path }),
  }).finally(() => progress.end());
  const command: ExploreCommand = { text: describeCommand(scenario.file, flags), file: scenario.file };
  const text =
    flags.format === 'json'
      ? JSON.stringify(reportAsData(report, command), null, 2)
      : formatReport(report, command).join('\n');
  print(`${text}\n`);
  const isFound = report.findings.length > 0 || report.unrepeatable.length > 0;
  return isFound || report.isCutShort ? 1 : 0;
}

/** A line on standard error that is written over as long as it is one of a terminal. */
class ProgressLine {
  readonly #total: number;
  #told = 0;

  constructor(total: number) {
    this.#total = total;
  }

  show({ phase, runs, symptoms, hooks }: ExploreProgress): void {
    const text = `${phase}: ${runs} of ${this.#total} runs, ${hooks} hooks, ${symptoms} with another end`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
    else if (runs >= this.#told + Math.max(1, this.#total / 20)) {
      this.#told = runs;
      say(text);
    }
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}

/** With the options that decide what a seed does. */
function describeCommand(file: string, { faults, faultKinds = ALL_KINDS }: ExploreFlags): string {
  const kinds = faultKinds.length === ALL_KINDS.length ? '' : ` --fault-kinds ${faultKinds.join(',')}`;
  return `reactive sim explore ${quote(file)}${faults === DEFAULT_FAULTS ? '' : ` --faults ${faults}`}${kinds}`;
}

function quote(word: string): string {
  return /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function isBadScenario(error: unknown): error is Error {
  return [ScenarioError, MetadataError, BuildError, CommandFailure].some((kind) => error instanceof kind);
}

function describeFaults(): string {
  const lines = Object.entries(FAULT_KINDS).map(([kind, what]) => `  ${kind.padEnd(17)} ${what}`);
  return `\nFaults:\n${lines.join('\n')}\n\nExit code: 0 where nothing was found, 1 where something was or it was ended early, 2 for a bad scenario.\n`;
}

function readKinds(text: string): readonly Fault['kind'][] {
  const kinds = text.split(',').map((word) => word.trim());
  const known = kinds.filter(isFaultKind);
  if (known.length < kinds.length) throw new InvalidArgumentError(`choose from ${ALL_KINDS.join(', ')}.`);
  return known;
}

function readReplay(text: string): Decisions {
  try {
    return parseDecisions(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function readFormat(text: string): 'text' | 'json' {
  if (text !== 'text' && text !== 'json') throw new InvalidArgumentError('choose text or json.');
  return text;
}
