import { mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { APPLICATION_NAME } from '../metadata/name-rules.ts';
import { setAgentStatus, statusNow } from './agent/statuses.ts';
import { provideCharm } from './agent/unit-charm.ts';
import { ModelReports } from './model-reports.ts';
import { applySettings, readSettings } from './operator/application-config.ts';
import { type CharmFacts, copyCharm, readCharm } from './operator/charm-folder.ts';
import { addRelation, relationBetween } from './operator/integration.ts';
import { addApplication, addUnit, removeApplication, removeRelation } from './operator/lifecycle.ts';
import { findMachines } from './operator/placement.ts';
import { refreshCharm } from './operator/refresh.ts';
import { attachResource, checkResource } from './operator/resources.ts';
import { readStorageCounts } from './operator/storage.ts';
import type { ApplicationState, MachineState, UnitState } from './state/model-state.ts';

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

/** What an operator does to applications and their relations. Each change is whole, or throws and changes nothing; hooks run later. */
export abstract class ModelApplications extends ModelReports {
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

  #letDie(unit: UnitState, { force }: { readonly force?: boolean }): void {
    unit.life = 'dying';
    if (!force || unit.agent.failed === null) return;
    unit.agent.failed = null;
    setAgentStatus(unit, statusNow('idle'));
  }
}
