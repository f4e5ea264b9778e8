import type { HookRecord } from '../agent/hook-record.ts';
import type { ModelState } from '../state/model-state.ts';
import { describeStep, type Step } from './scenario-step.ts';

/** Why a run did not settle, or not without an error. */
export interface RunFailure {
  /** `error`: hooks fail, and go on failing. `unrest`: there is always another hook due. `refused`: Juju refuses a step. */
  readonly kind: 'error' | 'unrest' | 'refused';
  /** The units with their hooks, the unit, or the step. */
  readonly about: readonly string[];
  readonly message: string;
}

/** A step that Juju refuses although nothing is under way any more. */
export class RefusedStep extends Error {
  override readonly name = 'RefusedStep';
  readonly step: Step;

  constructor(step: Step, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`cannot do ${step.place}, "${describeStep(step)}": ${why}`, { cause });
    this.step = step;
  }
}

/** The failure that an error thrown in a run stands for. Throws the error itself where it is none of a run. */
export function describeFailure(error: unknown): RunFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RefusedStep) return { kind: 'refused', about: [error.step.place], message };
  const unit = /^cannot settle the model: unit "([^"]+)"/.exec(message)?.[1];
  if (unit === undefined) throw error;
  return { kind: 'unrest', about: [unit], message };
}

/** How many lines of what a failed hook said are told. */
const LOG_TAIL = 6;

/** The units that are left in error, with what their hooks said last; undefined where there are none. */
export function findErrors(
  state: ModelState,
  failures: ReadonlyMap<string, HookRecord>,
): RunFailure | undefined {
  const failed = Object.values(state.units).filter(({ agent }) => agent.failed !== null);
  if (failed.length === 0) return undefined;
  const about = failed.map(({ name, agent }) => `${name} ${agent.failed?.hook.name}`);
  const logs = failed.flatMap(({ name }) => {
    const record = failures.get(name);
    const lines = record?.log.slice(-LOG_TAIL).map(({ message }) => `    ${message}`) ?? [];
    return [`  ${name} ${record?.hook}: ${record?.failure}`, ...lines];
  });
  const message = `hooks fail, and fail again when they are retried\n${logs.join('\n')}`;
  return { kind: 'error', about, message };
}
