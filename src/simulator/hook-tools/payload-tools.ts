import type { PayloadState } from '../state/model-state.ts';
import type { HookTool, ToolCall } from './hook-tool.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

const STATUSES = ['running', 'starting', 'stopped', 'stopping'] as const;

/** `payload-register`: at once, as running. Class and type are those of metadata.yaml. */
export const payloadRegister: HookTool = {
  name: 'payload-register',
  usage: '<type> <class> <id> [tags...]',
  summary: 'Register a charm payload with Juju.',
  details: "The payload class must correspond to one of the payloads defined in the charm's metadata.yaml.",
  run(call) {
    const [type, payloadClass, id, ...tags] = call.positionals;
    if (type === undefined || payloadClass === undefined || id === undefined) throw missingArguments();
    const { unit, application } = call.context;
    const declared = application.charm.metadata.payloads.find((payload) => payload.name === payloadClass);
    if (declared === undefined) {
      throw new ToolFailure(`payload ${JSON.stringify(payloadClass)} not found in metadata.yaml`);
    }
    if (declared.type !== type) {
      throw new ToolFailure(
        `incorrect type ${JSON.stringify(type)} for payload ${JSON.stringify(payloadClass)}, expected ${JSON.stringify(declared.type)}`,
      );
    }
    unit.payloads[`${payloadClass}/${id}`] = { type, status: 'running', tags };
    return undefined;
  },
};

/** `payload-unregister`: at once; a payload that was never registered is fine. */
export const payloadUnregister: HookTool = {
  name: 'payload-unregister',
  usage: '<class> <id>',
  summary: 'Stop tracking a payload.',
  run(call) {
    const [payloadClass, id, ...surplus] = call.positionals;
    if (payloadClass === undefined || id === undefined) throw missingArguments();
    refuseSurplus(surplus);
    delete call.context.unit.payloads[`${payloadClass}/${id}`];
    return undefined;
  },
};

/** `payload-status-set`: at once, for a payload that is registered. */
export const payloadStatusSet: HookTool = {
  name: 'payload-status-set',
  usage: '<class> <id> <status>',
  summary: 'Update the status of a payload.',
  details: 'The status is one of starting, running, stopping and stopped.',
  run(call) {
    const [payloadClass, id, asked, ...surplus] = call.positionals;
    if (payloadClass === undefined || id === undefined || asked === undefined) throw missingArguments();
    refuseSurplus(surplus);
    const status = STATUSES.find((known) => known === asked);
    if (status === undefined) {
      const known = STATUSES.map((one) => `"${one}"`).join(', ');
      throw new ToolFailure(`status ${JSON.stringify(asked)} not supported; expected one of [${known}]`);
    }
    requirePayload(call, `${payloadClass}/${id}`).status = status;
    return undefined;
  },
};

function requirePayload(call: ToolCall, key: string): PayloadState {
  const { payloads } = call.context.unit;
  const payload = Object.hasOwn(payloads, key) ? payloads[key] : undefined;
  if (payload === undefined) throw new ToolFailure(`payload ${JSON.stringify(key)} not found`);
  return payload;
}

function missingArguments(): ToolUsageError {
  return new ToolUsageError('missing required arguments');
}
