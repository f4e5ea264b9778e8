import { onTestFinished } from 'vitest';
import { forgetRegistered } from '../../src/charm/running-unit.ts';
import { type CharmParts, makeCharm, TrialUnit } from '../charm/trial-unit.ts';

/**
 * A unit of a charm whose handlers register themselves when its module is loaded, which here is a function. They are
 * forgotten when the test is over.
 */
export function trialOf(
  load: () => void,
  parts: CharmParts = {},
  model: ConstructorParameters<typeof TrialUnit>[1] = {},
): TrialUnit {
  forgetRegistered();
  onTestFinished(forgetRegistered);
  load();
  return new TrialUnit(makeCharm(parts), model);
}

/** metadata.yaml with endpoints of one role: `requires('db')` requires `db` of the interface `db`. */
export function endpoints(
  role: 'requires' | 'provides' | 'peers',
  ...names: string[]
): Readonly<Record<string, unknown>> {
  return {
    [role]: Object.fromEntries(names.map((name) => [name, { interface: name.replace(/\d+$/, '') }])),
  };
}
