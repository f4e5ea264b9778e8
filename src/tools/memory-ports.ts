import { refuse } from './memory-refusal.ts';

/**
 * The open ports of a model in memory, in the order in which they were opened: `80/tcp` for every endpoint, and
 * `80/tcp (db)` for the endpoint `db` alone.
 */
export type MemoryPorts = readonly string[];

/** The ports with one more open. Throws as open-port does: for no port, and for a range that overlaps another. */
export function openPort(ports: MemoryPorts, spec: string, endpoints: readonly string[] = []): MemoryPorts {
  const port = portName('open-port', spec);
  const conflict = ports.map(specOf).find((open) => open !== port && overlaps(open, port));
  if (conflict) refuse(['open-port', spec], `cannot open ${port}: port range conflicts with ${conflict}`);
  const opened = entries(port, endpoints).filter((entry) => !ports.includes(entry));
  return [...ports, ...opened];
}

/** The ports without one. What is open for every endpoint stays so when it is closed for some. */
export function closePort(ports: MemoryPorts, spec: string, endpoints: readonly string[] = []): MemoryPorts {
  const port = portName('close-port', spec);
  if (endpoints.length === 0) return ports.filter((entry) => specOf(entry) !== port);
  const closed = entries(port, endpoints);
  return ports.filter((entry) => !closed.includes(entry));
}

/** The ports as opened-ports lists them: each once, by protocol, then by number. */
export function listPorts(ports: MemoryPorts): string[] {
  return [...new Set(ports.map(specOf))].sort(comparePorts);
}

function entries(port: string, endpoints: readonly string[]): string[] {
  return endpoints.length === 0 ? [port] : endpoints.map((endpoint) => `${port} (${endpoint})`);
}

function specOf(entry: string): string {
  return entry.replace(/ .*/, '');
}

const PORT = /^(?:(\d+)(?:-(\d+))?(?:\/(tcp|udp))?|(icmp))$/;

function portName(tool: string, spec: string): string {
  const [, first, last, protocol = 'tcp', icmp] = PORT.exec(spec.toLowerCase()) ?? [];
  const numbers = [first, last ?? first].map(Number) as [number, number];
  const isPort = first !== undefined && numbers[0] <= numbers[1] && numbers[1] <= 65535;
  if (!icmp && !isPort) refuse([tool, spec], `invalid port "${spec}"`, 2);
  return icmp ?? `${last === undefined ? first : `${first}-${last}`}/${protocol}`;
}

function overlaps(a: string, b: string): boolean {
  const [one, other] = [rangeOf(a), rangeOf(b)];
  return one.protocol === other.protocol && one.from <= other.to && other.from <= one.to;
}

/** By protocol, then by number; icmp has no number. */
function comparePorts(a: string, b: string): number {
  const [one, other] = [rangeOf(a), rangeOf(b)];
  if (one.protocol !== other.protocol) return one.protocol < other.protocol ? -1 : 1;
  return one.from - other.from;
}

function rangeOf(port: string): { readonly protocol: string; readonly from: number; readonly to: number } {
  const [range = '', protocol = 'icmp'] = port.split('/');
  const [from = 0, to = from] = range.split('-').map(Number);
  return { protocol, from, to };
}
