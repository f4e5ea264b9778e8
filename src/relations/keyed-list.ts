/** A list, frozen, whose items can be found by a name too; where a name occurs twice, the first item counts. */
export class KeyedList<T> extends Array<T> {
  readonly #keyOf: (item: T) => string;

  /** Lists made by `map`, `filter` and their kin are plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  constructor(items: Iterable<T>, keyOf: (item: T) => string) {
    super();
    this.#keyOf = keyOf;
    for (const item of items) super.push(item);
    // A subclass with fields of its own freezes itself when it has them.
    if (new.target === KeyedList) Object.freeze(this);
  }

  /** The first item of that name; undefined when there is none. */
  get(key: string): T | undefined {
    return this.find((item) => this.#keyOf(item) === key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** Every item's name, in the items' order. */
  names(): string[] {
    return Array.from(this, (item) => this.#keyOf(item));
  }
}
