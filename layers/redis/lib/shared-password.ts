import { randomBytes } from 'node:crypto';
import { HookToolError, type Unit } from 'charms-reactive';
import type { RedisPeers } from 'charms-reactive/interfaces/redis/peers';

/** The first Juju that keeps secrets. */
const SECRETS_SINCE = 3;

/**
 * The password that all units of the application share. The leader makes it. Where Juju keeps secrets it is one of the
 * application's, and its id is what the units tell each other; else it is in the application's databag among its peers.
 */
export class SharedPassword {
  readonly #unit: Unit;
  readonly #peers: RedisPeers;
  /** As it was last read or made: it does not change in the middle of a hook. */
  #known: string | undefined;

  constructor(unit: Unit, peers: RedisPeers) {
    this.#unit = unit;
    this.#peers = peers;
  }

  /** Undefined as long as the leader has made none. */
  read(): string | undefined {
    const { password, secret } = this.#peers.credentials;
    this.#known ??= secret === undefined ? password : this.#readSecret(secret);
    return this.#known;
  }

  /** Makes the password where there is none: `first`, or one of its own. On the leader only. */
  ensure(first: string | undefined): void {
    const { password, secret } = this.#peers.credentials;
    // A Juju that was upgraded keeps secrets from then on.
    if (secret !== undefined || (password !== undefined && !this.#hasSecrets)) return;
    this.#share(password ?? first ?? makePassword());
  }

  /** Replaces the password. On the leader only. */
  rotate(): void {
    const password = makePassword();
    const { secret } = this.#peers.credentials;
    if (secret === undefined) this.#share(password);
    else this.#unit.tools.secretSet(secret, { content: { password } });
    this.#known = password;
  }

  #share(password: string): void {
    if (this.#hasSecrets) {
      const description = 'what the units of redis and their clients open its servers with';
      const secret = this.#unit.tools.secretAdd({ password }, { label: 'password', description });
      this.#peers.share({ secret });
    } else {
      this.#peers.share({ password });
    }
    this.#known = password;
  }

  /** The newest: who is told of a new one uses it. */
  #readSecret(id: string): string | undefined {
    try {
      return this.#unit.tools.secretGet({ id }, 'refresh').password;
    } catch (error) {
      if (error instanceof HookToolError && error.isNotFound) return undefined;
      throw error;
    }
  }

  get #hasSecrets(): boolean {
    return Number.parseInt(this.#unit.hook.jujuVersion, 10) >= SECRETS_SINCE;
  }
}

function makePassword(): string {
  return randomBytes(24).toString('base64url');
}
