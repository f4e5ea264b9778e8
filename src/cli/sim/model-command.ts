import { type Command, Option } from 'commander';
import type { HookRecord, ModelEvent } from '../../simulator/agent/hook-record.ts';
import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import { openModelAt, openOrMakeModel } from './model-access.ts';
import { findModelPlace, type ModelPlace } from './model-place.ts';
import { runHooks } from './running-hooks.ts';
import { endOnSignals } from './signals.ts';

/** Adds a command about a model; `-m` names it. `usage` is its name and arguments. */
export function addModelCommand(sim: Command, usage: string, description: string): Command {
  return sim.command(usage).description(description).addOption(modelOption());
}

/** Adds a command that changes a model, after which it can run hooks. */
export function addChangingCommand(sim: Command, usage: string, description: string): Command {
  return addModelCommand(sim, usage, description).addOption(settleOption());
}

/** Which model a command is about. */
export function modelOption(): Option {
  return new Option('-m, --model <name>', 'the model: a name, or a folder if it has a slash in it');
}

/** Whether hooks are to run after a change. */
export function settleOption(): Option {
  return new Option('--settle', 'then run hooks until none is due');
}

/** The model that a command was told to be about. */
export function placeOf(command: Command): ModelPlace {
  return findModelPlace(command.optsWithGlobals<{ readonly model?: string }>().model, process.env);
}

/** Asks something of the command's model. Throws where there is none. */
export async function askModel(
  command: Command,
  ask: (model: ModelHandle) => Promise<void> | void,
): Promise<void> {
  await useModel(command, { open: openModelAt, use: ask });
}

/** Changes the command's model, and runs hooks then if `--settle` says so. Throws where there is no model. */
export async function changeModel(
  command: Command,
  change: (model: ModelHandle) => Promise<unknown>,
): Promise<void> {
  await changeWith(command, openModelAt, change);
}

/** As `changeModel`, but makes the model where there is none. */
export async function changeOrMakeModel(
  command: Command,
  change: (model: ModelHandle) => Promise<unknown>,
): Promise<void> {
  await changeWith(command, openOrMakeModel, change);
}

async function changeWith(
  command: Command,
  open: typeof openModelAt,
  change: (model: ModelHandle) => Promise<unknown>,
): Promise<void> {
  const { settle } = command.optsWithGlobals<{ readonly settle?: boolean }>();
  let onHook: ((record: HookRecord) => void) | undefined;
  await useModel(command, {
    open,
    ...(settle ? { onEvent: (event) => event.type === 'hook' && onHook?.(event.record) } : {}),
    use: async (model) => {
      await change(model);
      if (!settle) return;
      await runHooks(model, {
        hearHooks: (listener) => {
          onHook = listener;
        },
      });
    },
  });
}

async function useModel(
  command: Command,
  work: {
    readonly open: typeof openModelAt;
    readonly use: (model: ModelHandle) => Promise<void> | void;
    readonly onEvent?: (event: ModelEvent) => void;
  },
): Promise<void> {
  const { open, use, onEvent } = work;
  const model = await open(placeOf(command), onEvent === undefined ? {} : { onEvent });
  const leave = endOnSignals(() => model.release());
  try {
    await use(model);
  } finally {
    leave();
    await model.release();
  }
}
