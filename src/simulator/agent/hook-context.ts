import { randomBytes } from 'node:crypto';
import { ToolFailure } from '../hook-tools/tool-errors.ts';
import { effectiveConfig } from '../operator/application-config.ts';
import type { LogLevel } from '../report/debug-log.ts';
import type {
  ApplicationState,
  Bag,
  ConfigValue,
  ModelState,
  RelationState,
  StatusRecord,
  UnitState,
} from '../state/model-state.ts';
import type { TaskState } from '../state/task-state.ts';
import { mergeSettings } from '../state/versioned-bag.ts';
import { HookChanges } from './hook-changes.ts';
import { type HookInfo, relationIdText } from './hook-info.ts';
import { RelationReader } from './relation-reader.ts';
import { setApplicationStatus, setWorkloadStatus, shownStatus, statusNow } from './statuses.ts';

/**
 * One run of a hook, as the hook tools see it: what it may know, what it has written so far, and what it has been told
 * once and must be told again. It lives from the hook's start to its end.
 */
export class HookContext {
  /** What the charm must show (JUJU_CONTEXT_ID) to be served. */
  readonly id: string;
  readonly state: ModelState;
  readonly unit: UnitState;
  readonly application: ApplicationState;
  readonly hook: HookInfo;
  readonly changes: HookChanges;
  readonly relations: RelationReader;
  /** The tools called so far, each with its arguments. */
  readonly toolCalls: string[][] = [];
  /** The host's programs that were called and not run, since they would change it, each with its arguments. */
  readonly hostCalls: string[][] = [];
  /** Told of each of those. Set by who runs the hook. */
  onHostCall: (call: readonly string[]) => void = () => undefined;
  /** Whether the charm has set its unit's status in this hook. */
  isStatusSet = false;
  /** What action-fail said, in an action; the action fails once it has ended. */
  actionFailure: string | undefined;
  /** Kills the hook, so that it runs again after a reboot. Set by who runs it. */
  rebootNow: () => void = () => undefined;
  #reboot: 'after' | 'now' | undefined;
  readonly #log: (level: LogLevel, message: string) => void;
  #config: Record<string, ConfigValue | null> | undefined;
  #status: StatusRecord | undefined;
  #leaderSettings: Bag | undefined;
  #hasSeenOtherLeader = false;

  constructor(run: {
    readonly state: ModelState;
    readonly unit: UnitState;
    readonly application: ApplicationState;
    readonly hook: HookInfo;
    readonly log: (level: LogLevel, message: string) => void;
  }) {
    this.id = `${run.unit.name}-${run.hook.name}-${randomBytes(16).toString('hex')}`;
    this.state = run.state;
    this.unit = run.unit;
    this.application = run.application;
    this.hook = run.hook;
    this.#log = run.log;
    this.changes = new HookChanges(run);
    this.relations = new RelationReader({ ...run, changes: this.changes });
  }

  /** Whether the machine is to be rebooted: once the hook has succeeded, or at once, with the hook run again after it. */
  get reboot(): 'after' | 'now' | undefined {
    return this.#reboot;
  }

  set reboot(when: 'after' | 'now') {
    this.#reboot = when;
    if (when === 'now') this.rebootNow();
  }

  /** The action or command that runs; undefined in a hook. */
  get task(): TaskState | undefined {
    return this.hook.task === undefined ? undefined : this.state.tasks[this.hook.task];
  }

  /** Whether Juju serves little more than add-metric and juju-log in this hook. */
  get isRestricted(): boolean {
    return this.hook.kind === 'collect-metrics' || this.hook.kind === 'meter-status-changed';
  }

  /** The config in effect when it was first asked for; later changes belong to the next hook. */
  get config(): Readonly<Record<string, ConfigValue | null>> {
    this.#config ??= effectiveConfig(this.application);
    return this.#config;
  }

  /** The unit's status when it was first asked for: what this hook sets after that is not reflected (Juju's rule). */
  get status(): StatusRecord {
    this.#status ??= shownStatus(this.unit);
    return this.#status;
  }

  /** Whether this unit leads. Once a hook has heard no, the answer stays no until the hook ends (Juju's rule). */
  get isLeader(): boolean {
    if (this.application.leader !== this.unit.name) this.#hasSeenOtherLeader = true;
    return !this.#hasSeenOtherLeader;
  }

  /** The leader's settings, read once a hook. */
  get leaderSettings(): Readonly<Bag> {
    this.#leaderSettings ??= { ...this.application.leaderSettings.settings };
    return this.#leaderSettings;
  }

  /** Merges into the leader's settings at once. Throws `ToolFailure` for any unit but the leader. */
  setLeaderSettings(settings: Readonly<Bag>): void {
    if (!this.isLeader) {
      throw new ToolFailure('cannot write leadership settings: cannot write settings: not the leader');
    }
    mergeSettings(this.application.leaderSettings, settings);
    this.#leaderSettings = undefined;
  }

  /** Sets the unit's status at once. */
  setStatus(status: string, message: string): void {
    setWorkloadStatus(this.unit, statusNow(status, message));
    this.unit.agent.statusSet = true;
    this.isStatusSet = true;
  }

  /** Sets the application's status at once. Throws `ToolFailure` for any unit but the leader. */
  setApplicationStatus(status: string, message: string): void {
    this.requireLeader();
    setApplicationStatus(this.application, statusNow(status, message));
  }

  /** Throws `ToolFailure`, as status tools do, for any unit but the leader. */
  requireLeader(): void {
    if (!this.isLeader) throw new ToolFailure('this unit is not the leader');
  }

  /** Writes to the debug log at once, named for the relation in a relation hook. */
  log(level: LogLevel, message: string): void {
    const { relation } = this.hook;
    this.#log(level, relation === undefined ? message : `${relationIdText(relation)}: ${message}`);
  }

  /**
   * The relation that a tool's argument means: `db:3` or `3`. Only the number counts, whatever endpoint is written
   * before it (Juju's rule). Throws an error with Juju's reason where it is none, or not one that this unit is in.
   */
  relationFor(text: string): RelationState {
    const number = text.slice(text.lastIndexOf(':') + 1);
    if (!/^[+-]?\d+$/.test(number)) throw new Error('invalid relation id');
    const relation = this.state.relations[Number(number)];
    if (relation === undefined || this.unit.agent.relations[relation.id] === undefined) {
      throw new Error('relation not found');
    }
    return relation;
  }
}
