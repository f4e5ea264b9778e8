import { setTimeout } from 'node:timers/promises';
import type { Model } from '../../simulator/model.ts';
import { ownModel } from '../../simulator/service/open-model.ts';
import { describeHookRun } from './hook-story.ts';
import { openModelAlone } from './model-access.ts';
import type { ModelPlace } from './model-place.ts';
import { messageOf, print, say } from './output.ts';
import { endOnSignals } from './signals.ts';

/** How long nothing may happen before it is looked whether something has become due by time alone: a secret's rotation, say. */
const LOOK_MILLISECONDS = 5000;

/** Keeps a model open and runs its hooks as they become due, telling of each, until a signal ends this process. */
export async function watchModel(
  place: ModelPlace,
  options: { readonly quiet?: boolean } = {},
): Promise<void> {
  const model = await openModelAlone(place, {
    onEvent: (event) => {
      if (event.type === 'hook' && !options.quiet) print(`${describeHookRun(event.record).join('\n')}\n`);
    },
  });
  await keepRunning(model, {
    announce: `Watching model "${place.name}": hooks run as they become due. Ctrl-C ends it.`,
  });
}

/**
 * Runs a model's hooks as they become due, and serves what other commands ask of it meanwhile, until a signal ends this
 * process, the model closed in order.
 */
export async function keepRunning(
  model: Model,
  options: { readonly announce: string; readonly mayEnd?: () => boolean },
): Promise<never> {
  const handle = await ownModel(model);
  let isEnding = false;
  endOnSignals(async () => {
    isEnding = true;
    await handle.release();
  }, options.mayEnd);
  say(options.announce);
  const known = new Set<string>();
  while (!isEnding) {
    let look = setTimeout(LOOK_MILLISECONDS);
    try {
      const { errors } = await model.settle();
      tellErrors(errors, known);
    } catch (error) {
      say(`ERROR ${messageOf(error)}`);
      // It would come to no rest again: only a change can help.
      look = new Promise(() => undefined);
    }
    await Promise.race([model.nextChange(), look]);
  }
  // The signal's own work ends the process.
  return new Promise(() => undefined);
}

/** Says of each unit that a failed hook blocks, once, how to go on. */
function tellErrors(errors: readonly string[], known: Set<string>): void {
  for (const unit of errors.filter((name) => !known.has(name))) {
    say(
      `${unit} is in error, and waits for "reactive sim resolved ${unit}"; "reactive sim debug-log --replay -i ${unit}" tells why`,
    );
  }
  known.clear();
  for (const unit of errors) known.add(unit);
}
