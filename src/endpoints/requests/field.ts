import type { JsonValue } from '../../store/python-json.ts';

declare const TYPE: unique symbol;

/** One field of a request or a response, as `field` declares it. `T` is what reading it gives. */
export interface Field<T> {
  /** What the field means, for whoever reads the interface. */
  readonly description: string;
  /** Whether a value, null where there is none, is one of the field's type; absent where nothing is checked. */
  readonly isValid?: (value: JsonValue) => boolean;
  /** Only there for the compiler, to carry `T`. */
  readonly [TYPE]?: T;
}

/** The fields of a request or response class, by the keys they have on the wire. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What reading a field gives. */
export type ValueOf<F> = F extends Field<infer T> ? T : never;

/** A request's or response's fields as properties. */
export type FieldValues<F extends Fields> = { -readonly [K in keyof F]: ValueOf<F[K]> };

/** Some of the fields. */
export type SomeFields<F extends Fields> = { readonly [K in keyof F]?: ValueOf<F[K]> };

/** What a new request or response starts with: every field that cannot be null, and any of the others. */
export type NewFields<F extends Fields> = SomeFields<F> & {
  readonly [K in keyof F as null extends ValueOf<F[K]> ? never : K]: ValueOf<F[K]>;
};

/** Refuses fields whose names are `Taken`. */
export type Unless<F, Taken> = {
  readonly [K in string extends keyof F ? never : keyof F & Taken]: never;
};

/** A type as it comes out of JSON that nobody can edit in place: read-only all the way down. */
export type Frozen<T> = T extends string | number | boolean | null
  ? T
  : { readonly [K in keyof T]: Frozen<T[K]> };

/** `T` where JSON can say it, else something `T` is not. */
export type Jsonable<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends ((...parameters: never[]) => unknown) | symbol | bigint | Date
    ? never
    : { [K in keyof T]: Jsonable<T[K]> };

/**
 * Declares a field of a request or response: `cn: field<string>('the common name')`.
 *
 * Such a field reads as `T` or null: null where the other side left it out (the reference's rule). What the other side
 * wrote is not checked against `T`.
 *
 * With `isValid` it is: `cn: field('the common name', (value) => typeof value === 'string')` reads as a string and never
 * as null. `isValid` is asked about every value, null for a missing one. A request or response from the other side that
 * fails it counts as malformed, and one of ours cannot be made.
 */
export function field(description: string): Field<JsonValue>;
export function field<T>(description: [T] extends [Jsonable<T>] ? string : never): Field<Frozen<T> | null>;
export function field<T extends JsonValue>(
  description: string,
  isValid: (value: JsonValue) => value is T,
): Field<Frozen<T>>;
export function field(description: string, isValid?: (value: JsonValue) => boolean): Field<unknown> {
  return isValid ? { description, isValid } : { description };
}
