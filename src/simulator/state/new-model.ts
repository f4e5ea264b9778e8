import { randomUUID } from 'node:crypto';
import type { ModelOptions } from '../model-options.ts';
import type { ModelState } from './model-state.ts';

/** The state of a model in which nothing is yet. */
export function createModelState(
  options: Pick<ModelOptions, 'name' | 'seed' | 'addresses' | 'addressBase' | 'rules' | 'host'>,
): ModelState {
  return {
    name: options.name ?? 'dev',
    uuid: randomUUID(),
    seed: options.seed ?? 1,
    addresses: options.addresses ?? 'loopback',
    ...(options.addressBase === undefined ? {} : { addressBase: options.addressBase }),
    rules: { enforceLimits: true, strictReads: false, ...options.rules },
    host: options.host ?? false,
    nextRelation: 0,
    nextMachine: 0,
    nextStorage: 0,
    nextTask: 1,
    // Without a prototype, so that no name that a user gives is found there.
    machines: Object.create(null),
    applications: Object.create(null),
    units: Object.create(null),
    relations: Object.create(null),
    secrets: Object.create(null),
    storage: Object.create(null),
    tasks: Object.create(null),
  };
}
