import path from 'node:path';
import { buildCharm } from '../../src/builder/build.ts';
import { type Tree, writeTree } from '../builder/charm-tree.ts';
import { shareFolder } from '../costly-work.ts';

/** A charm with nothing in it but endpoints to name, and a layer that has no handler. */
const CHARM: Tree = {
  'layers/web/layer.yaml': 'includes: []\n',
  'layers/web/metadata.yaml': `name: web
summary: s
description: d
requires: {db: {interface: redis}, cache: {interface: redis}}
provides: {site: {interface: http}}
peers: {ring: {interface: web-ring}}
`,
  'layers/web/reactive/web.ts': `import { defineLayer } from 'charms-reactive';
export default defineLayer('web', []);
`,
};

/** The folder of a charm as the builder makes it, made once for all tests. */
export function builtCommand(): Promise<string> {
  return shareFolder('command', async (folder) => {
    const source = writeTree(CHARM);
    await buildCharm({
      charm: path.join(source, 'layers/web'),
      output: folder,
      layersPath: [path.join(source, 'layers')],
    });
  });
}
