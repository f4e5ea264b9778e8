import { randomInt } from 'node:crypto';

/** A new secret's id: 20 characters that nobody can guess, in the alphabet of Juju's ids. */
export function newSecretId(): string {
  return Array.from({ length: 20 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/**
 * The id in a reference to a secret: `secret:<id>`, `<id>`, or `secret://<model>/<id>` (`<model>/<id>` too). Undefined where the
 * text is none.
 */
export function parseSecretUri(text: string): string | undefined {
  return URI.exec(text)?.[1];
}

/** An id as tools print it. */
export function secretUri(id: string): string {
  return `secret:${id}`;
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const URI = new RegExp(`^(?:secret:(?://)?)?(?:/?${UUID}/)?([0-9a-v]{20})$`);
