import { endpointsOf } from '../operator/integration.ts';
import type { HookTool, ToolCall } from './hook-tool.ts';
import { relationFlag } from './relation-argument.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

/** `unit-get`: the unit's address, which is private and public in one. */
export const unitGet: HookTool = {
  name: 'unit-get',
  usage: '[options] <setting>',
  summary: 'Print public-address or private-address.',
  format: 'smart',
  run(call) {
    const [setting, ...surplus] = call.positionals;
    if (setting === undefined) throw new ToolUsageError('no setting specified');
    if (setting !== 'private-address' && setting !== 'public-address') {
      throw new ToolUsageError(`unknown setting ${JSON.stringify(setting)}`);
    }
    refuseSurplus(surplus);
    return { value: call.context.unit.address };
  },
};

/** The flags that each pick a part of what network-get knows, with the name of that part in the answer. */
const SELECTORS = ['bind-address', 'ingress-address', 'egress-subnets'];

/** `network-get`: the addresses of a binding: always the loopback device. */
export const networkGet: HookTool = {
  name: 'network-get',
  usage: '[options] <binding-name> [--ingress-address] [--bind-address] [--egress-subnets]',
  summary: 'Get network config.',
  format: 'smart',
  flags: (context) => [
    ...[...SELECTORS, 'primary-address'].map((name) => ({
      key: name,
      names: [`--${name}`],
      kind: 'boolean' as const,
      help: `Get the ${name.replace('-', ' ')} for the binding`,
      fallback: 'false',
    })),
    relationFlag(context),
  ],
  run(call) {
    const [binding, ...surplus] = call.positionals;
    if (binding === undefined) throw new ToolUsageError('no arguments specified');
    if (binding === '') throw new ToolUsageError('no binding name specified');
    refuseSurplus(surplus);
    refuseUnknownBinding(call, binding);
    const { address } = call.context.unit;
    const selected = SELECTORS.filter((name) => call.switches.has(name));
    if (call.switches.has('primary-address')) {
      if (selected.length > 0) throw new ToolFailure('--primary-address must be the only flag specified');
      return { value: address };
    }
    const parts: Record<string, unknown> = {
      'bind-address': address,
      'ingress-address': address,
      'egress-subnets': [`${address}/32`],
    };
    const [only, ...others] = selected;
    if (only === undefined) return { value: describeNetwork(call, address) };
    if (others.length === 0) return { value: parts[only] };
    return { value: Object.fromEntries(selected.map((name) => [name, parts[name]])) };
  },
};

function refuseUnknownBinding(call: ToolCall, binding: string): void {
  const { application } = call.context;
  const isEndpoint = endpointsOf(application).some((endpoint) => endpoint.name === binding);
  if (isEndpoint || application.charm.metadata.extraBindings.includes(binding)) return;
  throw new ToolFailure(`no network config found for binding ${JSON.stringify(binding)}`);
}

/** YAML carries the names of older Jujus beside the present ones; JSON does not (as in Juju). */
function describeNetwork(call: ToolCall, address: string): Map<string, unknown> {
  const legacy = call.format !== 'json';
  const place = new Map<string, unknown>([
    ['hostname', ''],
    ...(legacy ? [['address', address] as const] : []),
    ['value', address],
    ['cidr', '127.0.0.0/8'],
  ]);
  const device = new Map<string, unknown>([
    ['mac-address', '00:00:00:00:00:00'],
    ['interface-name', 'lo'],
    ['addresses', [place]],
    ...(legacy ? [['macaddress', '00:00:00:00:00:00'] as const, ['interfacename', 'lo'] as const] : []),
  ]);
  return new Map<string, unknown>([
    ['bind-addresses', [device]],
    ['egress-subnets', [`${address}/32`]],
    ['ingress-addresses', [address]],
  ]);
}
