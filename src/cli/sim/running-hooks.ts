import type { HookRecord } from '../../simulator/agent/hook-record.ts';
import type { SettleOptions } from '../../simulator/agent/settling.ts';
import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import type { ModelState } from '../../simulator/state/model-state.ts';
import { CommandFailure } from './command-failure.ts';
import { describeHookRun } from './hook-story.ts';
import { print } from './output.ts';

/** How hooks are run for a user who watches. */
export interface RunningHooks extends SettleOptions {
  /** Lets a listener hear of each hook as it ends. */
  readonly hearHooks: (listener: (record: HookRecord) => void) => void;
  readonly quiet?: boolean;
}

/**
 * Runs hooks until none is due, telling of each. Throws a `CommandFailure` that names the units left in error, why, and how
 * to go on.
 */
export async function runHooks(model: ModelHandle, running: RunningHooks): Promise<void> {
  const { hearHooks, quiet = false, ...options } = running;
  if (!quiet) hearHooks((record) => print(`${describeHookRun(record).join('\n')}\n`));
  const report = await model.settle(options);
  const { errors } = report;
  const count = report.hooks.length === 1 ? '1 hook ran' : `${report.hooks.length} hooks ran`;
  const isAtRest = options.hooks === undefined || report.hooks.length < options.hooks;
  if (!quiet) print(`${count}${isAtRest && errors.length === 0 ? '; nothing more is due' : ''}.\n`);
  if (errors.length > 0) {
    throw new CommandFailure(describeErrors(await model.snapshot(), errors, report.hooks));
  }
}

/** The units that a failed hook blocks, each with why, and how to go on. */
export function describeErrors(
  state: ModelState,
  units: readonly string[],
  hooks: readonly HookRecord[] = [],
): string {
  const [first = ''] = units;
  return [
    units.length === 1 ? 'a unit is in error:' : `${units.length} units are in error:`,
    ...units.map((unit) => {
      const failure = hooks.findLast(
        (record) => record.unit === unit && record.outcome === 'failed',
      )?.failure;
      const status = state.units[unit]?.agent.status.message ?? '';
      return `  ${unit}: ${status}${failure === undefined ? '' : `: ${failure}`}`;
    }),
    `See why with "reactive sim debug-log --replay -i ${first}"; then mend the charm and go on with`,
    `"reactive sim refresh --force-units", and "reactive sim resolved ${first}" (--no-retry goes on without the hook).`,
  ].join('\n');
}
