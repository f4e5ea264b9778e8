import type { HookTool } from './hook-tool.ts';
import { relationFlag, requireRelation } from './relation-argument.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolUsageError } from './tool-errors.ts';

/** `relation-ids`: an endpoint's relations, sorted as text. */
export const relationIds: HookTool = {
  name: 'relation-ids',
  usage: '[options] <name>',
  summary: 'List all relation IDs for the given endpoint.',
  format: 'smart',
  run(call) {
    const [endpoint = call.context.hook.relation?.endpoint ?? '', ...surplus] = call.positionals;
    if (endpoint === '') throw new ToolUsageError('no endpoint name specified');
    refuseSurplus(surplus);
    return { value: call.context.relations.ids(endpoint) };
  },
};

/** `relation-list`: the remote units that have joined, or with `--app` the remote application. */
export const relationList: HookTool = {
  name: 'relation-list',
  usage: '[options]',
  summary: 'List relation units.',
  format: 'smart',
  flags: (context) => [
    {
      key: 'app',
      names: ['--app'],
      kind: 'boolean',
      help: 'List remote application instead of participating units',
      fallback: 'false',
    },
    relationFlag(context),
  ],
  run(call) {
    refuseSurplus(call.positionals);
    const relation = requireRelation(call);
    const { relations } = call.context;
    if (call.switches.has('app')) return { value: relations.remoteApplication(relation) };
    return { value: relations.members(relation) };
  },
};

/** `relation-model-get`: the model of the remote application, which is always this one. */
export const relationModelGet: HookTool = {
  name: 'relation-model-get',
  usage: '[options]',
  summary: 'Get details about the model hosting a related application.',
  format: 'smart',
  flags: (context) => [relationFlag(context)],
  run(call) {
    requireRelation(call);
    refuseSurplus(call.positionals);
    return { value: { uuid: call.context.state.uuid } };
  },
};
