import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document } from 'yaml';
import { type Field, readDocument } from '../metadata/field.ts';
import { parseYaml, parseYamlDocument } from '../metadata/yaml-text.ts';

/** Where a charm says which commits its layers from git are taken at, beside its layer.yaml. */
export const LOCK_FILE = 'layers.lock.yaml';

/** Where a layer or an interface is in git. */
export interface LockEntry {
  /** The repository's URL, or a path. */
  readonly git: string;
  /** The branch or tag that is followed when the lock is brought up to date; the repository's own choice if not given. */
  readonly ref?: string;
  /** The folder within the repository, its root if not given. */
  readonly folder?: string;
  /** The commit to take; absent until the lock is brought up to date for the first time. */
  readonly commit?: string;
}

/** The entries of a charm's lock file, by include (`layer:apt`); none where there is no such file. Throws `MetadataError`. */
export function readLockFile(charm: string): ReadonlyMap<string, LockEntry> {
  const path = join(charm, LOCK_FILE);
  if (!existsSync(path)) return new Map();
  const value = parseYaml(readFileSync(path, 'utf8'), path) ?? new Map();
  return readDocument(
    value,
    path,
    (root) => new Map(root.entries().map(([key, field]) => [key, readEntry(field)])),
  );
}

/** Writes the commits, by include, into a charm's lock file; what else is in it stays as it is. */
export function writeLockFile(charm: string, entries: ReadonlyMap<string, LockEntry>): void {
  const path = join(charm, LOCK_FILE);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const document = text.trim() === '' ? newDocument() : parseYamlDocument(text, path);
  for (const [include, entry] of entries) {
    for (const [key, value] of Object.entries(entry)) document.setIn([include, key], value);
  }
  const written = document.toString();
  if (written !== text) writeFileSync(path, written);
}

function newDocument(): Document {
  const document = new Document({});
  document.commentBefore =
    ' Where layers from git are, and the commit each is taken at: see "reactive build --update".';
  return document;
}

function readEntry(field: Field): LockEntry {
  const fields = field.members();
  if (field.isMapping && !fields.has('git')) field.fault('"git" is missing: the URL of the repository');
  const text = (key: string) => readWord(fields.get(key));
  const [git = '', ref, folder, commit] = ['git', 'ref', 'folder', 'commit'].map(text);
  if (folder !== undefined && (folder.startsWith('/') || folder.split('/').includes('..'))) {
    fields.get('folder')?.fault('must lie within the repository');
  }
  if (commit !== undefined && !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    fields.get('commit')?.fault('must be the whole name of a commit, 40 hexadecimal digits or 64');
  }
  return {
    git,
    ...(ref === undefined ? {} : { ref }),
    ...(folder === undefined ? {} : { folder }),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** A string that git cannot take for an option. */
function readWord(field: Field | undefined): string | undefined {
  if (field === undefined || field.isNull) return undefined;
  const word = field.nonEmptyString();
  if (word?.startsWith('-')) field.fault('must not begin with a dash');
  return word;
}
