import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SecretSettings } from '../agent/secret-changes.ts';
import { encodeContent } from '../state/secret-content.ts';
import { secondsOf, timeFromNow } from '../state/secret-revisions.ts';
import type { RotatePolicy, SecretContent } from '../state/secret-state.ts';
import { parseSecretUri } from '../state/secret-uri.ts';
import { parseGoDuration } from './go-duration.ts';
import type { ToolCall } from './hook-tool.ts';
import { parseSettingsFile } from './key-values.ts';
import type { ToolFlag } from './tool-arguments.ts';
import { ToolUsageError } from './tool-errors.ts';

const ROTATE_POLICIES: readonly RotatePolicy[] = [
  ...(['never', 'hourly', 'daily', 'weekly'] as const),
  ...(['monthly', 'quarterly', 'yearly'] as const),
];

const LARGEST_FILE = 1_000_000;

/** What secret-add and secret-set say of a secret. */
export interface SecretArguments {
  readonly owner: 'application' | 'unit';
  readonly settings: SecretSettings;
  /** Empty where nothing is said of it. */
  readonly content: SecretContent;
}

/** The flags of secret-add and secret-set. */
export const secretFlags: readonly ToolFlag[] = [
  textFlag('description', 'the secret description'),
  textFlag('expire', 'either a duration or time when the secret should expire'),
  textFlag('file', 'a YAML file containing secret key values'),
  textFlag('label', 'a label used to identify the secret in hooks'),
  textFlag('owner', 'the owner of the secret, either the application or unit', 'application'),
  textFlag('rotate', 'the secret rotation policy'),
];

/** A flag of a secret tool that takes a text. */
export function textFlag(name: string, help: string, fallback = ''): ToolFlag {
  return { key: name, names: [`--${name}`], kind: 'text', help, fallback };
}

/** The secret that a tool is called for, by id. Throws `ToolUsageError` for what is no reference to one. */
export function readSecretId(text: string): string {
  const id = parseSecretUri(text);
  if (id === undefined) throw new ToolUsageError(`secret URI ${JSON.stringify(text)} not valid`);
  return id;
}

/** The secret that must be named. Throws `ToolUsageError` where it is not. */
export function requireSecretId(text: string | undefined): string {
  if (text === undefined) throw new ToolUsageError('missing secret URI');
  return readSecretId(text);
}

/** What a call says of a secret, `pairs` being its `key=value` arguments. An empty text says nothing (Juju's rule). */
export function readSecretArguments(call: ToolCall, pairs: readonly string[]): SecretArguments {
  const said = (name: string) => call.texts.get(name) ?? '';
  const [label, description, expire, rotate, owner] = [
    ...[said('label'), said('description'), said('expire'), said('rotate')],
    call.texts.get('owner') ?? 'application',
  ];
  const settings = {
    ...(label ? { label } : {}),
    ...(description ? { description } : {}),
    ...(expire ? { expire: readExpiry(expire) } : {}),
    ...(rotate ? { rotate: readRotatePolicy(rotate) } : {}),
  };
  if (owner !== 'application' && owner !== 'unit') {
    throw new ToolUsageError(`secret owner ${JSON.stringify(owner)} not valid`);
  }
  try {
    return { owner, settings, content: readSecretContent(pairs, said('file')) };
  } catch (error) {
    throw new ToolUsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * What a secret is to hold: `key=value`, `key#base64=value`, `key#file=path`, and the keys of a YAML or JSON file, which counts
 * where both have a key (Juju's rule). The agent reads the files, whose folder is the root. Throws with Juju's words.
 */
export function readSecretContent(pairs: readonly string[], file = ''): SecretContent {
  const written = encodeContent(Object.fromEntries(pairs.map(readPair)));
  if (file === '') return written;
  return { ...written, ...encodeContent(parseSettingsFile(readFile(file).toString())) };
}

/** Base64 may end in `=`, which separates nothing. */
function readPair(pair: string): [string, string | Uint8Array] {
  const equals = pair.replace(/=+$/, '').indexOf('=');
  if (equals < 1) throw new Error(`key value ${JSON.stringify(pair)} not valid`);
  const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
  if (!name.endsWith('#file')) return [name, value];
  const key = name.slice(0, -'#file'.length);
  try {
    return [key, readFile(value)];
  } catch (error) {
    if (error instanceof FileTooLarge) throw error;
    throw new Error(
      `reading content for secret key ${JSON.stringify(key)}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

class FileTooLarge extends Error {}

function readFile(path: string): Buffer {
  const place = resolve('/', path);
  const size = statSync(place, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LARGEST_FILE) {
    throw new FileTooLarge(`secret content in file ${JSON.stringify(path)} too large: ${size} bytes`);
  }
  try {
    return readFileSync(place);
  } catch {
    throw new Error(`open ${path}: no such file or directory`);
  }
}

function readRotatePolicy(text: string): RotatePolicy {
  const policy = ROTATE_POLICIES.find((name) => name === text);
  if (policy === undefined) throw new ToolUsageError(`rotate policy ${JSON.stringify(text)} not valid`);
  return policy;
}

/** A time (RFC 3339; UTC where no zone is said), or so long from now. */
function readExpiry(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?$/.test(text)) {
    const time = new Date(/(?:Z|[-+]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
    if (!Number.isNaN(time.getTime())) return secondsOf(time);
  }
  const duration = parseGoDuration(text);
  if (duration === undefined) {
    throw new ToolUsageError(`expire time or duration ${JSON.stringify(text)} not valid`);
  }
  if (duration <= 0) throw new ToolUsageError(`negative expire duration ${JSON.stringify(text)} not valid`);
  return timeFromNow(duration);
}
