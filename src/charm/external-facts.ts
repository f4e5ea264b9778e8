import { readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EndpointDeclaration } from '../metadata/charm-metadata.ts';

/** The variable that names the folder in which executables find the facts of the hook and leave their report. */
export const FACTS_VARIABLE = 'CHARMS_REACTIVE_DIR';

/** What an executable is told beside the flags, so that it can decide by itself. */
export interface ExternalFacts {
  readonly phase: 'restricted' | 'hooks' | 'other';
  readonly round: number;
  readonly hook: string;
  /** The executable's own path, relative to the charm's folder. */
  readonly path: string;
  /** The flags that changed in the round before; from round 2 on. */
  readonly changed: readonly string[];
  readonly endpoints: readonly EndpointDeclaration[];
  /** The ids of the executable's parts that are done once and for all. */
  readonly invoked: readonly string[];
  /** How the files its parts watch were when they ran. */
  readonly watched: readonly WatchedState[];
  /** How files were when a Python charm last looked. */
  readonly remembered: Readonly<Record<string, string>>;
}

/** How a file was when a part of an executable ran; the hash is empty for one that was not there. */
export interface WatchedState {
  readonly id: string;
  readonly file: string;
  readonly hash: string;
}

/** What an executable told beside what it printed. */
export interface ExternalReport {
  /** The flags that the parts it wants to run wait for; undefined where it does not use the bash library. */
  readonly flags: readonly string[] | undefined;
  /** The ids of parts that ran and are to run only once. */
  readonly done: readonly string[];
  readonly watched: readonly WatchedState[];
  /** Why it cannot be used as it is written. */
  readonly faults: readonly string[];
}

/** Writes the set flags where executables read them, all or nothing; newer than the store, else they are not believed. */
export function writeFlagsFile(folder: string, flags: readonly string[]): void {
  const file = path.join(folder, 'flags');
  writeRecords(`${file}.${process.pid}`, flags.filter(isSayable));
  renameSync(`${file}.${process.pid}`, file);
}

/** Makes the flags file newer than the store, for a process that wrote it while it had the store locked. */
export function touchFlagsFile(folder: string): void {
  // A file's time is finer than what can be given here, so the next millisecond.
  const next = new Date(Date.now() + 1);
  utimesSync(path.join(folder, 'flags'), next, next);
}

/** Writes the facts, and clears the report of whoever ran before. */
export function writeFacts(folder: string, facts: ExternalFacts): void {
  writeRecords(path.join(folder, 'facts'), [
    ...['phase', facts.phase, 'round', String(facts.round), 'hook', facts.hook, 'path', facts.path],
    ...facts.changed.filter(isSayable).flatMap((flag) => ['changed', flag]),
    ...facts.endpoints.flatMap((endpoint) => ['endpoint', endpoint.name, endpoint.role, endpoint.interface]),
    ...facts.invoked.flatMap((id) => ['invoked', id]),
    ...facts.watched.flatMap(({ id, file, hash }) => ['watched', id, file, hash]),
    ...Object.entries(facts.remembered).flatMap(([file, hash]) => ['remembered', file, hash]),
  ]);
  writeRecords(path.join(folder, 'report'), []);
}

/** Reads what an executable reported; whatever makes no sense is left out. */
export function readReport(folder: string): ExternalReport {
  const found: Record<keyof typeof REPORT_FIELDS, string[][]> = {
    flag: [],
    library: [],
    done: [],
    watched: [],
    fault: [],
  };
  const records = readRecords(path.join(folder, 'report'));
  for (let at = 0; at < records.length; ) {
    const kind = records[at] ?? '';
    if (!isReportKind(kind)) break;
    const length = REPORT_FIELDS[kind];
    found[kind].push(records.slice(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return {
    flags: found.library.length > 0 ? found.flag.flat() : undefined,
    done: found.done.flat(),
    watched: found.watched.map(([id = '', file = '', hash = '']) => ({ id, file, hash })),
    faults: found.fault.flat(),
  };
}

/** How many fields follow each kind of record. */
const REPORT_FIELDS = { flag: 1, library: 0, done: 1, watched: 3, fault: 1 } as const;

function isReportKind(text: string): text is keyof typeof REPORT_FIELDS {
  return Object.hasOwn(REPORT_FIELDS, text);
}

/** A NUL ends each text, so a flag that has one is not told of: no argument could name it either. */
function isSayable(flag: string): boolean {
  return !flag.includes('\0');
}

function writeRecords(file: string, texts: readonly string[]): void {
  writeFileSync(file, texts.map((text) => `${text}\0`).join(''), { mode: 0o600 });
}

/** None where the executable took the file away. */
function readRecords(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
