import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import { MODEL_TOOLS } from '../../../src/simulator/hook-tools/model-tools.ts';
import { addUnit } from '../../../src/simulator/operator/lifecycle.ts';
import { DryModel } from '../dry-model.ts';
import { answer, callTool, refusal } from '../tool-caller.ts';

const TWICE = 'not implemented for restricted context not implemented';
const AT_ONCE = /^(relation-.*|network-get|secret-grant|secret-revoke|storage-get)$/;
const SERVED = ['juju-log', 'add-metric', 'opened-ports', 'status-get'];

let model: DryModel;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metrics-'));
  model = new DryModel();
  model.deploy('wp', { units: 0 });
  const wp = model.state.applications.wp;
  if (wp === undefined) throw new Error('no wp');
  const unit = addUnit(model.state, wp, { folder });
  unit.ports = [{ protocol: 'tcp', from: 80, to: 80, endpoint: '' }];
  mkdirSync(join(unit.folder, 'charm'), { recursive: true });
  writeFileSync(
    join(unit.folder, 'charm', 'metrics.yaml'),
    'metrics:\n  juju-units: {}\n  users: {type: gauge, description: d}\n  load: {type: gauge, description: d}\n',
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

function hook(kind: 'collect-metrics' | 'meter-status-changed' | 'update-status'): HookContext {
  return model.context('wp/0', { kind, name: kind });
}

describe('in a restricted context', () => {
  it.each([...MODEL_TOOLS.keys()].filter((name) => AT_ONCE.test(name)))(
    '%s is refused before it looks at its arguments',
    (name) => {
      for (const args of [[], ['--help'], ['--nonsense']]) {
        expect(refusal(hook('collect-metrics'), name, ...args)).toBe(`1 ERROR bad request: ${TWICE}`);
      }
    },
  );

  it.each([...MODEL_TOOLS.keys()].filter((name) => !AT_ONCE.test(name) && !SERVED.includes(name)))(
    '%s has help and knows its flags, and is refused',
    (name) => {
      const context = hook('meter-status-changed');
      expect(callTool(context, [name, '--help']).exitCode).toBe(0);
      expect(refusal(context, name, '--nonsense')).toBe(
        '2 ERROR option provided but not defined: --nonsense',
      );
      expect(refusal(context, name)).toMatch(new RegExp(`^1 ERROR ([a-z ]+: )?${TWICE}$`));
    },
  );

  it('says first what could not be done', () => {
    const context = hook('collect-metrics');
    expect(refusal(context, 'is-leader')).toBe(`1 ERROR leadership status unknown: ${TWICE}`);
    expect(refusal(context, 'leader-set', 'a=1')).toBe(`1 ERROR cannot write leadership settings: ${TWICE}`);
    expect(refusal(context, 'status-get', '--application')).toBe(
      `1 ERROR finding application status: ${TWICE}`,
    );
  });

  it('the log can be written, the status is unknown and no port is open', () => {
    const context = hook('collect-metrics');
    expect(answer(context, 'juju-log', 'x')).toBe('');
    expect(answer(context, 'status-get')).toBe('unknown\n');
    expect(answer(context, 'status-get', '--format=json', '--include-data')).toBe('"unknown"\n');
    expect(answer(context, 'opened-ports', '--format=json')).toBe('[]\n');
    expect(answer(hook('update-status'), 'opened-ports', '--format=json')).toBe('["80/tcp"]\n');
  });
});

describe('add-metric', () => {
  it('keeps what is measured, with labels, in collect-metrics', () => {
    answer(hook('collect-metrics'), 'add-metric', 'users=3', ' load = 0.5 ');
    answer(hook('collect-metrics'), 'add-metric', '-l', 'zone=a b,kind=x', 'users=4');
    expect(model.unit('wp/0').metrics).toEqual([
      { time: expect.stringMatching(/^\d{4}-/), values: { users: '3', load: '0.5' }, labels: {} },
      { time: expect.any(String), values: { users: '4' }, labels: { zone: 'a b', kind: 'x' } },
    ]);
  });

  it('is refused in any other hook', () => {
    expect(refusal(hook('update-status'), 'add-metric', 'users=3')).toBe(
      '1 ERROR cannot record metric: metrics not allowed in this context',
    );
    expect(refusal(hook('meter-status-changed'), 'add-metric', 'users=3')).toBe(
      `1 ERROR cannot record metric: ${TWICE}`,
    );
  });

  it.each([
    [[], '2 ERROR no metrics specified'],
    [['users'], '2 ERROR invalid metrics: expected "key=value", got "users"'],
    [['-l', 'x', 'users=1'], '2 ERROR invalid labels: expected "key=value", got "x"'],
    [['users=1', 'other=1'], '1 ERROR cannot record metric: metric key "other" not declared by the charm'],
    [['juju-units=1'], '1 ERROR juju-units uses a reserved prefix'],
    [['users=many'], '1 ERROR cannot record metric: invalid value type: expected float, got "many"'],
    [['users='], '1 ERROR cannot record metric: invalid value type: expected float, got ""'],
    [
      ['users=-1'],
      '1 ERROR cannot record metric: invalid value: value must be greater or equal to zero, got -1',
    ],
    [[`users=${'1'.repeat(31)}`], '1 ERROR cannot record metric: metric value is too large'],
  ])('keeps nothing when it is given %j', (args, text) => {
    expect(refusal(hook('collect-metrics'), 'add-metric', ...args)).toBe(text);
    expect(model.unit('wp/0').metrics).toEqual([]);
  });
});
