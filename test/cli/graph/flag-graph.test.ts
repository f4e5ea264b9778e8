import { expect, test } from 'vitest';
import { writeDot } from '../../../src/cli/graph/dot.ts';
import { makeGraph } from '../../../src/cli/graph/flag-graph.ts';
import { writeMermaid } from '../../../src/cli/graph/mermaid.ts';
import { findNeighbourhood } from '../../../src/cli/graph/neighbourhood.ts';
import { endpoint, layer, modelOf } from '../../analysis/charm-of-code.ts';

const graph = makeGraph(
  modelOf({
    metadata: { requires: { db: { interface: 'http' } } },
    modules: {
      'layers/below/reactive/below.ts':
        "import { Layer, when } from 'charms-reactive';\nexport default class Below extends Layer { @when('below.due') work() { this.flags.clear('below.due'); } override atStart() { this.flags.toggle('below.due', true); this.flags.set('below.unheard'); } }\n",
      ...layer(
        `override registerTriggers() { this.flags.registerTrigger({ when: 'endpoint.db.changed', clearFlag: 'web.up' }); }
         @hook('start') check() { if (this.flags.isSet('web.up')) this.flags.clear('web.up'); }
         @when('endpoint.db.joined') @whenNot('web.up') serve() { this.flags.set('web.up'); }
         @whenAny('web.*', 'x"y') tell() {}`,
      ),
      ...endpoint(
        'requires',
        "@when('endpoint.{endpoint_name}.changed') seen() { this.clearFlag('changed'); }",
      ),
    },
  }),
);

test('a graph has who sets, clears, asks and waits, with triggers, hooks and endpoints; and nothing that is nobody’s', () => {
  expect(graph.edges.map(({ from, kind, to }) => `${from} ${kind} ${to}`).sort()).toEqual(
    [
      'endpoint db (requires http) sets flag endpoint.db.changed',
      'endpoint db (requires http) sets flag endpoint.db.joined',
      'flag below.due waits handler below.work',
      'flag endpoint.db.changed set-clears flag web.*',
      'flag endpoint.db.changed set-clears flag web.up',
      'flag endpoint.db.changed waits handler http/requires.seen@db',
      'flag endpoint.db.joined waits handler web.serve',
      'flag web.* waits-any handler web.tell',
      'flag web.up asks handler web.check',
      'flag web.up waits-not handler web.serve',
      'flag x"y waits-any handler web.tell',
      'handler below.work clears flag below.due',
      'handler http/requires.seen@db clears flag endpoint.db.changed',
      'handler web.check clears flag web.*',
      'handler web.check clears flag web.up',
      'handler web.serve sets flag web.*',
      'handler web.serve sets flag web.up',
      'hook start runs handler web.check',
      'time below.atStart toggles flag below.due',
    ].sort(),
  );
  expect(graph.nodes.filter(({ label }) => label.includes('unheard'))).toEqual([]);
});

test('Mermaid has groups for layers and interfaces, and every text safely in quotes', () => {
  const text = writeMermaid(graph);
  expect(
    text
      .split('\n')
      .filter((line) => line.includes('subgraph'))
      .map((line) => line.trim()),
  ).toEqual(['subgraph g0["layer:below"]', 'subgraph g1["layer:web"]', 'subgraph g2["interface:http"]']);
  expect(text).toContain('{{"x#quot;y"}}:::flag');
  expect(text).toMatch(/n\d+ --x\|not\| n\d+/);
  expect(text).toMatch(/n\d+ -\.->\|trigger clears\| n\d+/);
});

test('DOT has the same, the own layer apart', () => {
  const text = writeDot(graph);
  expect(text).toContain('"flag x\\"y" [label="x\\"y"');
  expect(text).toMatch(/subgraph cluster_1 \{\n {4}graph \[label="layer:web".*color="#333333"/);
  expect(text).toMatch(/"flag web\.up" -> "handler web\.serve" \[color="#3b6fb6", arrowhead="tee"\];/);
});

test('a neighbourhood is what touches a flag or a handler, and what that has to do with', () => {
  const near = findNeighbourhood(graph, { flag: 'below.due' });
  expect(near.nodes.map(({ id }) => id).sort()).toEqual([
    'flag below.due',
    'handler below.work',
    'time below.atStart',
  ]);
  const around = findNeighbourhood(graph, { handler: 'serve' });
  expect(around.nodes.map(({ label }) => label)).toContain('check');
  expect(around.nodes.map(({ label }) => label)).not.toContain('work');
  expect(() => findNeighbourhood(graph, { flag: 'nothing' })).toThrow(
    'cannot show the flag "nothing": there is none; there are below.due, endpoint.db.changed',
  );
});
