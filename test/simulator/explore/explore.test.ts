import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_DECISIONS } from '../../../src/simulator/explore/decisions.ts';
import { ScenarioError } from '../../../src/simulator/explore/explore.ts';
import type { TraceLine } from '../../../src/simulator/explore/run-journal.ts';
import { Workshop } from '../bash-charm.ts';
import { ALL_COUNT, COUNTS, exploreSteps, FIRST_COMES, SERVER, TWO_RELATIONS } from './explored.ts';

let workshop: Workshop;

beforeEach(() => {
  workshop = new Workshop();
});

afterEach(() => workshop.clean());

const OTHER_FIRST = [{ path: 'statuses web/0:message', reference: 'first a', run: 'first b' }];

/** Each exploration has its charms in other folders. */
const withoutFolders = ({ text, marks }: TraceLine) => ({ text: text.replace(/ \/\S+/, ''), marks });

describe('exploring', () => {
  it('finds that a charm depends on which relation comes first, by the one choice, in a hurry, that repeats it', async () => {
    const charms = { web: FIRST_COMES, server: SERVER };
    const report = await exploreSteps(workshop, { charms, text: TWO_RELATIONS, runs: 4 });
    expect(report.unrepeatable).toEqual([]);
    expect(report.findings.map(({ symptom }) => symptom.differences)).toEqual([OTHER_FIRST]);
    const [finding] = report.findings;
    expect(finding?.seeds.length).toBeLessThan(4);
    const least = { at: 0, take: 'web/0 b-relation-joined b:1 two/0' };
    expect(finding?.shrunk.decisions).toEqual({
      choices: [{ ...least, at: expect.any(Number) }],
      hurries: [{ step: 5, hooks: 0 }],
      faults: [],
    });
    expect(
      finding?.shrunk.run?.trace.filter(({ marks }) => marks.length > 0).map(({ text }) => text),
    ).toEqual(['integrate web:b two', least.take]);

    const again = await exploreSteps(workshop, {
      charms,
      text: TWO_RELATIONS,
      shrink: 0,
      replay: finding?.shrunk.decisions ?? NO_DECISIONS,
    });
    expect(again.findings[0]?.symptom.differences).toEqual(OTHER_FIRST);
    expect(again.findings[0]?.run.trace.map(withoutFolders)).toEqual(
      finding?.shrunk.run?.trace.map(withoutFolders),
    );
    expect(again.findings[0]?.run.decisions).toEqual(finding?.shrunk.decisions);
  });

  it('finds that a charm counts a hook twice which runs again after a crash, by that fault alone', async () => {
    const report = await exploreSteps(workshop, {
      charms: { web: COUNTS },
      text: 'steps: [{deploy: $web}]',
      seed: 14,
      runs: 2,
      faults: 3,
      faultKinds: ['run-again'],
    });
    const [finding, ...others] = report.findings;
    expect(others).toEqual([]);
    expect(finding?.shrunk.decisions).toEqual({
      choices: [],
      hurries: [],
      faults: [{ kind: 'run-again', unit: 'web/0', hook: 'config-changed', time: 1 }],
    });
    expect(finding?.shrunkSymptom.differences).toEqual([
      { path: 'statuses web/0:message', reference: 'configured 1', run: 'configured 2' },
    ]);
    expect(report.faults).toBeGreaterThan(0);
  });

  it('finds nothing in a charm that goes by what is there, whatever the order and the faults', async () => {
    const report = await exploreSteps(workshop, {
      charms: { web: ALL_COUNT, server: SERVER },
      text: TWO_RELATIONS,
      faults: 3,
      faultKinds: ['fail', 'kill', 'restart-agent', 'run-again'],
    });
    expect(report.findings).toEqual([]);
    expect(report.runs).toBe(4);
    expect(report.faults).toBeGreaterThan(0);
  });

  it('says first what differs from run to run by itself, and leaves that out of everything else', async () => {
    const report = await exploreSteps(workshop, {
      charms: { web: { name: 'web', hooks: { start: 'status-set active "$$"' } } },
      text: 'steps: [{deploy: $web}]',
      runs: 2,
    });
    expect(report.unrepeatable.map(({ path }) => path)).toEqual(['statuses web/0:message']);
    expect(report.findings).toEqual([]);
  });

  it('finds units that are left in error, and says what their hooks said', async () => {
    const once = 'if [ -e begun ]; then echo "was here already"; exit 3; fi; touch begun; status-set active';
    const report = await exploreSteps(workshop, {
      charms: { web: { name: 'web', hooks: { start: once } } },
      text: 'steps: [{deploy: $web}]',
      runs: 1,
      shrink: 0,
      replay: {
        choices: [],
        hurries: [],
        faults: [{ kind: 'kill', unit: 'web/0', hook: 'start', time: 1, toolCall: 1 }],
      },
    });
    expect(report.findings[0]?.symptom).toMatchObject({ kind: 'error', about: ['web/0 start'] });
    expect(report.findings[0]?.symptom.message).toMatch(/web\/0 start: exit status 3\n\s+was here already/);
  });

  it('is refused where the reference run itself fails', async () => {
    const explored = exploreSteps(workshop, {
      charms: { web: { name: 'web' } },
      text: 'steps: [{deploy: $web}, {integrate: [web, db]}]',
    });
    await expect(explored).rejects.toThrow(ScenarioError);
    await expect(explored).rejects.toThrow(
      /cannot do steps\[1\].integrate, "integrate web db": .*"db" not found/,
    );
  });

  it('ends at once when it is told to, with what it has found by then', async () => {
    const end = new AbortController();
    const report = await exploreSteps(workshop, {
      charms: { web: FIRST_COMES, server: SERVER },
      text: TWO_RELATIONS,
      runs: 1000,
      signal: end.signal,
      onProgress: ({ symptoms }) => symptoms > 0 && end.abort(),
    });
    expect(report.isCutShort).toBe(true);
    expect(report.runs).toBeLessThan(1000);
    expect(report.findings[0]?.symptom.differences).toEqual(OTHER_FIRST);
    expect(report.findings[0]?.shrunk.runs).toBeLessThan(report.runs + 30);
  });
});
