import type { HookTool, ToolCall } from './hook-tool.ts';
import { relationFlag, requireRelation } from './relation-argument.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolUsageError } from './tool-errors.ts';

const UNIT = /^([a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*)\/(?:0|[1-9]\d*)$/;
const APPLICATION = /^[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*$/;

/** `relation-get`: a bag, or one value of it; which bag a bare call means depends on the hook. */
export const relationGet: HookTool = {
  name: 'relation-get',
  usage: '[options] <key> <unit id>',
  summary: 'Get relation settings.',
  details:
    'relation-get prints the value of a unit\'s relation setting, specified by key.\nIf no key is given, or if the key is "-", all keys and values will be printed.',
  format: 'smart',
  flags: (context) => [
    {
      key: 'app',
      names: ['--app'],
      kind: 'boolean',
      help: 'Get the relation data for the overall application, not just a unit',
      fallback: 'false',
    },
    relationFlag(context),
  ],
  run(call) {
    const relation = requireRelation(call);
    const [key = '-', member = '', ...surplus] = call.positionals;
    const target = chooseTarget(call, member);
    refuseSurplus(surplus);
    const { relations } = call.context;
    const settings = target.isApplication
      ? relations.applicationBag(relation, target.member)
      : relations.unitBag(relation, target.member);
    if (key === '' || key === '-') return { value: settings };
    return { value: Object.hasOwn(settings, key) ? settings[key] : null };
  },
};

interface Target {
  readonly member: string;
  readonly isApplication: boolean;
}

/** Whose bag is meant. In hooks without a remote unit a bare call means the remote application's (Juju's rule). */
function chooseTarget(call: ToolCall, member: string): Target {
  const isApplication = call.switches.has('app');
  if (member !== '') {
    if (!isApplication) return { member: requireUnit(member), isApplication };
    return { member: UNIT.exec(member)?.[1] ?? (APPLICATION.test(member) ? member : ''), isApplication };
  }
  const { hook } = call.context;
  const remoteUnit = hook.relation?.remoteUnit;
  if (!isApplication && remoteUnit !== undefined) return { member: remoteUnit, isApplication };
  if (hook.relation === undefined) throw new ToolUsageError('no unit or application specified');
  return { member: hook.relation.remoteApplication, isApplication: true };
}

function requireUnit(member: string): string {
  if (UNIT.test(member)) return member;
  if (APPLICATION.test(member)) {
    throw new ToolUsageError(`expected unit name, got application name ${JSON.stringify(member)}`);
  }
  throw new ToolUsageError(`invalid unit name ${JSON.stringify(member)}`);
}
