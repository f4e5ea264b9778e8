import type { PortRange } from '../state/model-state.ts';
import { ToolUsageError } from './tool-errors.ts';

/**
 * Reads what open-port takes, in any case: `80`, `80/udp`, `1000-2000/tcp`, `icmp`. Protocol tcp where none is given.
 * Throws `ToolUsageError` in Juju's words.
 */
export function parsePortSpec(spec: string): Omit<PortRange, 'endpoint'> {
  const text = spec.toLowerCase();
  if (text === 'icmp') return { protocol: 'icmp', from: 0, to: 0 };
  const [ports = '', protocol = 'tcp', ...surplus] = text.split('/');
  const bounds = ports.split('-');
  const [from, to] = [bounds[0], bounds.at(-1)].map((bound) => readPort(bound ?? ''));
  const kind = bounds.length > 1 ? 'port range' : 'port';
  if (surplus.length > 0 || bounds.length > 2 || from === undefined || to === undefined) {
    throw new ToolUsageError(
      `invalid ${kind} ${JSON.stringify(spec)}, expected "<port>[/<protocol>]", "<from>-<to>[/<protocol>]" or "icmp"`,
    );
  }
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'icmp') {
    throw new ToolUsageError(
      `invalid protocol ${JSON.stringify(protocol)}, expected "tcp", "udp", or "icmp"`,
    );
  }
  if (from > to) throw new ToolUsageError(`invalid port range ${from}-${to}/${protocol}`);
  return { protocol, from, to };
}

/** A range as Juju writes it: `80/tcp`, `1000-2000/udp`, `icmp`. */
export function formatPort(range: PortRange): string {
  if (range.protocol === 'icmp') return 'icmp';
  const ports = range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`;
  return `${ports}/${range.protocol}`;
}

/** Juju's order: by protocol, then by number. */
export function comparePorts(a: PortRange, b: PortRange): number {
  if (a.protocol !== b.protocol) return a.protocol < b.protocol ? -1 : 1;
  return a.from - b.from || a.to - b.to;
}

function readPort(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}
