import type { EdgeKind, FlagGraph, GraphNode, NodeKind } from './flag-graph.ts';
import { groupNodes } from './node-groups.ts';

const SHAPES: Readonly<Record<NodeKind, readonly [start: string, end: string]>> = {
  hook: ['([', '])'],
  endpoint: ['[/', '/]'],
  flag: ['{{', '}}'],
  handler: ['[', ']'],
  time: ['[[', ']]'],
};

const ARROWS: Readonly<Record<EdgeKind, string>> = {
  runs: '-->',
  waits: '-->',
  'waits-any': '-->|any|',
  'waits-not': '--x|not|',
  asks: '-.-o',
  sets: '==>|sets|',
  clears: '-.->|clears|',
  toggles: '==>|sets or clears|',
  'set-sets': '==>|trigger sets|',
  'set-clears': '-.->|trigger clears|',
  'clear-sets': '==>|trigger, when cleared, sets|',
  'clear-clears': '-.->|trigger, when cleared, clears|',
};

/** The graph as a flowchart of Mermaid. */
export function writeMermaid(graph: FlagGraph): string {
  const numbers = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const numberOf = (id: string): string => numbers.get(id) ?? 'n';
  const write = (node: GraphNode): string => {
    const [start, end] = SHAPES[node.kind];
    return `${numberOf(node.id)}${start}"${escapeText(node.label)}"${end}:::${node.kind}`;
  };
  const { groups, others } = groupNodes(graph);
  return [
    'flowchart LR',
    ...others.map((node) => `  ${write(node)}`),
    ...groups.flatMap(({ name, nodes }, index) => [
      `  subgraph g${index}["${escapeText(name)}"]`,
      ...nodes.map((node) => `    ${write(node)}`),
      '  end',
    ]),
    ...graph.edges.map(({ from, to, kind }) => `  ${numberOf(from)} ${ARROWS[kind]} ${numberOf(to)}`),
    '  classDef hook fill:#fff7e0,stroke:#b8860b',
    '  classDef endpoint fill:#f3e8ff,stroke:#7e57c2',
    '  classDef flag fill:#e8f1ff,stroke:#3b6fb6',
    '  classDef handler fill:#ffffff,stroke:#333333',
    '  classDef time fill:#eeeeee,stroke:#777777',
    '',
  ].join('\n');
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '#amp;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;');
}
