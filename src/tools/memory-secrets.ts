import { HookToolError } from './errors.ts';
import type { RawBag } from './hook-tools.ts';
import type {
  SecretGrant,
  SecretInfo,
  SecretReference,
  SecretSettings,
  SecretTools,
} from './secret-tools.ts';

/** A secret of the model in memory. */
export interface MemorySecret {
  /** This unit, its application, or somebody else. */
  readonly owner: 'application' | 'unit' | 'other';
  /** The content of each revision, the first first; removed ones are undefined. */
  readonly revisions: readonly (RawBag | undefined)[];
  readonly settings?: SecretSettings;
  readonly grants?: readonly (SecretGrant | { readonly unit: string } | { readonly application: string })[];
}

/** The secret tools over a model in memory: changes are held back until `commit`, what a reader tracks is not. */
export class MemorySecrets implements SecretTools {
  /** By id, `secret:…`. */
  secrets: Readonly<Record<string, MemorySecret>> = {};
  readonly #tracked = new Map<string, number>();
  readonly #labels = new Map<string, string>();
  #pending: Readonly<Record<string, MemorySecret | undefined>> = {};
  #made = 0;

  /** Ends a hook that succeeded. */
  commitSecrets(): void {
    const entries = Object.entries({ ...this.secrets, ...this.#pending });
    this.secrets = Object.fromEntries(
      entries.filter((entry): entry is [string, MemorySecret] => entry[1] !== undefined),
    );
    this.rollbackSecrets();
  }

  /** Ends a hook that failed. */
  rollbackSecrets(): void {
    this.#pending = {};
  }

  secretAdd(
    content: RawBag,
    settings: SecretSettings & { readonly owner?: 'application' | 'unit' } = {},
  ): string {
    const { owner = 'application', ...rest } = settings;
    this.#made += 1;
    const id = `secret:${String(this.#made).padStart(20, '0')}`;
    this.#put(id, { owner, revisions: [content], settings: rest });
    if (rest.label) this.#labels.set(rest.label, id);
    return id;
  }

  secretSet(id: string, { content, ...settings }: SecretSettings & { readonly content?: RawBag }): void {
    const secret = this.#own(id);
    const latest = secret.revisions.at(-1);
    const isNew = content !== undefined && JSON.stringify(content) !== JSON.stringify(latest);
    const revisions = isNew ? [...secret.revisions, content] : secret.revisions;
    this.#put(id, { ...secret, revisions, settings: { ...secret.settings, ...settings } });
  }

  secretGet(reference: SecretReference, revision: 'tracked' | 'peek' | 'refresh' = 'tracked'): RawBag {
    const id = this.#idOf(reference);
    if (reference.label) this.#labels.set(reference.label, id);
    const { revisions } = this.#find(id);
    const newest = revisions.length;
    const tracked = this.#tracked.get(id);
    const wanted = revision === 'tracked' && tracked !== undefined ? tracked : newest;
    if (revision !== 'peek') this.#tracked.set(id, wanted);
    return {
      ...(revisions[wanted - 1] ?? refuse('secret-get', `secret "${id}" revision ${wanted} not found`)),
    };
  }

  secretInfo(reference: SecretReference): SecretInfo {
    const id = this.#idOf(reference);
    const { owner, revisions, settings = {} } = this.#own(id);
    const { label, description, rotate, expire } = settings;
    return {
      id,
      revision: revisions.length,
      owner: owner === 'unit' ? 'unit' : 'application',
      ...(label === undefined ? {} : { label }),
      ...(description === undefined ? {} : { description }),
      ...(rotate === undefined ? {} : { rotation: rotate }),
      ...(expire === undefined ? {} : { expiry: expire }),
    };
  }

  secretIds(): string[] {
    const all = Object.entries({ ...this.secrets, ...this.#pending });
    return all.filter(([, secret]) => secret && secret.owner !== 'other').map(([id]) => id);
  }

  secretGrant(id: string, grant: SecretGrant): void {
    const secret = this.#own(id);
    this.#put(id, { ...secret, grants: [...(secret.grants ?? []), grant] });
  }

  secretRevoke(
    id: string,
    from: SecretGrant | { readonly unit: string } | { readonly application: string },
  ): void {
    const secret = this.#own(id);
    const grants = (secret.grants ?? []).filter((grant) => JSON.stringify(grant) !== JSON.stringify(from));
    this.#put(id, { ...secret, grants });
  }

  secretRemove(id: string, revision?: number): void {
    const secret = this.#own(id);
    if (revision === undefined) this.#pending = { ...this.#pending, [id]: undefined };
    else this.#put(id, { ...secret, revisions: secret.revisions.with(revision - 1, undefined) });
  }

  #put(id: string, secret: MemorySecret): void {
    this.#pending = { ...this.#pending, [id]: secret };
  }

  #idOf(reference: SecretReference): string {
    if ('id' in reference)
      return reference.id.startsWith('secret:') ? reference.id : `secret:${reference.id}`;
    return (
      this.#labels.get(reference.label) ??
      refuse('secret-get', `consumer label "${reference.label}" not found`)
    );
  }

  #find(id: string): MemorySecret {
    const secret = Object.hasOwn(this.#pending, id) ? this.#pending[id] : this.secrets[id];
    return secret ?? refuse('secret-get', `secret "${id}" not found`);
  }

  #own(id: string): MemorySecret {
    const secret = this.#find(id);
    return secret.owner === 'other' ? refuse('secret-info-get', `secret "${id}" not found`) : secret;
  }
}

function refuse(tool: string, why: string): never {
  throw new HookToolError({ command: [tool], exitCode: 1, stderr: `ERROR ${why}\n` });
}
