import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimShop } from './sim-shop.ts';

let shop: SimShop;

beforeEach(() => {
  shop = new SimShop();
});

afterEach(() => shop.close());

const COUNTS = {
  name: 'web',
  hooks: { 'config-changed': 'echo x >> runs; status-set active "$(wc -l < runs)"' },
};

function writeScenario(text: string): string {
  const file = join(shop.here, 'scenario.yaml');
  writeFileSync(file, text);
  return file;
}

describe('sim explore', () => {
  it('ends with 1 for a finding, and says how to repeat it and what differs', () => {
    const file = writeScenario(`runs: 2\nsteps:\n  - deploy: ${shop.charm(COUNTS)}\n`);
    const words = ['explore', file, '--seed', '14', '--faults', '3', '--fault-kinds', 'run-again'];
    const { status, stdout, stderr } = shop.sim(...words);
    expect([status, stderr]).toEqual([1, expect.stringContaining('2 of 2 runs')]);
    expect(stdout).toContain('statuses web/0:message\n     reference  "1"\n     this run   "2"\n');
    const command = `reactive sim explore ${file} --faults 3 --fault-kinds run-again`;
    expect(stdout).toMatch(new RegExp(`again: +${command} --seed 14 --runs 1\n`));
    const replay = /--replay '(.*)'/.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain(`shortest:  ${command} --replay '${replay}'`);

    const again = shop.sim('explore', file, '--replay', replay, '--format', 'json');
    expect(again.status).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({
      scenario: file,
      runs: 1,
      faults: 1,
      unrepeatable: [],
      findings: [
        {
          kind: 'difference',
          differences: [{ path: 'statuses web/0:message', reference: '1', run: '2' }],
          seeds: [],
          shortest: JSON.parse(replay),
        },
      ],
    });
  });

  it('ends with 0 where every run settles in the same state', () => {
    const file = writeScenario(`runs: 2\nsteps:\n  - deploy: ${shop.charm({ name: 'web' })}\n`);
    const { status, stdout } = shop.sim('explore', file, '--faults', '0');
    expect(stdout).toMatch(/^\S+: 2 runs, \d+ hooks, 0 faults: every run settled in the same state\n$/);
    expect(status).toBe(0);
  });

  it('ends with 2 for a bad scenario, with the file and the key', () => {
    const bad = shop.sim('explore', writeScenario('steps:\n  - deplay: x\n'));
    expect([bad.status, bad.stderr]).toEqual([2, expect.stringContaining('steps[0].deplay: is no step')]);
    expect(shop.sim('explore', 'missing.yaml').status).toBe(2);
    expect(shop.sim('explore', writeScenario('steps: [{deploy: ./missing}]')).status).toBe(2);
    expect(shop.sim('explore', 'x', '--fault-kinds', 'fire').status).toBe(2);
    expect(shop.sim('explore', 'x', '--replay', '{"faults": [{}]}').stderr).toContain(
      'faults[0]: must have "kind"',
    );
  });
});
