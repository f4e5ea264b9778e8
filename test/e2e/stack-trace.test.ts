import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readBase } from '../../src/builder/base.ts';
import { buildCharm } from '../../src/builder/build.ts';
import { unpackCharm } from '../../src/builder/charm-archive.ts';
import { packCharm } from '../../src/builder/pack.ts';
import { Model } from '../../src/simulator/model.ts';
import { addToTree } from '../builder/charm-tree.ts';

test('a handler that fails in a packed charm is in the log with the lines of its TypeScript', async () => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'trace-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  addToTree(folder, {
    'blog/layer.yaml': '',
    'blog/metadata.yaml': 'name: blog\nsummary: s\ndescription: d\n',
    'blog/lib/database.ts': `
interface Options { readonly host: string }

export function connect({ host }: Options): never {
  throw new Error(\`no database at \${host}\`);
}
`,
    'blog/reactive/blog.ts': `
import { hook, Layer } from 'charms-reactive';
import { connect } from '../lib/database.ts';

export default class Blog extends Layer {
  @hook('start')
  start(): void {
    connect({ host: 'nowhere' });
  }
}
`,
    'node!': `#!/bin/sh\nexec '${process.execPath}' "$@"\n`,
  });
  const built = await buildCharm({
    charm: path.join(folder, 'blog'),
    output: path.join(folder, 'built'),
    runtime: path.join(folder, 'node'),
  });
  const { file } = await packCharm({ folder: built.output, into: folder, base: readBase('ubuntu@24.04') });
  const unpacked = path.join(folder, 'unpacked');
  mkdirSync(unpacked);
  await unpackCharm(file, unpacked);

  const model = await Model.create();
  onTestFinished(() => model.destroy());
  await model.deploy(unpacked);
  const { errors } = await model.settle();
  expect(errors).toEqual(['blog/0']);
  const log = model
    .debugLog()
    .map(({ message }) => message)
    .join('\n');
  expect(log).toMatch(
    /Error: no database at nowhere\n {4}at connect \(layers\/blog\/lib\/database\.ts:5:9\)\n {4}at _?Blog\d*\.start \(layers\/blog\/reactive\/blog\.ts:8:\d+\)\n/,
  );
});
