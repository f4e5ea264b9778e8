import { readFileSync } from 'node:fs';
import type { RedisAddress } from 'charms-reactive/interfaces/redis/redis-address';
import type { Place } from './replication.ts';

/** What the server is to be like. */
export interface RedisSettings {
  /** The addresses it listens on; it is asked at the first. */
  readonly hosts: readonly string[];
  readonly port: number;
  /** Where its peers reach it. */
  readonly announced: string;
  readonly password: string;
  /** In redis's own way, `64mb`; empty for no limit. */
  readonly maxmemory: string;
  readonly maxmemoryPolicy: string;
  /** Whom it copies; undefined on the primary. */
  readonly primary: Place | undefined;
  /** Further lines. */
  readonly further: readonly string[];
}

/** What redis does where its memory is full. */
export const MEMORY_POLICIES: readonly string[] = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
];

/** Whether a text says how much memory, in redis's own way. */
export function isMemorySize(text: string): boolean {
  return /^(\d{1,18}|\d{1,9}[kmg]b?)$/i.test(text);
}

/** The settings that can be changed while the server runs, by their names in redis.conf; those of further lines cannot. */
export function liveSettings(settings: RedisSettings): Readonly<Record<string, string>> {
  const { maxmemory, maxmemoryPolicy, password, announced, port, further } = settings;
  const all = {
    maxmemory: maxmemory || '0',
    'maxmemory-policy': maxmemoryPolicy,
    masterauth: password,
    requirepass: password,
    'replica-announce-ip': announced,
    'replica-announce-port': String(port),
    // It waits for more replicas to serve them all at once, and there are few.
    'repl-diskless-sync-delay': '0',
  };
  const taken = further.map(nameOf);
  return Object.fromEntries(Object.entries(all).filter(([name]) => !taken.includes(name)));
}

/** The text of redis.conf. */
export function writeSettings(
  settings: RedisSettings,
  { folder, keepsTitle }: { readonly folder: string; readonly keepsTitle: boolean },
): string {
  const { hosts, port, primary, further } = settings;
  return [
    `bind ${hosts.join(' ')}`,
    `port ${port}`,
    // Redis unquotes as C does, which for a path is as JSON does.
    `dir ${JSON.stringify(folder)}`,
    'appendonly yes',
    'save ""',
    ...(keepsTitle ? ['set-proc-title no'] : []),
    ...Object.entries(liveSettings(settings)).map(([name, value]) => `${name} ${value}`),
    ...(primary ? [`replicaof ${primary.host} ${primary.port}`] : []),
    ...further,
    '',
  ].join('\n');
}

/** What of the text of a redis.conf takes a restart to change. */
export function fixedLines(text: string, live: Readonly<Record<string, string>>): string {
  const isFixed = (line: string) => ![...Object.keys(live), 'replicaof'].includes(nameOf(line));
  return text.split('\n').filter(isFixed).join('\n');
}

/** Where the server that was started with this redis.conf answers, and to which password; undefined where there is none. */
export function readOwnAddress(file: string): RedisAddress | undefined {
  const text = readIfThere(file);
  const [, host] = /^bind (\S+)/m.exec(text) ?? [];
  const [, port] = /^port (\d+)$/m.exec(text) ?? [];
  const [, password] = /^requirepass (.*)$/m.exec(text) ?? [];
  return host === undefined || port === undefined ? undefined : { host, port: Number(port), password };
}

function nameOf(line: string): string {
  return line.trimStart().split(/\s/)[0]?.toLowerCase() ?? '';
}

/** A file's text; empty where there is none. */
export function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
