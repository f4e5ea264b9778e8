import { createHash } from 'node:crypto';
import type { SecretContent } from './secret-state.ts';

/** Juju's rule for a secret's keys: three or more small letters, digits and single hyphens, a letter first. */
const KEY = /^[a-z](?:-?[a-z0-9]){2,}$/;

const LARGEST = 1_000_000;

const BASE64_SUFFIX = '#base64';

/**
 * What a secret is to hold, as a revision keeps it: values in base64, but for those whose key ends in `#base64`, which are so
 * already. Throws, in Juju's words, for a key that is none and for more than 1 MB in base64.
 */
export function encodeContent(values: Readonly<Record<string, string | Uint8Array>>): SecretContent {
  const content = Object.entries(values).map(([name, value]) => encodeValue(name, value));
  const size = content.reduce((sum, [, value]) => sum + value.length, 0);
  if (size > LARGEST) throw new Error(`base64 encoded secret content too large: ${size} bytes`);
  return Object.fromEntries(content);
}

/** The values as texts. Throws, in Go's words, for one that was said to be base64 and is not. */
export function decodeContent(content: SecretContent): Record<string, string> {
  const values = Object.entries(content).map(([key, value]): [string, string] => {
    refuseBadBase64(value);
    return [key, Buffer.from(value, 'base64').toString()];
  });
  return Object.fromEntries(values);
}

/** What tells whether two revisions hold the same. */
export function contentChecksum(content: SecretContent): string {
  const sorted = Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

/** Whether there is nothing in it. */
export function isEmptyContent(content: SecretContent): boolean {
  return Object.keys(content).length === 0;
}

function encodeValue(name: string, value: string | Uint8Array): [string, string] {
  const isEncoded = name.endsWith(BASE64_SUFFIX);
  const key = isEncoded ? name.slice(0, -BASE64_SUFFIX.length) : name;
  const bytes = Buffer.from(value);
  const encoded = isEncoded ? bytes.toString() : bytes.toString('base64');
  if (!KEY.test(key)) throw new Error(`key ${JSON.stringify(key)} not valid`);
  if (encoded.length > LARGEST) {
    throw new Error(`base64 encoded secret content for key "${key}" too large: ${encoded.length} bytes`);
  }
  return [key, encoded];
}

function refuseBadBase64(text: string): void {
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return;
  const bad = text.search(/[^A-Za-z0-9+/=]/);
  const at = bad < 0 ? text.length - (text.length % 4) : bad;
  throw new Error(`illegal base64 data at input byte ${at}`);
}
