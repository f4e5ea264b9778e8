import { mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { APPLICATION_NAME } from '../metadata/name-rules.ts';
import { rebootMachine, restartAgent } from './agent/agent-restart.ts';
import { rememberHook } from './agent/hook-memory.ts';
import { setAgentStatus, statusNow } from './agent/statuses.ts';
import { provideCharm } from './agent/unit-charm.ts';
import { ModelReports } from './model-reports.ts';
import { readActionParameters } from './operator/action-parameters.ts';
import { applySettings, readSettings } from './operator/application-config.ts';
import { type CharmFacts, copyCharm, readCharm } from './operator/charm-folder.ts';
import { type FiredHook, fireHook } from './operator/fired-hook.ts';
import { addRelation, relationBetween } from './operator/integration.ts';
import {
  addApplication,
  addUnit,
  passLeadership,
  removeApplication,
  removeRelation,
} from './operator/lifecycle.ts';
import { findMachines } from './operator/placement.ts';
import { refreshCharm } from './operator/refresh.ts';
import { attachResource, checkResource } from './operator/resources.ts';
import { addSecret, grantSecret, removeSecret, revokeSecret, updateSecret } from './operator/secrets.ts';
import {
  addStorage,
  attachStorage,
  detachStorage,
  readStorageCounts,
  removeStorage,
} from './operator/storage.ts';
import {
  addTask,
  beginOperation,
  cancelTask,
  readExecRelation,
  refuseUnknownAction,
} from './operator/tasks.ts';
import type { ApplicationState, MachineState, UnitState } from './state/model-state.ts';
import type { TaskState } from './state/task-state.ts';

/** How an application is deployed. */
export interface DeployOptions {
  /** The application's name; the charm's if not given. */
  readonly application?: string;
  /** How many units; 1 if not given, and none of a subordinate. */
  readonly units?: number;
  readonly config?: Readonly<Record<string, unknown>>;
  /** The machines of the first units, by number; further units get new ones. */
  readonly to?: readonly string[];
  /** Whether the charm may ask for the cloud's credentials. */
  readonly trust?: boolean;
  /** How many instances of a storage each unit gets, as text: `2`, or Juju's `pool,2,10G`, of which only the count counts. */
  readonly storage?: Readonly<Record<string, string>>;
  /** Files for the charm's resources, by name. */
  readonly resources?: Readonly<Record<string, string>>;
}

/** What an operator does to a model. Each change is whole, or throws and changes nothing; hooks run later. */
export abstract class ModelOperations extends ModelReports {
  /** Called after each change, to write it down. */
  protected abstract changed(): void;

  /**
   * Deploys the charm in a folder, which is copied: later changes in it do not reach the model. The application is named
   * after the charm, and has one unit, or none if it is a subordinate, if not told otherwise. Answers its name. Throws for a
   * folder that is no charm by Juju's rules, for a name in use and for config, storage and resources that do not fit.
   */
  async deploy(charmFolder: string, options: DeployOptions = {}): Promise<string> {
    const facts = readCharm(resolve(charmFolder));
    const name = options.application ?? facts.metadata.name;
    const count = options.units ?? (facts.metadata.subordinate ? 0 : 1);
    this.#refuseDeployment(name, facts, count);
    const machines = findMachines(this.state, options.to ?? []);
    const resources = Object.entries(options.resources ?? {});
    for (const [resource, file] of resources) {
      checkResource(facts.metadata.resources, { name: resource, file });
    }
    const folder = mkdtempSync(join(this.folder, 'charms', `${name}-`));
    const charm = { ...facts, folder, revision: 0 };
    const config = readSettings(charm, options.config ?? {});
    const storageCounts = readStorageCounts(facts.metadata.storage, options.storage ?? {});
    await copyCharm(resolve(charmFolder), folder);
    const trust = options.trust ?? false;
    const application = addApplication(this.state, { name, charm, storageCounts, trust });
    applySettings(application, config);
    for (const [resource, file] of resources) {
      attachResource(application, { name: resource, file, folder: this.folder, isDeployment: true });
    }
    this.#addUnits(application, count, machines);
    this.changed();
    return name;
  }

  /**
   * Gives an application another revision of its charm, out of a folder, with resources if they are given. Its units run
   * upgrade-charm in the new code, and config-changed. `forceUnits` brings the new code to units in error at once.
   */
  async refresh(
    application: string,
    charmFolder: string,
    options: {
      readonly forceUnits?: boolean;
      readonly resources?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<number> {
    const target = this.findApplication(application);
    const facts = readCharm(resolve(charmFolder));
    for (const [name, file] of Object.entries(options.resources ?? {})) {
      checkResource(facts.metadata.resources, { name, file });
    }
    const folder = mkdtempSync(join(this.folder, 'charms', `${application}-`));
    await copyCharm(resolve(charmFolder), folder);
    const revision = target.charm.revision + 1;
    refreshCharm(this.state, target, { ...facts, folder, revision });
    for (const [name, file] of Object.entries(options.resources ?? {})) {
      attachResource(target, { name, file, folder: this.folder });
    }
    const inError = Object.values(this.state.units).filter(
      (unit) => unit.application === application && unit.agent.failed !== null,
    );
    if (options.forceUnits) for (const unit of inError) await provideCharm(target, unit);
    this.changed();
    return revision;
  }

  /** Gives an application a file for one of its charm's resources; its units run upgrade-charm. */
  attachResource(application: string, name: string, file: string): void {
    const target = this.findApplication(application);
    attachResource(target, { name, file: resolve(file), folder: this.folder });
    this.changed();
  }

  /** Relates two applications, each `application` or `application:endpoint`, and answers the relation's number. */
  integrate(first: string, second: string): number {
    const { id } = addRelation(this.state, first, second);
    this.changed();
    return id;
  }

  /** Sets config options: values of their types, or the text a user would type; null takes one back to its default. */
  setConfig(application: string, settings: Readonly<Record<string, unknown>>): void {
    const target = this.findApplication(application);
    applySettings(target, readSettings(target.charm, settings));
    this.changed();
  }

  /** Takes config options back to their defaults. */
  resetConfig(application: string, ...names: readonly string[]): void {
    this.setConfig(application, Object.fromEntries(names.map((name) => [name, null])));
  }

  /** Adds units, on machines that are there (`to`) or on new ones, and answers their names. */
  addUnit(application: string, count = 1, to: readonly string[] = []): string[] {
    const target = this.findApplication(application);
    if (target.life === 'dying') throw new Error(`cannot add unit to "${application}": it is not alive`);
    if (target.charm.metadata.subordinate) {
      throw new Error(`cannot add unit to "${application}": application is a subordinate`);
    }
    const units = this.#addUnits(target, count, findMachines(this.state, to));
    this.changed();
    return units;
  }

  /**
   * Lets a unit die: others see it depart, it leaves its relations, and then runs stop and remove. With `force` it does so
   * although a hook has failed, which is then forgotten.
   */
  removeUnit(name: string, options: { readonly force?: boolean } = {}): void {
    const unit = this.findUnit(name);
    if (unit.principal !== null) {
      throw new Error(
        `cannot remove unit "${unit.name}": it is a subordinate; remove its relation or its principal`,
      );
    }
    this.#letDie(unit, options);
    this.changed();
  }

  /** Lets an application die, with its units and relations. */
  removeApplication(application: string, options: { readonly force?: boolean } = {}): void {
    const target = this.findApplication(application);
    for (const unit of Object.values(this.state.units)) {
      if (unit.application === application) this.#letDie(unit, options);
    }
    removeApplication(this.state, target);
    this.changed();
  }

  /** Lets a relation die: each unit sees the others depart, and then the relation broken. */
  removeRelation(first: string, second: string): void {
    removeRelation(this.state, relationBetween(this.state, first, second));
    this.changed();
  }

  /** Lets other machines reach an application, or no more. A model only remembers it. */
  expose(application: string, isExposed = true): void {
    this.findApplication(application).exposed = isExposed;
    this.changed();
  }

  /** Lets a charm ask for the cloud's credentials, or no more: its units run config-changed. */
  trust(application: string, isTrusted = true): void {
    this.findApplication(application).trust = isTrusted;
    this.changed();
  }

  /**
   * Resolves a failed hook: the next `settle` runs it again or, with `retry: false`, goes on as if it had run. What it
   * wrote is lost either way. Throws for a unit that is not in error.
   */
  resolved(name: string, options: { readonly retry?: boolean } = {}): void {
    const unit = this.findUnit(name);
    const { failed } = unit.agent;
    if (failed === null) throw new Error(`unit "${unit.name}" is not in an error state`);
    if (options.retry ?? true) {
      failed.retry = true;
    } else {
      rememberHook(this.state, unit, failed.hook);
      setAgentStatus(unit, statusNow('idle'));
    }
    this.changed();
  }

  /** Has a hook run in the next `settle`, once nothing else is due: update-status, or another that this unit can have. */
  fire(
    unit: string,
    hook: string,
    about: Pick<FiredHook, 'relationId' | 'remoteUnit' | 'secret'> = {},
  ): void {
    fireHook(this.state, { unit: this.findUnit(unit), hook, ...about });
    this.changed();
  }

  /** Lets a unit lead its application, or with an application's name the one after the present leader. Answers who leads. */
  elect(name: string): string | null {
    const application = this.findApplication(name.split('/')[0] ?? '');
    passLeadership(this.state, application, name.includes('/') ? this.findUnit(name) : undefined);
    this.changed();
    return application.leader;
  }

  /** Reboots a unit's machine: each unit there runs its start hook again. */
  reboot(unit: string): void {
    rebootMachine(this.state, this.findUnit(unit).machine);
    this.changed();
  }

  /** Lets a unit's agent start anew between two hooks, with what it held in memory lost. */
  restartAgent(unit: string): void {
    restartAgent(this.findUnit(unit));
    this.changed();
  }

  /** Has an action run on units, in their turn. Answers one task a unit, all of one operation. Throws for bad parameters. */
  async enqueueAction(
    units: readonly string[],
    action: string,
    given: Parameters<typeof readActionParameters>[0]['given'] = {},
  ): Promise<TaskState[]> {
    const targets = units.map((name) => this.findUnit(name));
    const parameters = await Promise.all(
      targets.map(({ application }) => {
        const target = this.findApplication(application);
        refuseUnknownAction(target, action);
        const definition = target.charm.actions[action];
        if (definition === undefined) throw new Error(`action "${action}" not found`);
        return readActionParameters({ action, definition, given });
      }),
    );
    return this.#addTasks(targets, (index) => ({
      kind: 'action',
      name: action,
      parameters: parameters[index] ?? {},
    }));
  }

  /** Has a command of bash run in a hook's context on units, in their turn. */
  enqueueExec(
    units: readonly string[],
    command: string,
    about: { readonly relation?: string; readonly remoteUnit?: string } = {},
  ): TaskState[] {
    const targets = units.map((name) => this.findUnit(name));
    const relations = targets.map((unit) => readExecRelation(this.state, unit, about));
    return this.#addTasks(targets, (index) => ({
      kind: 'exec',
      command,
      relationId: relations[index]?.relationId ?? null,
      remoteUnit: relations[index]?.remoteUnit ?? null,
    }));
  }

  /** Takes back a task that has not begun. */
  cancelTask(id: string): void {
    cancelTask(this.state, id);
    this.changed();
  }

  /** Adds storage to a unit, and answers the ids of the instances. */
  addStorage(name: string, storage: string, count = 1): string[] {
    const unit = this.findUnit(name);
    const application = this.findApplication(unit.application);
    const ids = addStorage(this.state, { unit, application, name: storage, count });
    this.changed();
    return ids;
  }

  /** Gives storage that was detached to a unit. */
  attachStorage(unit: string, ...ids: readonly string[]): void {
    for (const id of ids) attachStorage(this.state, this.findUnit(unit), id);
    this.changed();
  }

  /** Takes storage away from its unit, which runs storage-detaching; it stays in the model. */
  detachStorage(...ids: string[]): void {
    for (const id of ids) detachStorage(this.state, id);
    this.changed();
  }

  /** Removes storage that no unit has. */
  removeStorage(...ids: string[]): void {
    for (const id of ids) removeStorage(this.state, id);
    this.changed();
  }

  /** Makes a secret of the operator's, and answers `secret:<id>`. A key that ends in `#base64` has its value in base64. */
  addSecret(
    name: string,
    values: Readonly<Record<string, string>>,
    options: { readonly description?: string } = {},
  ): string {
    const uri = addSecret(this.state, name, values, options);
    this.changed();
    return uri;
  }

  /** Changes a secret of the operator's; other content makes a revision of it. */
  updateSecret(secret: string, change: Parameters<typeof updateSecret>[2]): void {
    updateSecret(this.state, secret, change);
    this.changed();
  }

  /** Removes a secret of the operator's, or one revision of it. */
  removeSecret(secret: string, revision?: number): void {
    removeSecret(this.state, secret, revision);
    this.changed();
  }

  /** Lets applications read a secret of the operator's. Those that are there may, even where one is not and this throws. */
  grantSecret(secret: string, ...applications: readonly string[]): void {
    try {
      grantSecret(this.state, secret, applications);
    } finally {
      this.changed();
    }
  }

  /** Takes back `grantSecret`. */
  revokeSecret(secret: string, ...applications: readonly string[]): void {
    try {
      revokeSecret(this.state, secret, applications);
    } finally {
      this.changed();
    }
  }

  /** Decides from now on the order where Juju promises none. */
  setSeed(seed: number): void {
    this.state.seed = seed;
    this.changed();
  }

  #refuseDeployment(name: string, { metadata }: CharmFacts, units: number): void {
    if (!APPLICATION_NAME.test(name)) {
      throw new Error(`cannot deploy "${name}": invalid application name "${name}"`);
    }
    if (this.state.applications[name] !== undefined) {
      throw new Error(`cannot deploy "${name}": application already exists`);
    }
    if (metadata.subordinate && units > 0) {
      throw new Error(`cannot deploy "${name}": subordinate application must be deployed without units`);
    }
  }

  #addUnits(application: ApplicationState, count: number, machines: readonly MachineState[]): string[] {
    const folder = join(this.folder, 'agents');
    return Array.from({ length: count }, (_, index) => {
      const machine = machines[index];
      return addUnit(this.state, application, { folder, ...(machine === undefined ? {} : { machine }) }).name;
    });
  }

  #addTasks(units: readonly UnitState[], what: (index: number) => TaskState['what']): TaskState[] {
    const operation = beginOperation(this.state);
    const tasks = units.map((unit, index) => addTask(this.state, { operation, unit, what: what(index) }));
    this.changed();
    return structuredClone(tasks);
  }

  #letDie(unit: UnitState, { force }: { readonly force?: boolean }): void {
    unit.life = 'dying';
    if (!force || unit.agent.failed === null) return;
    unit.agent.failed = null;
    setAgentStatus(unit, statusNow('idle'));
  }
}
