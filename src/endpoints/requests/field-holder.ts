import type { JsonValue } from '../../store/python-json.ts';
import type { Fields, FieldValues, SomeFields } from './field.ts';
import { fieldFault } from './field-fault.ts';
import type { WireEntry } from './wire-entry.ts';

/** What requests and responses have in common: typed fields, kept in one JSON object of a databag. */
export abstract class FieldHolder<F extends Fields = Fields> {
  readonly #entry: WireEntry;
  readonly #fields: F;

  constructor(entry: WireEntry, fields: F) {
    this.#entry = entry;
    this.#fields = fields;
  }

  /** Whether this side made it; only then can it be changed. */
  get isCreated(): boolean {
    return this.#entry.isOurs;
  }

  /** Whether the other side made it. */
  get isReceived(): boolean {
    return !this.isCreated;
  }

  /** Whether the databag holds it no longer. */
  get isWithdrawn(): boolean {
    return !this.#entry.exists;
  }

  /**
   * Sets several fields at once, as assigning each of them does.
   * @throws TypeError for one that was received or withdrawn, for an unknown field, and for a value its check refuses.
   */
  update(fields: SomeFields<F>): void {
    this.#refuseUnlessOurs('change');
    const values = Object.entries(fields) as [string, JsonValue | undefined][];
    for (const [name, value] of values) {
      const fault = fieldFault(this.#fields, name, value);
      if (fault) throw new TypeError(`cannot change ${this.describe()}: ${fault}`);
    }
    this.#entry.write({ ...this.#entry.values, ...Object.fromEntries(values) });
  }

  /**
   * Takes it out of our databag again. Withdrawing twice is fine.
   * @throws TypeError for one that was received.
   */
  withdraw(): void {
    if (this.isWithdrawn) return;
    this.#refuseUnlessOurs('withdraw');
    this.#entry.withdraw();
  }

  /** The fields as a plain object, null where there is no value. */
  toJSON(): FieldValues<F> {
    const names = Object.keys(this.#fields);
    return Object.fromEntries(
      names.map((name) => [name, this.#entry.values[name] ?? null]),
    ) as FieldValues<F>;
  }

  /** Names it in errors: `request "r1"`. */
  protected abstract describe(): string;

  /** Gives a class a property for each of its fields. */
  static declareFields(
    holderClass: { readonly name: string; readonly prototype: FieldHolder },
    fields: Fields,
  ): void {
    for (const name of Object.keys(fields)) {
      if (name in holderClass.prototype) {
        throw new TypeError(
          `cannot define the field "${name}": every request or response has something of that name`,
        );
      }
      Object.defineProperty(holderClass.prototype, name, {
        configurable: true,
        enumerable: true,
        get(this: FieldHolder): JsonValue {
          return this.#entry.values[name] ?? null;
        },
        set(this: FieldHolder, value: JsonValue) {
          this.update({ [name]: value });
        },
      });
    }
  }

  #refuseUnlessOurs(deed: string): void {
    if (this.isReceived)
      throw new TypeError(
        `cannot ${deed} ${this.describe()}: the other side made it, and only reading is ours`,
      );
    if (this.isWithdrawn) throw new TypeError(`cannot ${deed} ${this.describe()}: it was withdrawn`);
  }
}
