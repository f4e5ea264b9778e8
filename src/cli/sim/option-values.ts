import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { misuse } from './command-failure.ts';
import { messageOf } from './output.ts';

/** Reads an option's number: a whole one, from 0. */
export function readCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('give a number.');
  return Number(text);
}

/** Reads an option that may be given again, and may hold several values with commas between them. */
export function collectList(text: string, earlier: readonly string[]): string[] {
  return [...earlier, ...text.split(',').filter((part) => part !== '')];
}

/** Reads an option that may be given again. */
export function collect(text: string, earlier: readonly string[]): string[] {
  return [...earlier, text];
}

/** `key=value` as typed. Throws, naming it, where there is no key or no `=`. */
export function splitPair(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals <= 0) throw misuse(`expected "key=value", got ${JSON.stringify(text)}`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** `key=value`, each, as a record. The last of a key counts. */
export function readPairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map(splitPair));
}

/** As `readPairs`; a value that begins with `@` is what the file of that name holds. */
export function readSettings(texts: readonly string[]): Record<string, string> {
  const pairs = texts.map(splitPair).map(([key, value]) => {
    return [key, value.startsWith('@') ? readGivenFile(value.slice(1)) : value] as const;
  });
  return Object.fromEntries(pairs);
}

/** The text of a file that a user named. */
export function readGivenFile(file: string): string {
  return readGivenBytes(file).toString();
}

/** What a file that a user named holds. */
export function readGivenBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw misuse(`cannot read "${file}": ${messageOf(error)}`);
  }
}

/** `30s`, `2m`, `1h`, `500ms` or a number of seconds, in milliseconds. */
export function readDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new InvalidArgumentError('give a time, such as 2s.');
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 1000;
  return Number(match[1]) * unit;
}
