import { countDecisions, formatDecisions } from './decisions.ts';
import type { Difference } from './difference.ts';
import type { ExploreReport, ShrunkFinding } from './explore.ts';
import type { Symptom } from './findings.ts';
import { formatSideBySide } from './side-by-side.ts';

/** The command that explored, so that a report can say how to repeat a run. */
export interface ExploreCommand {
  /** `reactive sim explore scenario.yaml`, with the options that decide what a seed does. */
  readonly text: string;
  readonly file: string;
}

/** How many seeds of a finding are told. */
const SEEDS = 10;

/** How many characters of a value are told. */
const VALUE_LENGTH = 200;

/** A report for people, lines without an end. */
export function formatReport(report: ExploreReport, command: ExploreCommand): string[] {
  const { findings, unrepeatable } = report;
  return [
    ...(unrepeatable.length === 0 ? [] : [...describeUnrepeatable(unrepeatable), '']),
    ...findings.flatMap((finding, index) => [...describeFinding(finding, index + 1, report, command), '']),
    summarize(report, command),
  ];
}

/** The same as plain data, for `--format json`. */
export function reportAsData(report: ExploreReport, command: ExploreCommand) {
  const { reference, unrepeatable, runs, hooks, faults, isCutShort } = report;
  return {
    scenario: command.file,
    runs,
    hooks,
    faults,
    'cut-short': isCutShort,
    unrepeatable: unrepeatable.map(differenceAsData),
    reference: reference.trace,
    findings: report.findings.map(({ symptom, seeds, run, shrunk, shrunkSymptom }) => ({
      kind: symptom.kind,
      ...(symptom.message === undefined ? {} : { message: symptom.message }),
      differences: shrunkSymptom.differences.map(differenceAsData),
      seeds,
      decisions: run.decisions,
      shortest: shrunk.decisions,
      'shrinking-runs': shrunk.runs,
      trace: (shrunk.run ?? run).trace,
      commands: commandsFor({ seeds, shrunk }, command),
    })),
  };
}

function summarize(
  { runs, hooks, faults, findings, unrepeatable, isCutShort }: ExploreReport,
  command: ExploreCommand,
): string {
  const counts = `${count(runs, 'run')}, ${count(hooks, 'hook')}, ${count(faults, 'fault')}`;
  const found = findings.length + (unrepeatable.length > 0 ? 1 : 0);
  const what = found === 0 ? 'every run settled in the same state' : `${count(found, 'finding')}, told above`;
  return `${command.file}: ${counts}: ${what}${isCutShort ? '; it was ended early' : ''}`;
}

function describeUnrepeatable(differences: readonly Difference[]): string[] {
  return [
    'The reference run, done twice in the same order, settled in two states. These are left out of what follows; make',
    'them the same each time, or ignore them in the scenario:',
    '',
    ...describeDifferences(differences),
  ];
}

function describeFinding(
  finding: ShrunkFinding,
  number: number,
  report: ExploreReport,
  command: ExploreCommand,
): string[] {
  const { symptom, seeds, run, shrunk, shrunkSymptom } = finding;
  const { repeat, shortest } = commandsFor(finding, command);
  const told = seeds.slice(0, SEEDS).join(', ') + (seeds.length > SEEDS ? ', …' : '');
  const where = seeds.length === 0 ? 'these decisions' : `${count(seeds.length, 'run')} (seed ${told})`;
  const [left, all] = [countDecisions(shrunk.decisions), countDecisions(run.decisions)];
  return [
    `${number}. ${where}: ${describeSymptom(symptom)}`,
    '',
    ...(shrunkSymptom.message === undefined ? [] : indent(shrunkSymptom.message.split('\n'))),
    ...describeDifferences(shrunkSymptom.differences),
    '',
    ...(repeat === undefined ? [] : [`   again:     ${repeat}`]),
    `   shortest:  ${shortest}`,
    `              (${left} of ${count(all, 'decision')} left, after ${count(shrunk.runs, 'more run')})`,
    '',
    ...indent(formatSideBySide(report.reference.trace, (shrunk.run ?? run).trace)),
  ];
}

function describeSymptom({ kind }: Symptom): string {
  switch (kind) {
    case 'difference':
      return 'settled in another state than the reference run';
    case 'error':
      return 'left units in error';
    case 'unrest':
      return 'came to no rest';
    case 'refused':
      return 'could not do a step';
  }
}

function describeDifferences(differences: readonly Difference[]): string[] {
  return differences.flatMap(({ path, reference, run }) => [
    `   ${path}`,
    `     reference  ${describeValue(reference)}`,
    `     this run   ${describeValue(run)}`,
  ]);
}

function describeValue(value: unknown): string {
  if (value === undefined) return '(nothing)';
  const text = JSON.stringify(value);
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text;
}

/** A value that is not there is null, where JSON has nothing for it. */
function differenceAsData({ path, reference, run }: Difference) {
  return { path, reference: reference ?? null, run: run ?? null };
}

function commandsFor(
  { seeds, shrunk }: Pick<ShrunkFinding, 'seeds' | 'shrunk'>,
  { text }: ExploreCommand,
): { readonly repeat?: string; readonly shortest: string } {
  const [seed] = seeds;
  const quoted = formatDecisions(shrunk.decisions).replaceAll("'", String.raw`'\''`);
  const shortest = `${text} --replay '${quoted}'`;
  return seed === undefined ? { shortest } : { repeat: `${text} --seed ${seed} --runs 1`, shortest };
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `   ${line}`.trimEnd());
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
