import type { RelatedUnit } from '../../relations/related-unit.ts';

/** A request or response of a remote unit that cannot be used. */
export interface Malformed {
  readonly unit: RelatedUnit;
  /** The databag's key. */
  readonly key: string;
  /** Why it cannot be used; the value itself, which may be a secret, is not in it. */
  readonly fault: string;
}

/** How many are named in one warning, so that a hostile databag cannot fill the log. */
const NAMED = 3;
const LONGEST_KEY = 80;

/** A warning for each unit that published what cannot be used. */
export function describeMalformed(what: 'requests' | 'responses', malformed: readonly Malformed[]): string[] {
  const byUnit = new Map<RelatedUnit, Malformed[]>();
  for (const one of malformed) {
    const its = byUnit.get(one.unit);
    if (its) its.push(one);
    else byUnit.set(one.unit, [one]);
  }
  return [...byUnit].map(([{ unitName, relation }, its]) => {
    const named = its.slice(0, NAMED).map(({ key, fault }) => `${quote(key)}: ${fault}`);
    const more = its.length > NAMED ? `; and ${its.length - NAMED} more` : '';
    return `skipping malformed ${what} of unit ${unitName} in relation ${relation.relationId}: ${named.join('; ')}${more}`;
  });
}

function quote(key: string): string {
  return JSON.stringify(key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key);
}
