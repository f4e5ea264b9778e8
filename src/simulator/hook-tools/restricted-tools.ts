import type { HookTool, ToolAnswer, ToolCall } from './hook-tool.ts';
import { ToolFailure } from './tool-errors.ts';

/** Juju's words, which say it twice. */
const REFUSAL = 'not implemented for restricted context not implemented';

/** Tools that look for the hook's relation, or its storage, before they look at their arguments. */
const REFUSED_AT_ONCE = [
  ...['relation-get', 'relation-set', 'relation-ids', 'relation-list', 'relation-model-get'],
  ...['network-get', 'secret-grant', 'secret-revoke', 'storage-get'],
];

/** What stands before Juju's words. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['is-leader', 'leadership status unknown: '],
  ['leader-get', 'cannot read leadership settings: '],
  ['leader-set', 'cannot write leadership settings: '],
  ['status-get', 'finding application status: '],
  ['credential-get', 'cannot access cloud credentials: '],
  ['resource-get', 'could not download resource: '],
  ['add-metric', 'cannot record metric: '],
]);

/**
 * Whether a tool is of no use at all in a restricted context (collect-metrics, meter-status-changed): not even for its
 * help. Throws `ToolFailure` then.
 */
export function refuseRestricted(tool: HookTool): void {
  if (REFUSED_AT_ONCE.includes(tool.name)) throw new ToolFailure(`bad request: ${REFUSAL}`);
}

/** Runs a tool in a restricted context, where Juju serves juju-log, in collect-metrics add-metric, and little else. */
export function runRestricted(tool: HookTool, call: ToolCall): ToolAnswer | undefined {
  const { name } = tool;
  const isServed = name === 'add-metric' && call.context.hook.kind === 'collect-metrics';
  if (name === 'juju-log' || isServed) return tool.run(call);
  if (name === 'opened-ports') return { value: [] };
  if (name === 'status-get' && !call.switches.has('application')) return { value: 'unknown' };
  throw new ToolFailure(`${PREFIXES.get(name) ?? ''}${REFUSAL}`);
}
