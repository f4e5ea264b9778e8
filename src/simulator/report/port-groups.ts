/**
 * Open ports as one cell of a table: those of one protocol share it, numbers that follow each other become a range, and
 * icmp has none: `22,80-82/tcp 53/udp icmp`.
 */
export function groupPorts(ports: readonly string[]): string {
  const byProtocol = new Map<string, string[]>();
  for (const port of ports) {
    const [numbers = '', protocol] = port.split('/');
    // What has no protocol stands before all that have one.
    const [key, entries] = protocol === undefined ? [port, []] : [`/${protocol}`, [numbers]];
    byProtocol.set(key, [...(byProtocol.get(key) ?? []), ...entries]);
  }
  const protocols = [...byProtocol].sort(([a], [b]) => (a < b ? -1 : 1));
  return protocols.map(([protocol, numbers]) => `${joinNeighbours(numbers).join()}${protocol}`).join(' ');
}

function joinNeighbours(numbers: readonly string[]): string[] {
  const singles = numbers
    .filter((text) => /^\d+$/.test(text))
    .map(Number)
    .sort((a, b) => a - b);
  const ranges: { readonly from: number; to: number }[] = [];
  for (const number of new Set(singles)) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === number - 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  const joined = ranges.map(({ from, to }) => ({
    text: from === to ? `${from}` : `${from}-${to}`,
    place: `${from}`,
  }));
  const opened = numbers.filter((text) => !/^\d+$/.test(text)).map((text) => ({ text, place: text }));
  // Juju puts the shorter before the longer, whatever their numbers.
  const inOrder = [...joined, ...new Set(opened)].sort(
    (a, b) => a.place.length - b.place.length || (a.place < b.place ? -1 : 1),
  );
  return inOrder.map(({ text }) => text);
}
