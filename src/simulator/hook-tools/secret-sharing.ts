import { requireManaged, secretNotFound } from '../agent/managed-secrets.ts';
import { remoteApplication } from '../state/relation-scope.ts';
import type { SecretSubject } from '../state/secret-state.ts';
import type { HookTool, ToolCall } from './hook-tool.ts';
import { findRelation, relationFlag, requireRelation } from './relation-argument.ts';
import { requireSecretId, textFlag } from './secret-arguments.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolUsageError } from './tool-errors.ts';

/** `secret-grant`: to a relation's other side, or one unit of it, until the relation goes. */
export const secretGrant: HookTool = {
  name: 'secret-grant',
  usage: '[options] <ID>',
  summary: 'Grant access to a secret.',
  details:
    'Lets the units of a related application read a secret, or with --unit just one of them, for as long as the relation is\nthere and secret-revoke does not end it.',
  flags: (context) => [relationFlag(context), textFlag('unit', 'the unit to grant access')],
  run(call) {
    const { context } = call;
    const [reference, ...surplus] = call.positionals;
    const id = requireSecretId(reference);
    const relation = requireRelation(call);
    const application = remoteApplication(relation, context.unit.application);
    const unit = readUnit(call);
    if (unit !== '' && applicationOf(unit) !== application) {
      throw new ToolUsageError(`cannot specify unit "${unit}" in relation to application "${application}"`);
    }
    refuseSurplus(surplus);
    const facts = requireManaged(context, id);
    if (context.changes.secrets.isRemoved(id)) throw secretNotFound(id);
    context.changes.secrets.grant(facts, {
      subject: subjectOf(unit, application),
      relation: relation.id,
    });
    return undefined;
  },
};

/** `secret-revoke`: from a relation's other side, an application or a unit. */
export const secretRevoke: HookTool = {
  name: 'secret-revoke',
  usage: '[options] <ID>',
  summary: 'Revoke access to a secret.',
  details:
    "Ends what secret-grant allowed an application, or a unit. In a relation's hook, or with --relation, that is the related\napplication, unless --unit names one unit.",
  flags: (context) => [
    { ...textFlag('app', 'the application to revoke access'), names: ['--app', '--application'] },
    relationFlag(context),
    textFlag('unit', 'the unit to revoke access'),
  ],
  run(call) {
    const { context } = call;
    const [reference, ...surplus] = call.positionals;
    const id = requireSecretId(reference);
    const subject = readRevoked(call);
    refuseSurplus(surplus);
    context.changes.secrets.revoke(requireManaged(context, id), subject);
    return undefined;
  },
};

/** In a relation's hook the relation is implied, so that no application can be named there (Juju's rule). */
function readRevoked(call: ToolCall): SecretSubject {
  const named = call.texts.get('app') ?? '';
  if (named !== '' && !/^[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*$/.test(named)) {
    throw new ToolUsageError(`application ${JSON.stringify(named)} not valid`);
  }
  const unit = readUnit(call);
  if (named !== '' && unit !== '') throw new ToolUsageError('specify only one of application or unit');
  const relation = findRelation(call);
  if (relation !== undefined && named !== '') {
    throw new ToolUsageError('do not specify both relation and app');
  }
  const related = relation === undefined ? '' : remoteApplication(relation, call.context.unit.application);
  if (unit === '' && named === '' && related === '') {
    throw new ToolUsageError('missing relation or application or unit');
  }
  return subjectOf(unit, named === '' ? related : named);
}

function readUnit(call: ToolCall): string {
  const unit = call.texts.get('unit') ?? '';
  if (unit === '' || applicationOf(unit) !== '') return unit;
  throw new ToolUsageError(`unit ${JSON.stringify(unit)} not valid`);
}

function applicationOf(unit: string): string {
  return /^(.+)\/(?:0|[1-9]\d*)$/.exec(unit)?.[1] ?? '';
}

function subjectOf(unit: string, application: string): SecretSubject {
  return unit === '' ? { kind: 'application', name: application } : { kind: 'unit', name: unit };
}
