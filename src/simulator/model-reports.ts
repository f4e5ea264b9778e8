import { join } from 'node:path';
import { unitsOf } from './operator/lifecycle.ts';
import { listSecrets, showSecret } from './operator/secrets.ts';
import { describeRelation, type RelationDescription } from './report/relation-description.ts';
import { type ModelStatus, reportStatus } from './report/status-report.ts';
import type { ApplicationState, ModelState, StatusRecord, UnitState } from './state/model-state.ts';
import type { TaskState } from './state/task-state.ts';

/** What can be asked of a model without changing it. */
export abstract class ModelReports {
  /** Where the model's files are. */
  readonly folder: string;
  protected readonly state: ModelState;

  constructor(folder: string, state: ModelState) {
    this.folder = folder;
    this.state = state;
  }

  /** The model's name (JUJU_MODEL_NAME). */
  get name(): string {
    return this.state.name;
  }

  /** The model as `juju status --format json` tells it. `formatStatus` makes a table of it. */
  status(now = new Date()): ModelStatus {
    return reportStatus(this.state, { now });
  }

  /** A copy of everything the model knows, as plain data. */
  snapshot(): ModelState {
    return structuredClone(this.state);
  }

  /** The relations with both sides' databags, peer relations among them, oldest first. */
  relations(): RelationDescription[] {
    return Object.values(this.state.relations).map(describeRelation);
  }

  /** A relation's databags. Throws where there is no relation with that number. */
  databags(relationId: number): Pick<RelationDescription, 'applications' | 'units'> {
    const relation = this.state.relations[relationId];
    if (relation === undefined) throw new Error(`relation ${relationId} not found`);
    return describeRelation(relation);
  }

  /** The names of an application's units, or of all, in the order of their numbers. */
  units(application?: string): string[] {
    const names = application === undefined ? Object.keys(this.state.applications) : [application];
    return names.flatMap((name) => unitsOf(this.state, name)).map((unit) => unit.name);
  }

  /** The folder of a unit's charm, in which its hooks run. It is there once install has begun. */
  unitFolder(unit: string): string {
    return join(this.findUnit(unit).folder, 'charm');
  }

  /** A unit's workload statuses, oldest first, the present one last. */
  statusHistory(unit: string): readonly StatusRecord[] {
    return this.findUnit(unit).workloadHistory;
  }

  /** The actions and commands of an operation, or all that were ever asked for, oldest first. */
  tasks(operation?: string): TaskState[] {
    const tasks = Object.values(this.state.tasks).sort((a, b) => Number(a.id) - Number(b.id));
    return structuredClone(tasks.filter((task) => task.operation === (operation ?? task.operation)));
  }

  /** Every secret by its id, as `juju secrets` tells it: those of charms and the operator's. */
  secrets(): ReturnType<typeof listSecrets> {
    return listSecrets(this.state);
  }

  /** A secret as `juju show-secret` tells it, by its id or by the operator's name for it. Throws where there is none. */
  showSecret(secret: string, options: Parameters<typeof showSecret>[2] = {}): ReturnType<typeof showSecret> {
    return showSecret(this.state, secret, options);
  }

  protected findApplication(name: string): ApplicationState {
    const application = this.state.applications[name];
    if (application === undefined) throw new Error(`application "${name}" not found`);
    return application;
  }

  /** A unit by its name, or an application's leader by `application/leader`. */
  protected findUnit(name: string): UnitState {
    const [application = '', number] = name.split('/');
    const leader = number === 'leader' ? this.findApplication(application).leader : name;
    const unit = leader === null ? undefined : this.state.units[leader];
    if (unit === undefined) throw new Error(`unit "${name}" not found`);
    return unit;
  }
}
