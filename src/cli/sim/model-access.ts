import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Model, ModelInUseError } from '../../simulator/model.ts';
import type { ModelOptions, OpenOptions } from '../../simulator/model-options.ts';
import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import { openModel, ownModel } from '../../simulator/service/open-model.ts';
import { CommandFailure } from './command-failure.ts';
import type { ModelPlace } from './model-place.ts';

/** How long another command is given to let go of a model that is wanted alone. */
const PATIENCE_MILLISECONDS = 2000;

/** Opens a model, or reaches the process that has it open. Throws, with what to do, where there is none. */
export async function openModelAt(place: ModelPlace, options: OpenOptions = {}): Promise<ModelHandle> {
  refuseMissing(place);
  return openModel(place.folder, withPath(options));
}

/** As `openModelAt`; but where there is no model, one is made with nothing said about it. */
export async function openOrMakeModel(place: ModelPlace, options: OpenOptions = {}): Promise<ModelHandle> {
  if (isModel(place)) return openModelAt(place, options);
  try {
    return await ownModel(await makeModel(place, options));
  } catch (error) {
    // Another command may have made it meanwhile.
    if (!isModel(place)) throw error;
    return openModelAt(place, options);
  }
}

/** Makes a model, which is open then in this process. Throws where there is one. */
export async function makeModel(place: ModelPlace, options: ModelOptions = {}): Promise<Model> {
  if (isModel(place)) throw new CommandFailure(`model "${place.name}" already exists in "${place.folder}"`);
  return Model.create({ ...withPath(options), name: place.name, folder: place.folder });
}

/**
 * Opens a model in this process, for what cannot be asked of another. Throws where another process has it open and does
 * not let go of it soon.
 */
export async function openModelAlone(place: ModelPlace, options: OpenOptions = {}): Promise<Model> {
  refuseMissing(place);
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    try {
      return await Model.open(place.folder, withPath(options));
    } catch (error) {
      if (!(error instanceof ModelInUseError)) throw error;
      if (Date.now() > deadline) {
        throw new CommandFailure(
          `cannot open model "${place.name}": another process has it open; end it first, if it is a "watch" or "debug-hooks"`,
        );
      }
    }
    await setTimeout(50);
  }
}

/** Whether there is a model. */
export function isModel({ folder }: ModelPlace): boolean {
  return existsSync(join(folder, 'model.db'));
}

function refuseMissing(place: ModelPlace): void {
  if (isModel(place)) return;
  const { name, folder } = place;
  throw new CommandFailure(
    `no model "${name}" in "${folder}"; make one with "reactive sim add-model", or by a "reactive sim deploy", or name another with -m`,
  );
}

/** Hooks have the programs that this command has. */
function withPath<Options extends OpenOptions>(options: Options): Options {
  const path = process.env.PATH;
  return path === undefined ? options : { path, ...options };
}
