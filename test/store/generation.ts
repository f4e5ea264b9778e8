import { FLAG_PREFIX } from '../../src/flags/flag-name.ts';
import type { JsonValue } from '../../src/store/python-json.ts';

/** How much a hook of the killed charm writes. */
export interface Amount {
  readonly keys: number;
  /** The size of each key's value, in bytes. */
  readonly bytes: number;
}

/** What the hook number `generation` sets, beside what it unsets: nothing of it is the same in the next one. */
export interface Generation {
  readonly values: Readonly<Record<string, JsonValue>>;
  readonly unset: readonly string[];
  readonly flags: readonly string[];
  readonly cleared: readonly string[];
}

/** The work of one hook: most keys get a new value, every fifth goes, and two flags of three change. */
export function generationOf(generation: number, { keys, bytes }: Amount): Generation {
  const indexes = Array.from({ length: keys }, (_, index) => index);
  const isThere = (index: number): boolean => (index + generation) % 5 !== 0;
  const isSet = (index: number): boolean => (index + generation) % 3 === 0;
  const value = (index: number): string => `${generation} ${index} `.padEnd(bytes, String(generation % 10));
  return {
    values: {
      generation,
      [`only.${generation}`]: true,
      ...Object.fromEntries(indexes.filter(isThere).map((index) => [`data.${index}`, value(index)])),
    },
    unset: [
      `only.${generation - 1}`,
      ...indexes.filter((index) => !isThere(index)).map((index) => `data.${index}`),
    ],
    flags: [`flag.of.${generation}`, ...indexes.filter(isSet).map((index) => `flag.${index}`)],
    cleared: [
      `flag.of.${generation - 1}`,
      ...indexes.filter((index) => !isSet(index)).map((index) => `flag.${index}`),
    ],
  };
}

/** Every key of the store after the hook number `generation`, flags included. */
export function contentOf(generation: number, amount: Amount): Record<string, JsonValue> {
  const { values, flags } = generationOf(generation, amount);
  return { ...values, ...Object.fromEntries(flags.map((flag) => [FLAG_PREFIX + flag, null])) };
}
