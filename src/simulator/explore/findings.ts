import { compareStates, type Difference } from './difference.ts';
import type { RunFailure } from './run-failure.ts';
import type { Ignored } from './scenario.ts';
import type { RunResult } from './scenario-run.ts';

/** What a run showed that should not be: that it settled in another state, or did not settle. */
export interface Symptom {
  /** `difference`, or how the run failed. */
  readonly kind: 'difference' | RunFailure['kind'];
  readonly differences: readonly Difference[];
  /** Of a failure. */
  readonly message?: string;
  /** What is wrong, for comparing: paths, units, a step. */
  readonly about: readonly string[];
}

/** A symptom with the runs that showed it. */
export interface Finding {
  readonly symptom: Symptom;
  /** The seeds of the runs, lowest first; none for decisions that were replayed. */
  readonly seeds: readonly number[];
  /** The first run that showed it. */
  readonly run: RunResult;
}

/** Compares a run with the reference; undefined where all is well. `except`: paths that do not count. */
export function findSymptom(
  run: RunResult,
  reference: RunResult,
  rules: { readonly ignore: Ignored; readonly except: ReadonlySet<string> },
): Symptom | undefined {
  if (run.failure !== undefined) {
    const { kind, about, message } = run.failure;
    return { kind, differences: [], about, message };
  }
  const states = { reference: reference.state ?? new Map(), run: run.state ?? new Map() };
  const differences = compareStates(states, rules.ignore, rules.except);
  if (differences.length === 0) return undefined;
  return { kind: 'difference', differences, about: differences.map(({ path }) => path) };
}

/** Whether two runs show the same: the same kind of thing, with something in common. */
export function isSameSymptom(one: Symptom, other: Symptom): boolean {
  return one.kind === other.kind && one.about.some((what) => other.about.includes(what));
}

/** A run with a symptom. */
export interface ShownRun {
  readonly seed: number;
  readonly symptom: Symptom;
  readonly run: RunResult;
}

/** Puts runs with the same symptom together, whichever ended first. */
export function groupRuns(shown: readonly ShownRun[]): Finding[] {
  const findings: { symptom: Symptom; seeds: number[]; run: RunResult }[] = [];
  for (const { seed, symptom, run } of [...shown].sort((a, b) => a.seed - b.seed)) {
    const known = findings.find((finding) => isSameSymptom(finding.symptom, symptom));
    if (known === undefined) findings.push({ symptom, seeds: [seed], run });
    else known.seeds.push(seed);
  }
  return findings;
}
