import { ToolFailure } from '../hook-tools/tool-errors.ts';
import type { ApplicationState, ModelState, UnitState } from '../state/model-state.ts';
import { activeGrants, isSameSubject } from '../state/secret-access.ts';
import { contentChecksum, isEmptyContent } from '../state/secret-content.ts';
import {
  addRevision,
  createSecret,
  removeRevision,
  secondsOf,
  setRotation,
} from '../state/secret-revisions.ts';
import type {
  RotatePolicy,
  SecretContent,
  SecretGrant,
  SecretOwner,
  SecretState,
  SecretSubject,
} from '../state/secret-state.ts';
import { newSecretId } from '../state/secret-uri.ts';

/** What a call of secret-add or secret-set says of a secret; what it does not say is not there. */
export interface SecretSettings {
  readonly label?: string;
  readonly description?: string;
  readonly rotate?: RotatePolicy;
  /** ISO 8601. */
  readonly expire?: string;
}

/** What is known of a secret but for its content, with what a hook has made of it so far. */
export interface SecretFacts
  extends Pick<
    SecretState,
    'id' | 'owner' | 'label' | 'description' | 'rotate' | 'nextRotate' | 'expire' | 'latest'
  > {
  readonly grants: readonly SecretGrant[];
}

/** The content that a hook gives a secret. */
export interface PendingContent {
  readonly content: SecretContent;
  /** Whether the hook makes the secret, too. */
  readonly isNew: boolean;
}

/**
 * What a hook makes of secrets, and Juju holds back until the hook succeeds: new secrets, new revisions (one a hook for each
 * secret), grants and removals. Who may do so is looked at before it comes here.
 */
export class SecretChanges {
  readonly #run: SecretRun;
  readonly #drafts = new Map<string, Draft>();
  readonly #removals = new Map<string, readonly number[] | 'all'>();
  readonly #refreshed = new Set<string>();

  constructor(run: SecretRun) {
    this.#run = run;
  }

