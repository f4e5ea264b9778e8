import { HookToolError } from './errors.ts';
import type { BagOwner, HookTools, RawBag } from './hook-tools.ts';
import { type RunTool, runForJson } from './run-tool.ts';
import { bagOf, stringsOf, toYamlInput } from './tool-answers.ts';

type RelationTools = Pick<
  HookTools,
  'relationIds' | 'relationList' | 'relationApplication' | 'relationGet' | 'relationSet'
>;

/** relation-ids, relation-list, relation-get and relation-set as processes. */
export function makeRelationTools(run: RunTool): RelationTools {
  return {
    relationIds: (endpoint) => stringsOf(runForJson(run, ['relation-ids', '--format=json', endpoint])),
    relationList: (relationId) =>
      stringsOf(runForJson(run, ['relation-list', '--format=json', '-r', relationId])),
    relationApplication: (relationId) => {
      const answer = runForJson(run, ['relation-list', '--format=json', '--app', '-r', relationId]);
      return typeof answer === 'string' && answer !== '' ? answer : undefined;
    },
    relationGet: (owner) => relationGet(run, owner),
    relationSet: ({ relationId, app }, settings) => {
      run(
        ['relation-set', '-r', relationId, ...(app ? ['--app'] : []), '--file', '-'],
        toYamlInput(settings),
      );
    },
  };
}

/** Exit code 2 is Juju's word for a call that makes no sense here, such as an application it does not know. */
function relationGet(run: RunTool, { relationId, member, app }: BagOwner): RawBag | undefined {
  const command = ['relation-get', '--format=json', '-r', relationId, ...(app ? ['--app'] : []), '-', member];
  try {
    return bagOf(runForJson(run, command));
  } catch (error) {
    if (error instanceof HookToolError && error.exitCode === 2 && !error.isGone) return undefined;
    throw error;
  }
}
