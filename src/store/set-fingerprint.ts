/**
 * A number for a set of names, kept up to date at the cost of one name: the hashes of its members, XORed together.
 */
export class SetFingerprint {
  #high = 0;
  #low = 0;

  /** Puts a name in, or takes it out. */
  flip(name: string): void {
    let high = 0xdeadbeef;
    let low = 0x41c6ce57;
    for (let index = 0; index < name.length; index += 1) {
      const unit = name.charCodeAt(index);
      high = Math.imul(high ^ unit, 0x9e3779b1);
      low = Math.imul(low ^ unit, 0x5f356495);
    }
    this.#high ^= mix(high, low);
    this.#low ^= mix(low, high);
  }

  /** Makes this a fingerprint of the same set as another one. */
  become(other: SetFingerprint): void {
    this.#high = other.#high;
    this.#low = other.#low;
  }

  get text(): string {
    return `${this.#high}:${this.#low}`;
  }
}

/** Spreads every bit of both halves over one, so that names that differ little end far apart. */
function mix(half: number, other: number): number {
  const spread = Math.imul(half ^ (half >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  return spread ^ (spread >>> 16);
}