  /** Makes a secret, and answers its id. Throws `ToolFailure` for a label that this hook gave another new one. */
  add(owner: SecretOwner, content: SecretContent, settings: SecretSettings): string {
    const drafts = [...this.#drafts.values()];
    if (drafts.some(({ isNew, settings: { label } }) => isNew && label && label === settings.label)) {
      throw new ToolFailure(labelTaken(settings.label));
    }
    const id = newSecretId();
    this.#drafts.set(id, { isNew: true, owner, settings, content, grants: [] });
    return id;
  }

  /** Changes a secret. Content that is already stored makes no revision; what this hook removed of it is not (Juju's rule). */
  set(facts: SecretFacts, content: SecretContent, settings: SecretSettings): void {
    const { id } = facts;
    const stored = this.#run.state.secrets[id];
    const present = stored?.revisions[stored.latest]?.content;
    const isSame = present !== undefined && contentChecksum(present) === contentChecksum(content);
    const news = isSame || isEmptyContent(content) ? {} : { content };
    if (Object.keys({ ...settings, ...news }).length === 0) return;
    this.#removals.delete(id);
    const draft = this.#draftOf(facts);
    this.#drafts.set(id, { ...draft, ...news, settings: { ...draft.settings, ...settings } });
  }

  /**
   * Lets somebody read a secret. What an application was granted its units have already. Throws `ToolFailure` where units
   * have it that their application would have from now on.
   */
  grant(facts: SecretFacts, grant: SecretGrant): void {
    const related = facts.grants.filter(({ relation }) => relation === grant.relation);
    const isGranted = related.some(
      ({ subject }) => subject.kind === 'application' || isSameSubject(subject, grant.subject),
    );
    if (isGranted) return;
    if (related.length > 0 && grant.subject.kind === 'application') {
      throw new ToolFailure(
        'any unit level grants need to be revoked before granting access to the corresponding application',
      );
    }
    this.#drafts.set(facts.id, { ...this.#draftOf(facts), grants: [...facts.grants, grant] });
  }

  /** Lets somebody read a secret no longer, in whichever relation that was granted. */
  revoke(facts: SecretFacts, subject: SecretSubject): void {
    const grants = facts.grants.filter((grant) => !isSameSubject(grant.subject, subject));
    this.#drafts.set(facts.id, { ...this.#draftOf(facts), grants });
  }

  /** Removes a secret, or one revision of it, and forgets what this hook would have made of it (Juju's rule). */
  remove(id: string, revision: number | undefined): void {
    this.#drafts.delete(id);
    this.#refreshed.delete(id);
    const before = this.#removals.get(id) ?? [];
    const isWhole = revision === undefined || before === 'all';
    this.#removals.set(id, isWhole ? 'all' : [...before, revision]);
  }

  /** Lets the unit track the revision that this hook makes of a secret, once it is made. */
  trackPending(id: string): void {
    this.#refreshed.add(id);
  }

  /** The content that this hook gives a secret; undefined where it gives it none. */
  pendingContent(id: string): PendingContent | undefined {
    const draft = this.#drafts.get(id);
    return draft?.content === undefined ? undefined : { content: draft.content, isNew: draft.isNew };
  }

  /** Whether this hook removes the whole secret. */
  isRemoved(id: string): boolean {
    return this.#removals.get(id) === 'all';
  }

  /** A secret as this hook has made it so far, though it be removed; undefined where there is none. */
  find(id: string): SecretFacts | undefined {
    const { state } = this.#run;
    const stored = state.secrets[id];
    const draft = this.#drafts.get(id);
    const base = stored ?? draft;
    if (base === undefined) return undefined;
    const { label = '', description = '', rotate = 'never', expire = null } = stored ?? {};
    return {
      ...{ id, owner: base.owner, label, description, rotate, expire },
      latest: stored?.latest ?? 1,
      nextRotate: stored?.nextRotate ?? null,
      ...draft?.settings,
      grants: draft?.grants ?? (stored === undefined ? [] : activeGrants(state, stored)),
    };
  }

  /** Every secret of the model as this hook has made it so far, without those it removes. */
  all(): SecretFacts[] {
    const ids = new Set([...Object.keys(this.#run.state.secrets), ...this.#drafts.keys()]);
    return [...ids].filter((id) => !this.isRemoved(id)).flatMap((id) => this.find(id) ?? []);
  }

  /**
   * Throws, in Juju's words, where the whole hook is to be refused: it changed an application's secret and its unit does not
   * lead any more, or gave a label that another secret of the same owner has.
   */
  check(): void {
    const { state, unit, application } = this.#run;
    const changed = [...this.#drafts.keys(), ...this.#removals.keys()].flatMap((id) => this.find(id) ?? []);
    const isApplications = changed.some(({ owner }) => owner.kind === 'application');
    if (isApplications && application.leader !== unit.name) {
      throw new Error('cannot change secrets of the application: this unit is not the leader any more');
    }
    const stored = Object.keys(state.secrets).flatMap((id) => this.find(id) ?? []);
    const made = changed.filter(({ id }) => state.secrets[id] === undefined);
    for (const secret of changed) {
      const isTaken = [...stored, ...made].some((other) => hasSameLabel(secret, other));
      if (isTaken) throw new Error(labelTaken(secret.label));
    }
  }

  /** Lands everything. */
  commit(): void {
    const { state, unit } = this.#run;
    for (const [id, draft] of this.#drafts) this.#land(id, draft);
    for (const [id, revisions] of this.#removals) {
      const secret = state.secrets[id];
      if (secret === undefined) continue;
      if (revisions === 'all') delete state.secrets[id];
      else for (const revision of revisions) removeRevision(state, secret, revision);
    }
    for (const id of this.#refreshed) {
      const secret = state.secrets[id];
      if (secret === undefined) continue;
      const { label = '' } = secret.consumers[unit.name] ?? {};
      secret.consumers[unit.name] = { tracked: secret.latest, label };
    }
  }

  #land(id: string, { isNew, owner, content, settings, grants }: Draft): void {
    const { state, unit } = this.#run;
    const stored = state.secrets[id];
    if (stored === undefined && !isNew) return;
    const secret = stored ?? createSecret(state, { id, owner, content: content ?? {} });
    if (stored !== undefined && content !== undefined) addRevision(stored, content);
    // Whoever made a revision need not be told of it.
    if (content !== undefined) unit.agent.secretsAnnounced[id] = secret.latest;
    secret.label = settings.label ?? secret.label;
    secret.description = settings.description ?? secret.description;
    secret.grants = grants === undefined ? secret.grants : [...grants];
    secret.updated = secondsOf(new Date());
    if (settings.rotate !== undefined) setRotation(secret, settings.rotate);
    if (settings.expire === undefined) return;
    secret.expire = settings.expire;
    secret.nextExpired = null;
  }

  #draftOf({ id, owner }: SecretFacts): Draft {
    return this.#drafts.get(id) ?? { isNew: false, owner, settings: {} };
  }
}

interface SecretRun {
  readonly state: ModelState;
  readonly unit: UnitState;
  readonly application: ApplicationState;
}

/** What a hook has made of one secret so far. */
interface Draft {
  readonly isNew: boolean;
  readonly owner: SecretOwner;
  readonly settings: SecretSettings;
  /** Absent where it stays as it is. */
  readonly content?: SecretContent;
  readonly grants?: readonly SecretGrant[];
}

function hasSameLabel(one: SecretFacts, other: SecretFacts): boolean {
  const isSameOwner = one.owner.kind === other.owner.kind && one.owner.name === other.owner.name;
  return one.id !== other.id && isSameOwner && one.label !== '' && one.label === other.label;
}

function labelTaken(label: string | undefined): string {
  return `secret with label ${JSON.stringify(label)} already exists`;
}
