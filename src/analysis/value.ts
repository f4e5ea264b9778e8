import { ANYTHING, type FlagText, joinTexts, writeText } from './flag-text.ts';

/** What is known of a value without running the code that makes it. */
export type Value =
  /** One of these texts. */
  | { readonly kind: 'text'; readonly texts: readonly FlagText[] }
  /** A list of some of these, in whatever number and order. */
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Value> }
  | { readonly kind: 'unknown' };

/** A value of which nothing is known. */
export const UNKNOWN: Value = { kind: 'unknown' };

/** Past this many, what a text may be is not worth listing. */
const MANY = 64;

/** A value that is one of these texts. */
export function textValue(texts: readonly FlagText[]): Value {
  const different = [...new Map(texts.map((text) => [writeText(text), text])).values()];
  return { kind: 'text', texts: different.length > MANY ? [ANYTHING] : different };
}

/** All texts that a value may be. */
export function textsOf(value: Value): readonly FlagText[] {
  return value.kind === 'text' ? value.texts : [ANYTHING];
}

/** What the items of a list may be. */
export function itemsOf(value: Value): readonly Value[] {
  return value.kind === 'list' ? value.items : [UNKNOWN];
}

/** A value that is one of these. */
export function eitherOf(values: readonly Value[]): Value {
  const [first, ...others] = values;
  if (first === undefined || values.some(({ kind }) => kind === 'unknown')) return UNKNOWN;
  if (others.length === 0) return first;
  if (values.every(({ kind }) => kind === 'text')) return textValue(values.flatMap(textsOf));
  if (values.every(({ kind }) => kind === 'list')) return { kind: 'list', items: values.flatMap(itemsOf) };
  return UNKNOWN;
}

/** The text that two values make when they are added. */
export function addValues(values: readonly Value[]): Value {
  let texts: readonly FlagText[] = [[]];
  for (const value of values) {
    const next = textsOf(value);
    if (texts.length * next.length > MANY) return textValue([ANYTHING]);
    texts = texts.flatMap((start) => next.map((end) => joinTexts(start, end)));
  }
  return textValue(texts);
}

/** What is in a value at a key, or at a place in it. */
export function fieldOf(value: Value, step: string | number | null): Value {
  if (value.kind === 'record' && typeof step === 'string') return value.fields.get(step) ?? UNKNOWN;
  if (value.kind === 'list') {
    // Lists that were changed since may have it elsewhere.
    return typeof step === 'number' ? (value.items[step] ?? UNKNOWN) : UNKNOWN;
  }
  return UNKNOWN;
}
