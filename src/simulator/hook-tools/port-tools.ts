import type { HookContext } from '../agent/hook-context.ts';
import type { PortRange } from '../state/model-state.ts';
import type { HookTool, ToolCall } from './hook-tool.ts';
import { comparePorts, formatPort, parsePortSpec } from './port-range.ts';
import { refuseSurplus, type ToolFlag } from './tool-arguments.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

const USAGE = '[options] <port>[/<protocol>] or <from>-<to>[/<protocol>] or icmp';

const endpointsFlag: ToolFlag = {
  key: 'endpoints',
  names: ['--endpoints'],
  kind: 'text',
  help: 'A comma-delimited list of application endpoints to target with this operation',
  fallback: '',
};

/** `open-port`: held back until the hook succeeds. */
export const openPort: HookTool = {
  name: 'open-port',
  usage: USAGE,
  summary: 'Register a request to open a port or port range.',
  isFormatIgnored: true,
  flags: () => [endpointsFlag],
  run(call) {
    const opened = [...call.context.changes.ports];
    for (const range of readRanges(call)) {
      if (opened.some((other) => isSame(other, range))) continue;
      const { name } = call.context.unit;
      const own = opened.find((other) => overlaps(other, range) && !isSameRange(other, range));
      const conflict = own === undefined ? findNeighbour(call.context, range) : { unit: name, range: own };
      if (conflict !== undefined) {
        throw new ToolFailure(
          `cannot open ${formatPort(range)} (unit "${name}"): port range conflicts with ${formatPort(conflict.range)} (unit "${conflict.unit}")`,
        );
      }
      opened.push(range);
    }
    call.context.changes.ports = opened;
    return undefined;
  },
};

/** `close-port`: held back until the hook succeeds; what is not open may be closed. */
export const closePort: HookTool = {
  name: 'close-port',
  usage: USAGE,
  summary: 'Register a request to close a port or port range.',
  isFormatIgnored: true,
  flags: () => [endpointsFlag],
  run(call) {
    const closed = readRanges(call);
    // To close a range for all endpoints closes it for each of them.
    const isClosed = (range: PortRange) =>
      closed.some((other) => isSameRange(other, range) && (other.endpoint === '' || isSame(other, range)));
    call.context.changes.ports = call.context.changes.ports.filter((range) => !isClosed(range));
    return undefined;
  },
};

/** `opened-ports`: with this hook's own changes, as Juju has it from 3.1.1. */
export const openedPorts: HookTool = {
  name: 'opened-ports',
  usage: '[options]',
  summary: 'List all ports or port ranges opened by the unit.',
  format: 'smart',
  flags: () => [
    {
      key: 'endpoints',
      names: ['--endpoints'],
      kind: 'boolean',
      help: 'Display the list of target application endpoints for each port range',
      fallback: 'false',
    },
  ],
  run(call) {
    refuseSurplus(call.positionals);
    const ports = [...call.context.changes.ports].sort(comparePorts);
    const texts = [...new Set(ports.map(formatPort))];
    if (!call.switches.has('endpoints')) return { value: texts };
    return { value: texts.map((text) => `${text} (${endpointsOfPort(ports, text)})`) };
  },
};

/** The range that a call names, once for each endpoint that it names. */
function readRanges(call: ToolCall): PortRange[] {
  const [spec, ...surplus] = call.positionals;
  if (spec === undefined) throw new ToolUsageError('no port or range specified');
  refuseSurplus(surplus);
  const range = parsePortSpec(spec);
  const endpoints = (call.texts.get('endpoints') ?? '').split(',').map((name) => name.trim());
  return endpoints.map((endpoint) => ({ ...range, endpoint: endpoint === '*' ? '' : endpoint }));
}

/** A port that another unit on the same machine has open already: they share its address. */
function findNeighbour(
  { state, unit }: HookContext,
  wanted: PortRange,
): { readonly unit: string; readonly range: PortRange } | undefined {
  for (const other of Object.values(state.units)) {
    if (other.name === unit.name || other.machine !== unit.machine) continue;
    const range = other.ports.find((open) => overlaps(open, wanted));
    if (range !== undefined) return { unit: other.name, range };
  }
  return undefined;
}

function endpointsOfPort(ports: readonly PortRange[], text: string): string {
  const endpoints = ports.filter((range) => formatPort(range) === text).map((range) => range.endpoint);
  return endpoints.includes('') ? '*' : endpoints.sort().join(', ');
}

function isSameRange(one: PortRange, other: PortRange): boolean {
  return one.protocol === other.protocol && one.from === other.from && one.to === other.to;
}

function isSame(one: PortRange, other: PortRange): boolean {
  return isSameRange(one, other) && one.endpoint === other.endpoint;
}

function overlaps(one: PortRange, other: PortRange): boolean {
  return one.protocol === other.protocol && one.from <= other.to && other.from <= one.to;
}
