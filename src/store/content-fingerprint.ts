import { SetFingerprint } from './set-fingerprint.ts';

/** The text that a key holds now. */
type TextNow = (key: string) => string | undefined;

/**
 * Tells whether what a store holds is what it held before. It costs next to nothing until it is asked, and then what changed
 * since.
 */
export class ContentFingerprint {
  readonly #now = new SetFingerprint();
  readonly #committed = new SetFingerprint();
  /** The texts that keys had when the fingerprint was last brought up to date. */
  readonly #changed = new Map<string, string | undefined>();
  #isAsked = false;

  /** Told before a key's text changes. */
  change(key: string, former: string | undefined): void {
    if (!this.#changed.has(key)) this.#changed.set(key, former);
  }

  text(textNow: TextNow): string {
    this.#isAsked = true;
    this.#update(textNow);
    return this.#now.text;
  }

  /** What is there now is what a rollback comes back to. */
  commit(textNow: TextNow): void {
    // Whoever asks first after that sees what is there now.
    if (this.#isAsked) this.#update(textNow);
    this.#changed.clear();
    this.#committed.become(this.#now);
  }

  rollBack(): void {
    this.#changed.clear();
    this.#now.become(this.#committed);
  }

  #update(textNow: TextNow): void {
    for (const [key, former] of this.#changed) {
      const text = textNow(key);
      if (former !== undefined) this.#now.flip(`${key}\0${former}`);
      if (text !== undefined) this.#now.flip(`${key}\0${text}`);
    }
    this.#changed.clear();
  }
}
