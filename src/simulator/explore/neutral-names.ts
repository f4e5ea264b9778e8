import { compareNaturally } from '../hook-tools/natural-order.ts';
import type { ModelState, UnitState } from '../state/model-state.ts';

/**
 * Names for what differs from run to run without meaning anything: addresses, the model's folder and id, and the numbers of
 * subordinate units, which they get in the order in which they come to life.
 */
export class NeutralNames {
  readonly #units: ReadonlyMap<string, string>;
  readonly #words: readonly (readonly [RegExp, string])[];

  constructor(state: ModelState, folder: string) {
    const units = Object.values(state.units).sort((a, b) => compareNaturally(a.name, b.name));
    this.#units = new Map(units.map((unit) => [unit.name, neutralName(unit)]));
    const subordinates = units.filter((unit) => unit.principal !== null);
    this.#words = [
      [exactly(folder), '<model folder>'],
      [exactly(state.uuid), '<model id>'],
      ...subordinates.map((unit) => [exactly(unit.name), neutralName(unit)] as const),
      ...addressNames(state, units),
    ];
  }

  /** The unit itself, and for a subordinate `nrpe@web/0`, with its principal. */
  unit(name: string): string {
    return this.#units.get(name) ?? name;
  }

  /** The unit of a neutral name; undefined where there is none. */
  findUnit(neutral: string): string | undefined {
    return [...this.#units].find(([, name]) => name === neutral)?.[0];
  }

  text(text: string): string {
    return this.#words.reduce((written, [pattern, name]) => written.replace(pattern, () => name), text);
  }

  /** The same for a value of JSON, in all its texts; the keys of its objects are put in order. */
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, item]) => [this.text(key), this.value(item)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function neutralName({ name, application, principal }: UnitState): string {
  return principal === null ? name : `${application}@${principal}`;
}

/** A machine's address by its first unit; 127.0.0.1, which units may share, stays what it is. */
function addressNames(state: ModelState, units: readonly UnitState[]): (readonly [RegExp, string])[] {
  if (state.addresses === 'loopback') return [];
  const hosts = units.filter(({ principal }) => principal === null);
  return Object.values(state.machines).map(({ id, address }) => {
    const host = hosts.find(({ machine }) => machine === id);
    return [exactly(address), `<address of ${host?.name ?? `machine ${id}`}>`] as const;
  });
}

/** A text where it is not a part of a longer word or number. */
function exactly(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${escaped}(?![\\w]|\\.\\d)`, 'g');
}
