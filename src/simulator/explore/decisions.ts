import { type Field, readDocument } from '../../metadata/field.ts';
import type { CountedFault } from '../faults/counted-faults.ts';
import { FAULT_KINDS, FAULTS_AT_TOOLS, isFaultKind } from '../faults/fault-kinds.ts';

/**
 * What makes a run of a scenario differ from the reference run: with the same decisions it comes out the same. Plain data,
 * so that it can be written down, repeated and made smaller.
 */
export interface Decisions {
  /** Where another hook than the first of those due was taken. */
  readonly choices: readonly Choice[];
  /** Where a step did not wait until everything was settled. */
  readonly hurries: readonly Hurry[];
  /** What went wrong on purpose. */
  readonly faults: readonly CountedFault[];
}

/** Another hook than the first of those due, in the order of units and then of hooks. */
export interface Choice {
  /** How many hooks had started before. */
  readonly at: number;
  /** `web/0 db-relation-joined db:1 redis/0`: taken then or, where it is not due, as soon as it is. */
  readonly take: string;
}

/** A step that came after so many hooks. */
export interface Hurry {
  /** Which step, from 0. */
  readonly step: number;
  readonly hooks: number;
}

/** Those of the reference run. */
export const NO_DECISIONS: Decisions = { choices: [], hurries: [], faults: [] };

/** How many there are. */
export function countDecisions({ choices, hurries, faults }: Decisions): number {
  return choices.length + hurries.length + faults.length;
}

/** One line of JSON, for `parseDecisions`. */
export function formatDecisions(decisions: Decisions): string {
  return JSON.stringify(decisions);
}

/** Reads what `formatDecisions` wrote. Throws `MetadataError`, which names `source` and the key, for anything else. */
export function parseDecisions(text: string, source = '--replay'): Decisions {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`cannot read "${source}": ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return readDocument(value, source, (root) => {
    const members = root.members();
    const list = (key: string) => {
      const field = members.get(key);
      return field === undefined ? [] : field.items().map((item) => readMembers(item));
    };
    return {
      choices: list('choices').map((read) => ({ at: read.count('at'), take: read.text('take') })),
      hurries: list('hurries').map((read) => ({ step: read.count('step'), hooks: read.count('hooks') })),
      faults: list('faults').flatMap((read) => readFault(read) ?? []),
    };
  });
}

interface MemberReader {
  readonly item: Field;
  count(key: string, least?: number): number;
  text(key: string): string;
}

function readMembers(item: Field): MemberReader {
  const members = item.members();
  const need = (key: string): Field | undefined => {
    const field = members.get(key);
    if (field === undefined) item.fault(`must have "${key}"`);
    return field;
  };
  return {
    item,
    count: (key, least = 0) => {
      const field = need(key);
      const number = field?.integer() ?? least;
      if (number < least) field?.fault(`must be at least ${least}`);
      return number;
    },
    text: (key) => need(key)?.nonEmptyString() ?? '',
  };
}

function readFault({ item, count, text }: MemberReader): CountedFault | undefined {
  const kind = text('kind');
  if (!isFaultKind(kind)) {
    item.fault(`"${kind}" is no kind of fault: it is one of ${Object.keys(FAULT_KINDS).join(', ')}`);
    return undefined;
  }
  const where = { unit: text('unit'), hook: text('hook'), time: count('time', 1) };
  const atTool = FAULTS_AT_TOOLS.find((known) => known === kind);
  if (atTool !== undefined) return { kind: atTool, ...where, toolCall: count('toolCall', 1) };
  return kind === 'restart-agent' || kind === 'run-again' ? { kind, ...where } : undefined;
}
