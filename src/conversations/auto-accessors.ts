import { RelationBase, type RelationBaseContext } from './relation-base.ts';

/** The method's name for a key: `db-name` gives `db_name` (the reference's rule). */
export type AccessorName<Key extends string> = Key extends `${infer Head}-${infer Tail}`
  ? `${Head}_${AccessorName<Tail>}`
  : Key;

/** A method for each key, which gives what the other side published under it; null where nobody did. */
export type AutoAccessors<Key extends string> = {
  readonly [Name in Key as AccessorName<Name>]: () => string | null;
};

/** A RelationBase to extend, with a method for each key. */
export type RelationBaseWithAccessors<Key extends string> = (abstract new (
  context: RelationBaseContext,
) => RelationBase & AutoAccessors<Key>) & {
  readonly scope: string;
  /** The keys that have methods. */
  readonly autoAccessors: readonly Key[];
};

/**
 * The reference's `auto_accessors`: a base class with a method for each key of the other side's data, dashes written as
 * underscores. Each calls `getRemote`: `class MySql extends withAutoAccessors(['host', 'db-name'])` has `host()` and
 * `db_name()`.
 *
 * @throws TypeError when a key has no name of its own: two give the same one, or RelationBase has it already.
 */
export function withAutoAccessors<const Key extends string>(
  keys: readonly Key[],
): RelationBaseWithAccessors<Key> {
  abstract class WithAccessors extends RelationBase {
    static readonly autoAccessors: readonly Key[] = Object.freeze([...keys]);
  }
  for (const key of keys) {
    const name = key.replaceAll('-', '_');
    if (name === '' || name in WithAccessors.prototype) {
      throw new TypeError(
        `cannot make an accessor for the key "${key}": the name "${name}" is taken; read it with getRemote("${key}")`,
      );
    }
    Object.defineProperty(WithAccessors.prototype, name, {
      value: function access(this: RelationBase): string | null {
        return this.getRemote(key);
      },
      configurable: true,
      writable: true,
    });
  }
  return WithAccessors as unknown as RelationBaseWithAccessors<Key>;
}
