import { beforeEach, describe, expect, it } from 'vitest';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import { DryModel } from '../dry-model.ts';
import { runningAction, runningCommand } from '../running-action.ts';
import { answer, refusal } from '../tool-caller.ts';

const PARAMETERS = {
  out: 'x',
  big: 1_000_000,
  dry: false,
  none: null,
  deep: { list: [1], level: { at: 'é' } },
};

let model: DryModel;

beforeEach(() => {
  model = new DryModel();
  model.deploy('wp', {});
  model.settle();
});

function action(): HookContext {
  return runningAction(model, 'wp/0', { parameters: PARAMETERS });
}

describe('action-get', () => {
  it('answers everything, with types', () => {
    expect(answer(action(), 'action-get', '--format=json')).toBe(
      '{"big":1000000,"deep":{"level":{"at":"é"},"list":[1]},"dry":false,"none":null,"out":"x"}\n',
    );
    expect(answer(runningAction(model, 'wp/0'), 'action-get', '--format=json')).toBe('{}\n');
  });

  it('follows dots into maps, and answers nothing where there is none', () => {
    expect(answer(action(), 'action-get', 'deep.level.at')).toBe('é\n');
    expect(answer(action(), 'action-get', 'dry')).toBe('False\n');
    expect(answer(action(), 'action-get', 'big')).toBe('1e+06\n');
    for (const path of ['no', 'deep.no', 'out.no', 'deep.list.0', 'constructor', '']) {
      expect(answer(action(), 'action-get', path)).toBe('');
      expect(answer(action(), 'action-get', '--format=json', path)).toBe('null\n');
    }
  });

  it('takes one key', () => {
    expect(refusal(action(), 'action-get', 'a', 'b')).toBe('2 ERROR unrecognized args: ["b"]');
  });
});

describe('action-set', () => {
  it('nests what has dots in its key, untrimmed, and lets what comes later replace what was', () => {
    const context = action();
    answer(context, 'action-set', 'a=1', 'b.c= 2 ', 'b.d-e.f=x=y', 'empty=');
    expect(context.task?.results).toEqual({ a: '1', b: { c: ' 2 ', 'd-e': { f: 'x=y' } }, empty: '' });
    answer(context, 'action-set', 'a.b=3', 'b=4', 'constructor.name=5');
    expect(context.task?.results).toMatchObject({ a: { b: '3' }, b: '4', constructor: { name: '5' } });
  });

  it.each([
    ['x', 'argument "x" must be of the form key...=value'],
    [
      'A=1',
      'key "A" must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens',
    ],
    [
      'a..b=1',
      'key "" must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens',
    ],
    ['stdout=1', 'cannot set reserved action key "stdout"'],
    ['a.stderr-encoding=1', 'cannot set reserved action key "stderr-encoding"'],
  ])('stores nothing when it is given %s', (argument, text) => {
    const context = action();
    expect(refusal(context, 'action-set', 'good=1', argument)).toBe(`2 ERROR ${text}`);
    expect(context.task?.results).toEqual({});
  });
});

describe('action-fail', () => {
  it('keeps its last message, or the one that Juju has', () => {
    const context = action();
    answer(context, 'action-fail');
    expect(context.actionFailure).toBe('action failed without reason given, check action for errors');
    answer(context, 'action-fail', '--', '-because');
    expect(context.actionFailure).toBe('-because');
    expect(refusal(context, 'action-fail', 'a', 'b')).toBe('2 ERROR unrecognized args: ["b"]');
  });
});

describe('action-log', () => {
  it('keeps messages in order, each with its time', () => {
    const context = action();
    answer(context, 'action-log', 'one', 'two');
    answer(context, 'action-log', '--', '-3');
    expect(context.task?.log.map(({ message }) => message)).toEqual(['one two', '-3']);
    expect(context.task?.log[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(refusal(context, 'action-log')).toBe('2 ERROR no message specified');
  });
});

describe('outside an action', () => {
  it.each([['action-get'], ['action-set', 'a=1'], ['action-fail'], ['action-log', 'x']])(
    '%s is refused, in hooks and in commands',
    (...command) => {
      const hook = model.context('wp/0', { kind: 'update-status', name: 'update-status' });
      expect(refusal(hook, ...command)).toBe('1 ERROR not running an action');
      expect(refusal(runningCommand(model, 'wp/0'), ...command)).toBe('1 ERROR not running an action');
      expect(hook.actionFailure).toBeUndefined();
    },
  );

  it('action-set with nothing to set succeeds', () => {
    expect(answer(runningCommand(model, 'wp/0'), 'action-set')).toBe('');
  });
});
