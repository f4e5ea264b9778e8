import { beforeEach, expect, it } from 'vitest';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import { DryModel } from '../dry-model.ts';
import { answer, refusal } from '../tool-caller.ts';

let model: DryModel;
let context: HookContext;

beforeEach(() => {
  model = new DryModel();
  model.deploy('wp', { metadata: 'payloads:\n  monitor: {type: docker}\n  machine: {type: kvm}\n' });
  model.settle();
  context = model.context('wp/0', { kind: 'update-status', name: 'update-status' });
});

it('register, change and unregister payloads at once', () => {
  const { payloads } = model.unit('wp/0');
  answer(context, 'payload-register', 'docker', 'monitor', 'a1', 'x', 'y');
  answer(context, 'payload-register', '--', 'kvm', 'machine', '-id');
  expect(payloads).toEqual({
    'monitor/a1': { type: 'docker', status: 'running', tags: ['x', 'y'] },
    'machine/-id': { type: 'kvm', status: 'running', tags: [] },
  });
  answer(context, 'payload-status-set', 'monitor', 'a1', 'stopping');
  expect(payloads['monitor/a1']?.status).toBe('stopping');
  answer(context, 'payload-unregister', 'monitor', 'a1');
  answer(context, 'payload-unregister', 'monitor', 'never');
  expect(Object.keys(payloads)).toEqual(['machine/-id']);
});

it('hold classes and types to the metadata', () => {
  expect(refusal(context, 'payload-register', 'docker', 'other', 'a')).toBe(
    '1 ERROR payload "other" not found in metadata.yaml',
  );
  expect(refusal(context, 'payload-register', 'kvm', 'monitor', 'a')).toBe(
    '1 ERROR incorrect type "kvm" for payload "monitor", expected "docker"',
  );
  expect(model.unit('wp/0').payloads).toEqual({});
});

it('know four statuses, and no payload that was not registered', () => {
  expect(refusal(context, 'payload-status-set', 'monitor', 'a', 'started')).toBe(
    '1 ERROR status "started" not supported; expected one of ["running", "starting", "stopped", "stopping"]',
  );
  expect(refusal(context, 'payload-status-set', 'monitor', 'a', 'stopped')).toBe(
    '1 ERROR payload "monitor/a" not found',
  );
});

it('need all their arguments', () => {
  for (const command of [
    ['payload-register', 'docker', 'monitor'],
    ['payload-unregister', 'monitor'],
    ['payload-status-set', 'monitor', 'a'],
  ]) {
    expect(refusal(context, ...command)).toBe('2 ERROR missing required arguments');
  }
  expect(refusal(context, 'payload-unregister', 'a', 'b', 'c')).toBe('2 ERROR unrecognized args: ["c"]');
  expect(refusal(context, 'payload-status-set', 'a', 'b', 'running', 'c')).toBe(
    '2 ERROR unrecognized args: ["c"]',
  );
});
