import type { FlagGraph, GraphNode } from './flag-graph.ts';

/** The handlers of one layer or interface. */
export interface NodeGroup {
  /** `layer:redis`, `interface:redis`. */
  readonly name: string;
  readonly isOwn: boolean;
  readonly nodes: readonly GraphNode[];
}

/** Puts handlers together by what they belong to, in the order of the layers; flags, hooks and endpoints belong to all. */
export function groupNodes({ nodes, ownGroup }: FlagGraph): {
  readonly groups: readonly NodeGroup[];
  readonly others: readonly GraphNode[];
} {
  const names = [...new Set(nodes.flatMap(({ group }) => group ?? []))];
  return {
    groups: names.map((group) => ({
      name: group.includes(':') || group.includes('/') ? group : `layer:${group}`,
      isOwn: group === ownGroup,
      nodes: nodes.filter((node) => node.group === group),
    })),
    others: nodes.filter(({ group }) => group === undefined),
  };
}
