import { afterEach, beforeEach, expect, it } from 'vitest';
import { ReplayedDecider } from '../../../src/simulator/explore/decider.ts';
import { type Decisions, NO_DECISIONS } from '../../../src/simulator/explore/decisions.ts';
import { parseScenario } from '../../../src/simulator/explore/scenario.ts';
import { type RunPlan, runScenario } from '../../../src/simulator/explore/scenario-run.ts';
import { type BashCharm, Workshop } from '../bash-charm.ts';

let workshop: Workshop;

beforeEach(() => {
  workshop = new Workshop();
});

afterEach(() => workshop.clean());

/** Runs steps once, in which `$web` and `$db` stand for charms. */
function run(
  steps: string,
  decisions: Partial<Decisions> = {},
  plan: Partial<RunPlan> = {},
  hooks: BashCharm['hooks'] = {},
) {
  const web = workshop.charm({ name: 'web', metadata: 'requires: {db: {interface: db}}\n', hooks });
  const db = workshop.charm({ name: 'db', metadata: 'provides: {site: {interface: db}}\n' });
  const text = `steps:\n${steps}`.replaceAll('$web', web).replaceAll('$db', db);
  return runScenario({
    scenario: parseScenario(text, 'scenario.yaml'),
    decider: new ReplayedDecider({ ...NO_DECISIONS, ...decisions }),
    ...plan,
  });
}

const RELATED_AGAIN = `
  - deploy: $web
  - deploy: $db
  - integrate: [web, db]
  - settle
  - remove-relation: [web, db]
  - integrate: [web, db]
`;

it('a step that Juju refuses while hooks are due still is tried again after each of them', async () => {
  const { failure, trace, decisions } = await run(RELATED_AGAIN, { hurries: [{ step: 5, hooks: 0 }] });
  expect(failure).toBeUndefined();
  expect(decisions.hurries).toEqual([{ step: 5, hooks: 0 }]);
  const texts = trace.map(({ text }) => text);
  const again = texts.lastIndexOf('integrate web db');
  expect(texts.slice(texts.indexOf('remove-relation web db') + 1, again)).toEqual([
    'db/0 site-relation-departed site:0 web/0',
    'db/0 site-relation-broken site:0',
    'web/0 db-relation-departed db:0 db/0',
    'web/0 db-relation-broken db:0',
  ]);
});

it('a step that Juju refuses at rest is a failure, which names it', async () => {
  const { failure, state } = await run('  - deploy: $web\n  - remove-unit: web/7\n');
  expect(failure).toEqual({
    kind: 'refused',
    about: ['steps[1].remove-unit'],
    message: 'cannot do steps[1].remove-unit, "remove-unit web/7": unit "web/7" not found',
  });
  expect(state).toBeUndefined();
});

it('in the end the leaders that are given lead, and every unit runs update-status', async () => {
  const steps = '  - deploy: { charm: $web, units: 2 }\n  - elect: web/1\n';
  const { trace, leaders, measure, hooks } = await run(
    steps,
    {},
    { leaders: { web: 'web/0', gone: 'gone/0' } },
  );
  expect(leaders).toEqual({ web: 'web/0' });
  expect(trace.map(({ text }) => text).slice(-3)).toEqual([
    'web/0 leader-elected',
    'web/0 update-status',
    'web/1 update-status',
  ]);
  expect(hooks).toBeGreaterThanOrEqual(measure.hooks + 3);
});

it('decisions without an effect are not among those of the run', async () => {
  const { decisions } = await run(
    '  - deploy: $web\n',
    {
      choices: [{ at: 0, take: 'web/9 start' }],
      hurries: [{ step: 0, hooks: 3 }],
      faults: [{ kind: 'kill', unit: 'web/0', hook: 'start', time: 1, toolCall: 5 }],
    },
    {},
    { start: 'status-set active' },
  );
  expect(decisions).toEqual(NO_DECISIONS);
});

it('a hook that goes round for ever is a failure, which names the unit', async () => {
  const hooks = {
    'db-relation-changed': 'relation-set n=$(( $(relation-get n $JUJU_UNIT_NAME) + 1 ))',
  };
  const web = workshop.charm({ name: 'web', metadata: 'requires: {db: {interface: db}}\n', hooks });
  const answer = { 'site-relation-changed': 'relation-set n=$(( $(relation-get n $JUJU_UNIT_NAME) + 1 ))' };
  const db = workshop.charm({ name: 'db', metadata: 'provides: {site: {interface: db}}\n', hooks: answer });
  const { failure } = await runScenario({
    scenario: parseScenario(
      `steps: [{deploy: ${web}}, {deploy: ${db}}, {integrate: [web, db]}]`,
      'scenario.yaml',
    ),
    decider: new ReplayedDecider(NO_DECISIONS),
    hookLimit: 12,
  });
  expect(failure).toMatchObject({ kind: 'unrest', about: [expect.stringMatching(/^(web|db)\/0$/)] });
});

it('a run that is ended leaves nothing, and throws', async () => {
  const end = new AbortController();
  const hooks = { start: 'sleep 60' };
  const running = run('  - deploy: $web\n', {}, { signal: end.signal }, hooks);
  setTimeout(() => end.abort(), 500);
  await expect(running).rejects.toThrow(/abort/i);
});
