import type { Relation } from '../../relations/relation.ts';
import type { ValueOf } from './field.ts';
import type { AnyRequestClass } from './request.ts';

/** The answer to a request of a class, with that request. */
export type ResponseOf<C extends AnyRequestClass> = NonNullable<InstanceType<C>['response']> & {
  readonly request: InstanceType<C>;
};

/** The name of the method that finds a response by one field: `responseByCn` for `cn`, `responseByJobName` for `job_name`. */
export type ResponseFinderName<K extends string> = `responseBy${PascalCase<K>}`;

type PascalCase<K extends string> = K extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Head>}${PascalCase<Tail>}`
  : K extends `${infer Head}-${infer Tail}`
    ? `${Capitalize<Head>}${PascalCase<Tail>}`
    : Capitalize<K>;

/** One method for each field of a request class: the response to the first request with that value. */
export type ResponseFinders<C extends AnyRequestClass> = {
  readonly [K in keyof C['fields'] & string as ResponseFinderName<K>]: (
    value: ValueOf<C['fields'][K]>,
    relation?: Relation,
  ) => ResponseOf<C> | undefined;
};

/** Spells the finder's name for a field. */
export function responseFinderName(field: string): string {
  return `responseBy${field
    .split(/[_-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;
}
