import type { FlagGraph, GraphNode } from './flag-graph.ts';

/** What of a graph is looked at: what is two steps or less from a flag or a handler. */
export interface Focus {
  readonly flag?: string;
  readonly handler?: string;
}

/**
 * The part of a graph around a flag or a handler: what touches it, and what that waits for and does.
 * @throws Error, naming what is there, where there is no such flag or handler.
 */
export function findNeighbourhood(graph: FlagGraph, { flag, handler }: Focus): FlagGraph {
  const starts = [
    ...(flag === undefined ? [] : findNodes(graph, 'flag', flag)),
    ...(handler === undefined ? [] : findNodes(graph, 'handler', handler)),
  ];
  const near = new Set(starts);
  for (const edge of graph.edges) {
    if (starts.includes(edge.from)) near.add(edge.to);
    if (starts.includes(edge.to)) near.add(edge.from);
  }
  const edges = graph.edges.filter(({ from, to }) => near.has(from) || near.has(to));
  const ids = new Set([...starts, ...edges.flatMap(({ from, to }) => [from, to])]);
  return { ...graph, nodes: graph.nodes.filter(({ id }) => ids.has(id)), edges };
}

function findNodes({ nodes }: FlagGraph, kind: 'flag' | 'handler', name: string): readonly string[] {
  const all = nodes.filter((node) => node.kind === kind);
  const nameOf = ({ id }: GraphNode): string => id.slice(kind.length + 1);
  const found = all.filter((node) => nameOf(node) === name || (kind === 'handler' && node.label === name));
  if (found.length > 0) return found.map(({ id }) => id);
  throw new Error(
    `cannot show the ${kind} "${name}": there is none; there are ${all.map(nameOf).sort().join(', ')}`,
  );
}
