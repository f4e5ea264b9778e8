import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { misuse } from './command-failure.ts';

/** Where a model is, or would be. */
export interface ModelPlace {
  /** What commands call it. */
  readonly name: string;
  readonly folder: string;
}

/** The variables that say which model is meant, and where models are. */
export type PlaceEnvironment = Readonly<Record<string, string | undefined>>;

/** Juju's rule. */
const MODEL_NAME = /^[a-z0-9][a-z0-9-]*$/;

const DEFAULT_MODEL = 'dev';

/**
 * The model that is meant: the one given, else that of REACTIVE_MODEL, else `dev`. What has a slash in it is a folder; a name
 * is a model among those of this user. Throws for a name that breaks Juju's rule.
 */
export function findModelPlace(given: string | undefined, environment: PlaceEnvironment): ModelPlace {
  const wanted = [given, environment.REACTIVE_MODEL].find(Boolean) ?? DEFAULT_MODEL;
  if (wanted.includes('/')) {
    const folder = resolve(wanted);
    const name = basename(folder);
    return { name: MODEL_NAME.test(name) ? name : DEFAULT_MODEL, folder };
  }
  if (!MODEL_NAME.test(wanted)) {
    throw misuse(
      `"${wanted}" is not a valid name: model names may only contain lowercase letters, digits and hyphens`,
    );
  }
  return { name: wanted, folder: join(modelsFolder(environment), wanted) };
}

/** Where the models of this user are, a folder each. */
export function modelsFolder(environment: PlaceEnvironment): string {
  const data = environment.XDG_DATA_HOME || join(environment.HOME || homedir(), '.local', 'share');
  return join(data, 'charms-reactive', 'models');
}
