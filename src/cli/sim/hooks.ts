import type { Command } from 'commander';
import type { HookRecord } from '../../simulator/agent/hook-record.ts';
import { ownModel } from '../../simulator/service/open-model.ts';
import { openModelAlone, openModelAt } from './model-access.ts';
import { addChangingCommand, addModelCommand, changeModel, placeOf } from './model-command.ts';
import { collect, readCount } from './option-values.ts';
import { forEachName, say } from './output.ts';
import { runHooks } from './running-hooks.ts';
import { endOnSignals } from './signals.ts';
import { watchModel } from './watching.ts';

/** Adds the commands that run hooks. */
export function addHookCommands(sim: Command): void {
  addModelCommand(sim, 'settle', 'run hooks until none is due, a line for each')
    .option(
      '--seed <number>',
      'decide the order by this, one hook at a time, so that it repeats exactly',
      readCount,
    )
    .option('--jobs <count>', 'how many hooks run side by side', readCount)
    .option('--retries <count>', 'try a hook that fails so often again', readCount)
    .option('--hooks <count>', 'end after so many hooks, whatever is due still', readCount)
    .option('--units <names>', 'only hooks of these units', collect, [])
    .option('-q, --quiet', 'print nothing but errors')
    .action((flags: SettleFlags, command: Command) => settle(command, flags));
  addModelCommand(
    sim,
    'watch',
    'run hooks as they become due, while other terminals change the model; Ctrl-C ends it',
  )
    .option('-q, --quiet', 'print nothing but errors')
    .action((flags: { readonly quiet?: boolean }, command: Command) => watchModel(placeOf(command), flags));
  addChangingCommand(sim, 'resolved', 'let a failed hook run again, or go on as if it had run')
    .alias('resolve')
    .argument('[unit...]')
    .option('--no-retry', 'go on as if the hook had run')
    .option('--all', 'all units in error')
    .action((units: readonly string[], flags: ResolvedFlags, command: Command) =>
      changeModel(command, async (model) => {
        const inError = Object.values((await model.snapshot()).units).filter(
          (unit) => unit.agent.failed !== null,
        );
        const names = flags.all ? inError.map(({ name }) => name) : units;
        await forEachName(names, (unit) => model.resolved(unit, { retry: flags.retry }));
      }),
    );
}

/** Adds the commands for what happens to a model by itself: a hook on demand, another leader, a reboot. */
export function addOccasionCommands(sim: Command): void {
  addChangingCommand(
    sim,
    'fire',
    'have a hook run that is not due: update-status, config-changed, <endpoint>-relation-changed, …',
  )
    .argument('<unit>')
    .argument('<hook>')
    .option('--relation <id>', 'in a relation hook: which relation', readRelationId)
    .option('--remote-unit <unit>', 'in a relation hook: which unit it is about')
    .option('--secret <id>', 'for secret-rotate and secret-expired: which secret')
    .action((unit: string, hook: string, flags: FireFlags, command: Command) => {
      const { relation, remoteUnit, secret } = flags;
      const about = {
        ...(relation === undefined ? {} : { relationId: relation }),
        ...(remoteUnit === undefined ? {} : { remoteUnit }),
        ...(secret === undefined ? {} : { secret }),
      };
      return changeModel(command, (model) => model.fire(unit, hook, about));
    });
  addChangingCommand(sim, 'elect', 'let a unit lead, or, of an application, the next one')
    .argument('<unit | application>')
    .action((name: string, _flags: unknown, command: Command) =>
      changeModel(command, async (model) => {
        const leader = await model.elect(name);
        say(leader === null ? `${name} has no unit to lead it` : `${leader} leads`);
      }),
    );
  addChangingCommand(sim, 'reboot', "reboot a unit's machine: units there run start again")
    .argument('<unit>')
    .action((unit: string, _flags: unknown, command: Command) =>
      changeModel(command, (model) => model.reboot(unit)),
    );
  addChangingCommand(sim, 'restart-agent', 'let the agent of a unit start anew, what it held in memory lost')
    .argument('<unit>')
    .action((unit: string, _flags: unknown, command: Command) =>
      changeModel(command, (model) => model.restartAgent(unit)),
    );
}

interface SettleFlags {
  readonly seed?: number;
  readonly jobs?: number;
  readonly retries?: number;
  readonly hooks?: number;
  readonly units: readonly string[];
  readonly quiet?: boolean;
}

interface ResolvedFlags {
  readonly retry: boolean;
  readonly all?: boolean;
}

interface FireFlags {
  readonly relation?: number;
  readonly remoteUnit?: string;
  readonly secret?: string;
}

/** `db:3`, or `3`. */
function readRelationId(text: string): number {
  return readCount(text.slice(text.lastIndexOf(':') + 1));
}

async function settle(command: Command, flags: SettleFlags): Promise<void> {
  const { seed, retries, hooks, units, quiet = false } = flags;
  const jobs = flags.jobs ?? (seed === undefined ? undefined : 1);
  const place = placeOf(command);
  let onHook: ((record: HookRecord) => void) | undefined;
  const onEvent: NonNullable<Parameters<typeof openModelAt>[1]>['onEvent'] = (event) => {
    if (event.type === 'hook') onHook?.(event.record);
  };
  // How many hooks run at a time is up to the process that has the model open.
  const model =
    jobs === undefined
      ? await openModelAt(place, { onEvent })
      : await ownModel(await openModelAlone(place, { onEvent, concurrency: Math.max(1, jobs) }));
  const leave = endOnSignals(() => model.release());
  try {
    if (seed !== undefined) await model.setSeed(seed);
    await runHooks(model, {
      quiet,
      hearHooks: (listener) => {
        onHook = listener;
      },
      ...(retries === undefined ? {} : { retries }),
      ...(hooks === undefined ? {} : { hooks }),
      ...(units.length === 0 ? {} : { units }),
    });
  } finally {
    leave();
    await model.release();
  }
}
