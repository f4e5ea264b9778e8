import type { HookContext } from '../agent/hook-context.ts';
import { relationIdText } from '../agent/hook-info.ts';
import type { RelationState } from '../state/model-state.ts';
import type { ToolCall } from './hook-tool.ts';
import type { ToolFlag } from './tool-arguments.ts';
import { ToolUsageError } from './tool-errors.ts';

/** The `-r`, `--relation` that relation tools take; the hook's own relation where it is not given. */
export function relationFlag(context: HookContext): ToolFlag {
  const { relation } = context.hook;
  return {
    key: 'relation',
    names: ['-r', '--relation'],
    kind: 'text',
    help: 'Specify a relation by id',
    fallback: relation === undefined ? '' : relationIdText(relation),
    read: (text) => String(context.relationFor(text).id),
  };
}

/** The relation that a call is about; undefined where it names none outside a relation hook. */
export function findRelation(call: ToolCall): RelationState | undefined {
  const id = call.texts.get('relation');
  return id === undefined ? call.context.relations.current : call.context.state.relations[id];
}

/** The relation that a call is about. Throws `ToolUsageError` where there is none. */
export function requireRelation(call: ToolCall): RelationState {
  const relation = findRelation(call);
  if (relation === undefined) throw new ToolUsageError('no relation id specified');
  return relation;
}
