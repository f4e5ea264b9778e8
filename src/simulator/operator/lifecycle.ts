import { join } from 'node:path';
import { statusNow } from '../agent/statuses.ts';
import type {
  ApplicationState,
  CharmState,
  MachineState,
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
import { removeSecretsOf } from './secrets.ts';
import { addStorage, defaultCounts } from './storage.ts';

/** Adds an application without units, with its peer relations. */
export function addApplication(
  state: ModelState,
  deployed: {
    readonly name: string;
    readonly charm: CharmState;
    readonly storageCounts?: Readonly<Record<string, number>>;
    readonly trust?: boolean;
  },
): ApplicationState {
  const { name, charm } = deployed;
  const application: ApplicationState = {
    name,
    charm,
    charmModified: 0,
    life: 'alive',
    exposed: false,
    trust: deployed.trust ?? false,
    resources: {},
    storageCounts: { ...(deployed.storageCounts ?? defaultCounts(charm.metadata.storage)) },
    config: {},
    leader: null,
    leaderSettings: { settings: {}, version: 0 },
    workloadVersion: '',
    status: null,
    statusHistory: [],
    nextUnit: 0,
  };
  state.applications[application.name] = application;
  addPeerRelations(state, application);
  return application;
}

/** Adds a machine. Numbers are never used twice (Juju's rule). */
export function addMachine(state: ModelState): MachineState {
  const number = state.nextMachine++;
  const address = state.addresses === 'loopback' ? '127.0.0.1' : loopbackAddress(number, state.addressBase);
  const machine = { id: String(number), address, since: new Date().toISOString() };
  state.machines[machine.id] = machine;
  return machine;
}

/**
 * Adds a unit, with the storage its charm needs: on a machine of its own, on the one given, or for a subordinate on that of
 * its principal. Numbers are never used twice while the application lives (Juju's rule). `folder` is the one that holds the
 * folders of all units.
 */
export function addUnit(
  state: ModelState,
  application: ApplicationState,
  place: { readonly folder: string; readonly machine?: MachineState; readonly principal?: UnitState },
): UnitState {
  const number = application.nextUnit++;
  const { folder, principal } = place;
  const shared = principal === undefined ? place.machine : state.machines[principal.machine];
  const machine = shared ?? addMachine(state);
  const workload = statusNow('waiting', 'waiting for machine');
  const allocating = statusNow('allocating');
  const unit: UnitState = {
    name: `${application.name}/${number}`,
    application: application.name,
    principal: principal?.name ?? null,
    machine: machine.id,
    address: machine.address,
    folder: join(folder, `unit-${application.name}-${number}`),
    life: 'alive',
    workload,
    workloadHistory: [workload],
    ports: [],
    charmState: null,
    payloads: {},
    metrics: [],
    agent: {
      status: allocating,
      history: [allocating],
      installed: false,
      queued: null,
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
      running: null,
      interrupted: null,
      rebooted: false,
      charmModified: application.charmModified,
      charmFolder: '',
      storage: [],
      secretsAnnounced: {},
      secretsObsolete: {},
      hooksRun: 0,
    },
  };
  state.units[unit.name] = unit;
  for (const [name, count] of Object.entries(application.storageCounts)) {
    addStorage(state, { unit, application, name, count });
  }
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
  releaseStorage(state, unit);
  removeSecretsOf(state, { unit: unit.name });
  releaseMachine(state, unit.machine);
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

/** What a unit had and did not detach stays in the model, without a unit. */
function releaseStorage(state: ModelState, unit: UnitState): void {
  for (const storage of Object.values(state.storage)) {
    if (storage.unit === unit.name) storage.unit = null;
  }
}

/** A machine goes with its last unit. */
function releaseMachine(state: ModelState, machine: string): void {
  if (Object.values(state.units).some((unit) => unit.machine === machine)) return;
  delete state.machines[machine];
}

/**
 * Lets another unit lead: the one given, or the one after the present leader. Where there is no other, nothing changes.
 */
export function passLeadership(state: ModelState, application: ApplicationState, to?: UnitState): void {
  const units = unitsOf(state, application.name).filter((unit) => unit.life === 'alive');
  const present = units.findIndex((unit) => unit.name === application.leader);
  const heir = to ?? units[(present + 1) % Math.max(1, units.length)];
  if (heir !== undefined) application.leader = heir.name;
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
  removeSecretsOf(state, { application: application.name });
  delete state.applications[application.name];
}

function unitNumber(unit: string): number {
  return Number(unit.slice(unit.lastIndexOf('/') + 1));
}

/** 127.0.0.2 for machine 0, and so on, or from another base: all of 127.0.0.0/8 reaches this machine. */
function loopbackAddress(machine: number, base = '127.0.0.0'): string {
  const [, second = 0, third = 0, fourth = 0] = base.split('.').map(Number);
  const place = second * 65_536 + third * 256 + fourth + machine + 2;
  return `127.${Math.floor(place / 65_536)}.${Math.floor(place / 256) % 256}.${place % 256}`;
}
