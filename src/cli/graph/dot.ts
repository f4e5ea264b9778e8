import type { EdgeKind, FlagGraph, GraphNode, NodeKind } from './flag-graph.ts';
import { groupNodes } from './node-groups.ts';

type Attributes = Readonly<Record<string, string>>;

const NODES: Readonly<Record<NodeKind, Attributes>> = {
  hook: { shape: 'cds', fillcolor: '#fff7e0', color: '#b8860b' },
  endpoint: { shape: 'component', fillcolor: '#f3e8ff', color: '#7e57c2' },
  flag: { shape: 'box', style: 'rounded,filled', fillcolor: '#e8f1ff', color: '#3b6fb6' },
  handler: { shape: 'box', fillcolor: '#ffffff', color: '#333333' },
  time: { shape: 'box', fillcolor: '#eeeeee', color: '#999999', fontcolor: '#555555' },
};

const GREEN = '#2e8b57';
const RED = '#c0392b';
const BLUE = '#3b6fb6';

const EDGES: Readonly<Record<EdgeKind, Attributes>> = {
  runs: { color: '#b8860b' },
  waits: { color: BLUE },
  'waits-any': { color: BLUE, style: 'dashed', label: 'any' },
  'waits-not': { color: BLUE, arrowhead: 'tee' },
  asks: { color: '#999999', style: 'dotted', arrowhead: 'odot' },
  sets: { color: GREEN, penwidth: '1.6' },
  clears: { color: RED, style: 'dashed' },
  // Two lines side by side.
  toggles: { color: `${GREEN}:${RED}` },
  'set-sets': { color: GREEN, style: 'bold', label: 'trigger' },
  'set-clears': { color: RED, style: 'dashed', label: 'trigger' },
  'clear-sets': { color: GREEN, style: 'bold', label: 'trigger, when cleared' },
  'clear-clears': { color: RED, style: 'dashed', label: 'trigger, when cleared' },
};

const LEGEND = [
  'blue: a handler waits for a flag; with a bar, for it not to be set; dotted: it asks',
  'green: sets   red: clears',
].join('\n');

/** The graph in the language of Graphviz, whose `dot` lays it out from left to right. */
export function writeDot(graph: FlagGraph): string {
  const { groups, others } = groupNodes(graph);
  const write = ({ id, kind, label }: GraphNode): string =>
    `${quote(id)} ${writeAttributes({ label, ...NODES[kind] })};`;
  return [
    'digraph charm {',
    `  graph [rankdir=LR, fontname="Helvetica,Arial,sans-serif", fontsize=10, labelloc=b, pad=0.2, ranksep=0.9, nodesep=0.16, concentrate=false, label=${quote(LEGEND)}];`,
    '  node [fontname="Helvetica,Arial,sans-serif", fontsize=11, style=filled, margin="0.2,0.06", height=0.3];',
    '  edge [fontname="Helvetica,Arial,sans-serif", fontsize=9, arrowsize=0.7];',
    ...others.map((node) => `  ${write(node)}`),
    ...groups.flatMap(({ name, isOwn, nodes }, index) => [
      `  subgraph cluster_${index} {`,
      `    graph [label=${quote(name)}, labelloc=t, style="rounded,filled", color="${isOwn ? '#333333' : '#bbbbbb'}", fillcolor="${isOwn ? '#f4fbf4' : '#fafafa'}"];`,
      ...nodes.map((node) => `    ${write(node)}`),
      '  }',
    ]),
    ...graph.edges.map(
      ({ from, to, kind }) => `  ${quote(from)} -> ${quote(to)} ${writeAttributes(EDGES[kind])};`,
    ),
    '}',
    '',
  ].join('\n');
}

function writeAttributes(attributes: Attributes): string {
  return `[${Object.entries(attributes)
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join(', ')}]`;
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
