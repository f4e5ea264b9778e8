import { beforeEach, describe, expect, it } from 'vitest';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import { kubernetesTools } from '../../../src/simulator/hook-tools/kubernetes-tools.ts';
import { addUnit } from '../../../src/simulator/operator/lifecycle.ts';
import { DryModel } from '../dry-model.ts';
import { runningAction, runningCommand } from '../running-action.ts';
import { answer, refusal } from '../tool-caller.ts';

let model: DryModel;

beforeEach(() => {
  model = new DryModel();
  model.deploy('wp', {});
  model.settle();
});

function hook(unit = 'wp/0'): HookContext {
  return model.context(unit, { kind: 'update-status', name: 'update-status' });
}

describe('juju-reboot', () => {
  it('asks for a reboot after the hook, or at once', () => {
    const [later, now] = [hook(), hook()];
    answer(later, 'juju-reboot');
    answer(now, 'juju-reboot', '--now');
    expect([later.reboot, now.reboot, hook().reboot]).toEqual(['after', 'now', undefined]);
    const command = runningCommand(model, 'wp/0');
    answer(command, 'juju-reboot');
    expect(command.reboot).toBe('after');
  });

  it('is refused in actions and with arguments', () => {
    const action = runningAction(model, 'wp/0');
    for (const args of [[], ['--now']]) {
      expect(refusal(action, 'juju-reboot', ...args)).toBe(
        '1 ERROR juju-reboot is not supported when running an action.',
      );
    }
    expect(action.reboot).toBeUndefined();
    expect(refusal(hook(), 'juju-reboot', 'now')).toBe('2 ERROR unrecognized args: ["now"]');
  });
});

describe('credential-get', () => {
  it('is refused to a charm that is not trusted', () => {
    expect(refusal(hook(), 'credential-get')).toBe(
      '1 ERROR cannot access cloud credentials: permission denied',
    );
  });

  it('gives a made-up cloud to one that is, by the names of each format', () => {
    const wp = model.state.applications.wp;
    if (wp !== undefined) wp.trust = true;
    const cloud = JSON.parse(answer(hook(), 'credential-get', '--format=json'));
    expect(cloud).toMatchObject({ type: 'lxd', name: 'localhost', 'is-controller-cloud': true });
    expect(cloud.credential).toMatchObject({
      'auth-type': 'certificate',
      attrs: { 'client-key': 'simulated key' },
    });
    const yaml = answer(hook(), 'credential-get');
    expect(yaml).toContain('credential:\n  authtype: certificate\n  attributes:\n    client-cert: ');
    expect(yaml).toContain('skiptlsverify: false\niscontrollercloud: true\n');
  });
});

describe('tools for Kubernetes', () => {
  it.each(kubernetesTools.map(({ name }) => name))('%s says that there is none', (name) => {
    const text = `1 ERROR cannot run ${name}: Kubernetes is not simulated; this is a model of machines`;
    expect(refusal(hook(), name)).toBe(text);
    if (name.endsWith('-set')) expect(refusal(hook(), name, '--file', '-')).toBe(text);
  });
});

describe('open-port', () => {
  it('is refused a port that another unit on the machine has open', () => {
    model.deploy('other', { units: 0 });
    const other = model.state.applications.other;
    const machine = model.state.machines[model.unit('wp/0').machine];
    if (other === undefined || machine === undefined) throw new Error('no other, or no machine');
    addUnit(model.state, other, { folder: '/nowhere', machine });
    addUnit(model.state, other, { folder: '/nowhere' });
    const context = hook();
    answer(context, 'open-port', '80-90');
    context.changes.commit();
    expect(refusal(hook('other/0'), 'open-port', '85')).toBe(
      '1 ERROR cannot open 85/tcp (unit "other/0"): port range conflicts with 80-90/tcp (unit "wp/0")',
    );
    expect(refusal(hook('other/0'), 'open-port', '80-90')).toContain(
      'conflicts with 80-90/tcp (unit "wp/0")',
    );
    answer(hook('other/0'), 'open-port', '85/udp');
    answer(hook('other/1'), 'open-port', '80-90');
  });
});
