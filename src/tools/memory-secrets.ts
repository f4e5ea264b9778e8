import type { RawBag } from './hook-tools.ts';
import { NOT_THE_LEADER, own, refuse } from './memory-refusal.ts';
import { checkGrant, type Grantee, withGrant, withoutGrants } from './memory-secret-grants.ts';
import { applySettings, describeSecret, type MemorySecret } from './memory-secret-records.ts';
import { withScheme } from './secret-answers.ts';
import { refuseBadKeys, refuseBadRevision, type SecretContent } from './secret-content.ts';
import type {
  SecretGrant,
  SecretInfo,
  SecretReference,
  SecretRevision,
  SecretSettings,
  SecretTools,
} from './secret-tools.ts';

type Secrets = Readonly<Record<string, MemorySecret | undefined>>;

/** The secret tools over a model in memory: changes are held back until `commit`, what a reader tracks is not. */
export abstract class MemorySecrets implements SecretTools {
  /** By id, `secret:…`. */
  secrets: Readonly<Record<string, MemorySecret>> = {};
  /** The revision that is read, by id. */
  readonly #tracked = new Map<string, number>();
  /** Labels that this unit gave secrets when it read them. */
  readonly #labels = new Map<string, string>();
  /** What this hook makes of secrets; undefined for one it removes. */
  #pending: Secrets = {};
  /** Secrets whose pending revision was read so that it be tracked. */
  #refreshed: string[] = [];
  #made = 0;

  abstract isLeader(): boolean;
  abstract relationApplication(relationId: string): string | undefined;

