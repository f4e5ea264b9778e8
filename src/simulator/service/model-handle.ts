import type { Model } from '../model.ts';

/** What can be asked of a model from another process: the names of methods that take and answer plain data. */
export const MODEL_COMMANDS = [
  'deploy',
  'refresh',
  'attachResource',
  'integrate',
  'setConfig',
  'resetConfig',
  'addUnit',
  'removeUnit',
  'removeApplication',
  'removeRelation',
  'expose',
  'trust',
  'resolved',
  'fire',
  'elect',
  'reboot',
  'restartAgent',
  'enqueueAction',
  'enqueueExec',
  'cancelTask',
  'runTasks',
  'addStorage',
  'attachStorage',
  'detachStorage',
  'removeStorage',
  'addSecret',
  'updateSecret',
  'removeSecret',
  'grantSecret',
  'revokeSecret',
  'setSeed',
  'settle',
  'planFault',
  'snapshot',
  'status',
  'relations',
  'databags',
  'units',
  'unitFolder',
  'statusHistory',
  'tasks',
  'secrets',
  'showSecret',
  'debugLog',
] as const satisfies readonly (keyof Model)[];

/** The name of one of them. */
export type ModelCommand = (typeof MODEL_COMMANDS)[number];

/**
 * A model that may be open in this process or in another: the methods of `Model` that `MODEL_COMMANDS` names, each of which
 * answers later. What they throw is an `Error` with the same message in either case.
 */
export type ModelHandle = {
  readonly [Name in ModelCommand]: (
    ...args: Parameters<Model[Name]>
  ) => Promise<Awaited<ReturnType<Model[Name]>>>;
} & {
  /** Where the model's files are. */
  readonly folder: string;
  /** Lets go of it: closes a model that this process opened, and the connection to another's. */
  release(): Promise<void>;
};

/** A handle that answers each command by `call`. */
export function makeHandle(parts: {
  readonly folder: string;
  readonly call: (name: ModelCommand, args: readonly unknown[]) => Promise<unknown>;
  readonly release: () => Promise<void>;
}): ModelHandle {
  const { folder, call, release } = parts;
  const commands = MODEL_COMMANDS.map((name) => [name, (...args: unknown[]) => call(name, args)] as const);
  // The table of names is what ties each method to its type.
  return { ...Object.fromEntries(commands), folder, release } as unknown as ModelHandle;
}

/** Runs a command on a model of this process. */
export async function runCommand(
  model: Model,
  name: ModelCommand,
  args: readonly unknown[],
): Promise<unknown> {
  const method = model[name] as (...args: readonly unknown[]) => unknown;
  return method.apply(model, [...args]);
}
