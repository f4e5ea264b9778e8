import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { buildCharm } from '../../src/builder/build.ts';
import { addToTree, type Tree } from '../builder/charm-tree.ts';

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

let built: Promise<string> | undefined;
const folder = mkdtempSync(path.join(tmpdir(), 'command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The folder of a charm as the builder makes it, made once for a file of tests. */
export function builtCommand(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  addToTree(folder, CHARM);
  const { output } = await buildCharm({
    charm: path.join(folder, 'layers/web'),
    output: path.join(folder, 'built'),
    layersPath: [path.join(folder, 'layers')],
  });
  return output;
}
