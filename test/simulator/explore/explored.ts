import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExploreOptions, type ExploreReport, explore } from '../../../src/simulator/explore/explore.ts';
import { parseScenario } from '../../../src/simulator/explore/scenario.ts';
import type { BashCharm, Workshop } from '../bash-charm.ts';

/** The server side of the planted charms: it has no hooks of its own. */
export const SERVER: BashCharm = { name: 'server', metadata: 'provides: {site: {interface: site}}\n' };

/** Remembers which of two relations came first, which it should not. */
export const FIRST_COMES: BashCharm = {
  name: 'web',
  metadata: 'requires: {a: {interface: site}, b: {interface: site}}\n',
  hooks: Object.fromEntries(
    ['a', 'b'].map((name) => [
      `${name}-relation-joined`,
      `[ -e first ] || echo ${name} > first; status-set active "first $(cat first)"`,
    ]),
  ),
};

/** Goes by what is there, whichever came first. */
export const ALL_COUNT: BashCharm = {
  ...FIRST_COMES,
  hooks: Object.fromEntries(
    ['a', 'b'].map((name) => [
      `${name}-relation-joined`,
      'status-set active "$(relation-ids a | wc -l) and $(relation-ids b | wc -l)"; relation-set here=yes',
    ]),
  ),
};

/** Counts how often a hook runs, which a hook that runs again after a crash makes wrong. */
export const COUNTS: BashCharm = {
  name: 'web',
  hooks: { 'config-changed': 'echo x >> runs; status-set active "configured $(wc -l < runs)"' },
};

/** Explores steps in YAML, with the charms that they name. */
export async function exploreSteps(
  workshop: Workshop,
  asked: Partial<Omit<ExploreOptions, 'scenario'>> & {
    readonly charms: Readonly<Record<string, BashCharm>>;
    /** A scenario, in which `$name` stands for a charm's folder. */
    readonly text: string;
  },
): Promise<ExploreReport> {
  const { charms, text, ...options } = asked;
  const folders = Object.entries(charms).map(([name, charm]) => [name, workshop.charm(charm)] as const);
  const file = join(workshop.folder('scenario'), 'scenario.yaml');
  const whole = folders.reduce((written, [name, folder]) => written.replaceAll(`$${name}`, folder), text);
  writeFileSync(file, whole);
  return explore({
    scenario: parseScenario(whole, file),
    seed: 1,
    runs: 4,
    faults: 0,
    faultKinds: [],
    shrink: 30,
    ...options,
  });
}

/** Two relations of one application, one after the other. */
export const TWO_RELATIONS = `
steps:
  - deploy: $web
  - deploy: { charm: $server, application: one }
  - deploy: { charm: $server, application: two }
  - settle
  - integrate: ["web:a", one]
  - integrate: ["web:b", two]
`;
