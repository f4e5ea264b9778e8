import { randomUUID } from 'node:crypto';
import type { ModelOptions } from '../model-options.ts';
import type { ModelState } from './model-state.ts';

/** The state of a model in which nothing is yet. */
export function createModelState(options: Pick<ModelOptions, 'name' | 'seed' | 'addresses'>): ModelState {
  return {
    name: options.name ?? 'dev',
    uuid: randomUUID(),
    seed: options.seed ?? 1,
    addresses: options.addresses ?? 'loopback',
    nextRelation: 0,
    nextMachine: 0,
    // Without a prototype, so that no name that a user gives is found there.
    applications: Object.create(null),
    units: Object.create(null),
    relations: Object.create(null),
  };
}