  /** Ends a hook that succeeded. */
  protected commitSecrets(): void {
    const kept = Object.entries(this.#all).flatMap(([id, secret]) => (secret ? [[id, secret] as const] : []));
    this.secrets = Object.fromEntries(kept);
    for (const id of this.#refreshed) this.#tracked.set(id, this.secrets[id]?.revisions.length ?? 0);
    this.rollbackSecrets();
  }

  /** Ends a hook that failed. */
  protected rollbackSecrets(): void {
    this.#pending = {};
    this.#refreshed = [];
  }

  secretAdd(
    content: SecretContent,
    { owner = 'application', ...settings }: SecretSettings & { readonly owner?: 'application' | 'unit' } = {},
  ): string {
    refuseBadKeys('secret-add', content);
    if (Object.keys(content).length === 0) refuse(['secret-add'], 'missing secret value or filename', 2);
    const secret = applySettings('secret-add', { owner, revisions: [structuredClone(content)] }, settings);
    this.#refuseUnlessManaged('secret-add', secret);
    if (settings.label !== undefined && this.#idOwned(settings.label) !== undefined)
      refuse(['secret-add'], `secret with label ${JSON.stringify(settings.label)} already exists`);
    this.#made += 1;
    const id = `secret:${String(this.#made).padStart(20, '0')}`;
    this.#put(id, secret);
    return id;
  }

  /** Content as it was makes no revision, and several changes in one hook make one. */
  secretSet(
    reference: string,
    { content = {}, ...settings }: SecretSettings & { readonly content?: SecretContent },
  ): void {
    refuseBadKeys('secret-set', content);
    const { id, secret } = this.#managed('secret-set', reference);
    const stored = own(this.secrets, id)?.revisions ?? [];
    const isNew = Object.keys(content).length > 0 && !isSame(content, stored.at(-1));
    const revisions = isNew ? [...stored, structuredClone(content)] : secret.revisions;
    this.#put(id, applySettings('secret-set', { ...secret, revisions }, settings));
  }

  secretGet(reference: SecretReference, revision: SecretRevision = 'tracked'): RawBag {
    const entries = Object.entries(this.#read(reference, revision));
    return Object.fromEntries(entries.map(([key, value]) => [key, bytesOf(value).toString()]));
  }

  secretGetBytes(id: string, key: string, revision: SecretRevision = 'tracked'): Uint8Array {
    const value = own(this.#read({ id }, revision), key);
    if (value !== undefined) return new Uint8Array(bytesOf(value));
    return refuse(['secret-get', id, `${key}#base64`], `secret key value ${JSON.stringify(key)} not found`);
  }

  secretInfo(reference: SecretReference): SecretInfo {
    const id = 'id' in reference ? withScheme(reference.id) : this.#idOwned(reference.label);
    const secret = id === undefined ? undefined : own(this.#all, id);
    if (id !== undefined && secret && this.#isManaged(secret))
      return describeSecret(id, secret, own(this.secrets, id)?.revisions.length ?? 1);
    const name = 'id' in reference ? reference.id.replace(/^secret:/, '') : reference.label;
    return refuse(['secret-info-get'], `secret ${JSON.stringify(name)} not found`);
  }

  secretIds(): string[] {
    const all = Object.entries(this.#all);
    return all.filter(([, secret]) => secret && this.#isManaged(secret)).map(([id]) => id);
  }

  secretGrant(reference: string, grant: SecretGrant): void {
    const grantee = this.#grantee('secret-grant', grant);
    checkGrant(grant, grantee);
    const { id, secret } = this.#managed('secret-grant', reference);
    this.#put(id, withGrant(secret, grantee));
  }

  secretRevoke(
    reference: string,
    from: SecretGrant | { readonly unit: string } | { readonly application: string },
  ): void {
    const subject = 'relationId' in from ? this.#grantee('secret-revoke', from) : from;
    const { id, secret } = this.#managed('secret-revoke', reference);
    this.#put(id, withoutGrants(secret, subject));
  }

  secretRemove(reference: string, revision?: number): void {
    refuseBadRevision(revision);
    const { id } = this.#managed('secret-remove', reference);
    const stored = own(this.secrets, id);
    this.#refreshed = this.#refreshed.filter((refreshed) => refreshed !== id);
    // What this hook would have made of it goes with it.
    const revisions = stored?.revisions.map((content, at) => (at + 1 === revision ? undefined : content));
    const left = stored && revisions && revision !== undefined ? { ...stored, revisions } : undefined;
    this.#pending = { ...this.#pending, [id]: left };
  }

  get #all(): Secrets {
    return { ...this.secrets, ...this.#pending };
  }

  #put(id: string, secret: MemorySecret): void {
    this.#pending = { ...this.#pending, [id]: secret };
  }

  /**
   * The content that secret-get answers. A secret that this hook makes has one revision; of one that it changes, the
   * pending revision shows only where the newest is asked for; one that it removes can still be read.
   */
  #read(reference: SecretReference, revision: SecretRevision): SecretContent {
    const id = this.#idOf(reference);
    const stored = own(this.secrets, id);
    const pending = own(this.#pending, id);
    if (!stored && !pending) refuse(['secret-get'], `secret ${JSON.stringify(id.slice(7))} not found`);
    if ('id' in reference && reference.label) this.#labels.set(reference.label, id);
    const isPending = pending && pending.revisions.length > (stored?.revisions.length ?? 0);
    if (isPending && (!stored || revision !== 'tracked')) {
      if (stored && revision === 'refresh') this.#refreshed.push(id);
      return pending.revisions.at(-1) ?? {};
    }
    const newest = stored?.revisions.length ?? 0;
    const wanted = revision === 'tracked' ? (this.#tracked.get(id) ?? newest) : newest;
    if (revision !== 'peek') this.#tracked.set(id, wanted);
    const why = `secret revision ${wanted} not found`;
    return stored?.revisions[wanted - 1] ?? refuse(['secret-get'], why);
  }

  #idOf(reference: SecretReference): string {
    if ('id' in reference) return withScheme(reference.id);
    const { label } = reference;
    const why = `consumer label ${JSON.stringify(label)} not found`;
    return this.#idOwned(label) ?? this.#labels.get(label) ?? refuse(['secret-get'], why);
  }

  /** The secret that this unit may manage and that its owner gave this label. */
  #idOwned(label: string): string | undefined {
    const all = Object.entries(this.#all);
    return all.find(([, secret]) => secret?.settings?.label === label && this.#isManaged(secret))?.[0];
  }

  #isManaged(secret: MemorySecret): boolean {
    return secret.owner === 'unit' || (secret.owner === 'application' && this.isLeader());
  }

  #refuseUnlessManaged(tool: string, secret: MemorySecret): void {
    if (!this.#isManaged(secret)) refuse([tool], NOT_THE_LEADER);
  }

  #managed(tool: string, reference: string): { readonly id: string; readonly secret: MemorySecret } {
    const id = withScheme(reference);
    const secret = own(this.#all, id);
    if (!secret || secret.owner === 'other')
      return refuse([tool], `secret ${JSON.stringify(id.slice(7))} not found`);
    this.#refuseUnlessManaged(tool, secret);
    return { id, secret };
  }

  #grantee(tool: string, { relationId, unit }: SecretGrant): Grantee {
    const application = this.relationApplication(relationId) ?? refuse([tool], 'relation not found', 2);
    return { relationId, application, ...(unit === undefined ? {} : { unit }) };
  }
}

function isSame(one: SecretContent, other: SecretContent | undefined): boolean {
  return other !== undefined && encode(one) === encode(other);
}

function encode(content: SecretContent): string {
  const entries = Object.entries(content).map(([key, value]) => [key, bytesOf(value).toString('base64')]);
  return JSON.stringify(entries.sort());
}

function bytesOf(value: string | Uint8Array): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value);
}
