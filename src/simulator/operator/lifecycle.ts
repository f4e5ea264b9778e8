import { join } from 'node:path';
import { statusNow } from '../agent/statuses.ts';
import type {
  ApplicationState,
  CharmState,
  ModelState,
  RelationState,
  UnitState,
} from '../state/model-state.ts';
import {
  isPeerRelation,
  leaveScope,
  relationKey,
  relationsOf,
  removeEmptyRelation,
} from '../state/relation-scope.ts';
import { addPeerRelations } from './integration.ts';

/** Adds an application without units, with its peer relations. */
export function addApplication(
  state: ModelState,
  deployed: { readonly name: string; readonly charm: CharmState },
): ApplicationState {
  const application: ApplicationState = {
    ...deployed,
    life: 'alive',
    config: {},
    leader: null,
    leaderSettings: { settings: {}, version: 0 },
    workloadVersion: '',
    status: null,
    nextUnit: 0,
  };
  state.applications[application.name] = application;
  addPeerRelations(state, application);
  return application;
}

/** Adds a unit on a machine of its own. Numbers are never used twice while the application lives (Juju's rule). */
export function addUnit(state: ModelState, application: ApplicationState, folder: string): UnitState {
  const number = application.nextUnit++;
  const machine = state.nextMachine++;
  const workload = statusNow('waiting', 'waiting for machine');
  const unit: UnitState = {
    name: `${application.name}/${number}`,
    application: application.name,
    machine: String(machine),
    address: state.addresses === 'loopback' ? '127.0.0.1' : loopbackAddress(machine),
    folder: join(folder, `unit-${application.name}-${number}`),
    life: 'alive',
    workload,
    workloadHistory: [workload],
    ports: [],
    charmState: null,
    agent: {
      status: statusNow('allocating'),
      installed: false,
      startQueued: false,
      started: false,
      stopped: false,
      removed: false,
      configHash: null,
      leader: false,
      leaderVersion: null,
      statusSet: false,
      relations: {},
      failed: null,
      fired: [],
      hooksRun: 0,
    },
  };
  state.units[unit.name] = unit;
  electLeader(state, application);
  return unit;
}

/** Lets an application die: its units and relations with it. What has nobody left to run hooks is gone at once. */
export function removeApplication(state: ModelState, application: ApplicationState): void {
  application.life = 'dying';
  for (const unit of unitsOf(state, application.name)) unit.life = 'dying';
  for (const relation of relationsOf(state, application.name)) {
    if (!isPeerRelation(relation)) removeRelation(state, relation);
  }
  removeEmptyApplication(state, application);
}

/** Lets a relation die. Throws, as Juju does, for a peer relation: those last as long as their application. */
export function removeRelation(state: ModelState, relation: RelationState): void {
  if (isPeerRelation(relation)) {
    throw new Error(`cannot remove relation "${relationKey(relation)}": is a peer relation`);
  }
  relation.life = 'dying';
  removeEmptyRelation(state, relation);
}

/**
 * Takes a unit out of the model once its last hook has run, or when it dies without having been installed. Leadership
 * passes on; a dying application goes with its last unit.
 */
export function buryUnit(state: ModelState, unit: UnitState): void {
  for (const id of Object.keys(unit.agent.relations)) leaveScope(state, unit, Number(id));
  delete state.units[unit.name];
  const application = state.applications[unit.application];
  if (application === undefined) return;
  if (application.leader === unit.name) application.leader = null;
  electLeader(state, application);
  removeEmptyApplication(state, application);
}

/** An application's units in the order of their numbers. */
export function unitsOf(state: ModelState, application: string): UnitState[] {
  return Object.values(state.units)
    .filter((unit) => unit.application === application)
    .sort((a, b) => unitNumber(a.name) - unitNumber(b.name));
}

/** The unit that has been there longest leads, until it is gone. */
function electLeader(state: ModelState, application: ApplicationState): void {
  if (application.leader !== null) return;
  const heir = unitsOf(state, application.name).find((unit) => unit.life === 'alive');
  application.leader = heir?.name ?? null;
}

function removeEmptyApplication(state: ModelState, application: ApplicationState): void {
  if (application.life !== 'dying' || unitsOf(state, application.name).length > 0) return;
  for (const relation of relationsOf(state, application.name)) {
    if (isPeerRelation(relation)) delete state.relations[relation.id];
  }
  delete state.applications[application.name];
}

function unitNumber(unit: string): number {
  return Number(unit.slice(unit.lastIndexOf('/') + 1));
}

/** 127.0.0.2 for machine 0, and so on: all of 127.0.0.0/8 reaches this machine. */
function loopbackAddress(machine: number): string {
  const place = machine + 2;
  return `127.0.${Math.floor(place / 256)}.${place % 256}`;
}
