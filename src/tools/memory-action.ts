import { keyValueArguments } from './key-values.ts';
import { refuse } from './memory-refusal.ts';

/** What an action answered: texts, nested as the dots in their keys say. */
export interface ActionResults {
  [key: string]: string | ActionResults;
}

/** An action that runs: what it was called with, and what it answered so far. */
export interface MemoryAction {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly results: ActionResults;
  readonly log: string[];
  failure?: string;
}

const PART = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const RESERVED = ['stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'];

/** Splits the keys of results at their dots. Throws as action-set does, before anything is kept. */
export function splitResults(results: Readonly<Record<string, string>>): (readonly [string[], string])[] {
  keyValueArguments('action-set', results);
  return Object.entries(results).map(([key, value]) => [key.split('.').map(checkPart), value] as const);
}

/** Keeps one result; what is there under a part of its key, be it a text or a map, gives way. */
export function keepResult(results: ActionResults, [parts, value]: readonly [string[], string]): void {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) {
    results[first] = value;
    return;
  }
  const there = Object.hasOwn(results, first) ? results[first] : undefined;
  const below: ActionResults = typeof there === 'object' ? there : {};
  results[first] = below;
  keepResult(below, [rest, value]);
}

function checkPart(part: string): string {
  if (!PART.test(part)) {
    const rule =
      'must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens';
    refuse(['action-set'], `key ${JSON.stringify(part)} ${rule}`, 2);
  }
  if (RESERVED.includes(part)) refuse(['action-set'], `cannot set reserved action key "${part}"`, 2);
  return part;
}
