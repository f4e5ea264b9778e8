import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCharm } from '../../src/cli/charm/open-charm.ts';
import { assessCharm } from '../../src/proof/assess-charm.ts';
import { formatFinding } from '../../src/proof/finding.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const layers = readdirSync(path.join(ROOT, 'layers'));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'own-layers-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function assess(layer: string) {
  const opened = await openCharm(layer, { layers: [], interfaces: [] });
  if (opened === undefined) throw new Error(`${layer} is no layer`);
  const { findings, code } = assessCharm(opened);
  return { findings: [...opened.findings, ...findings], model: code?.model };
}

test.each(['redis', 'guestbook'])(
  'layers/%s is told of nothing that is to be mended, and is seen into',
  async (name) => {
    const { findings, model } = await assess(path.join(ROOT, 'layers', name));
    expect(findings.filter(({ level }) => level !== 'I').map(formatFinding)).toEqual([]);
    expect(findings.filter(({ check }) => /^(flag|handler|hook-pattern|endpoint)/.test(check))).toEqual([]);
    expect(model?.unknowns.filter(({ of }) => of !== 'clear')).toEqual([]);
    expect(model?.handlers.length).toBeGreaterThan(5);
  },
);

test('a charm of all layers that come with the package is told of its own slip alone, and a layer alone of nothing', async () => {
  const stock = layers.filter((name) => !['redis', 'guestbook'].includes(name));
  writeFileSync(
    path.join(folder, 'layer.yaml'),
    `includes: [${stock.map((name) => `layer:${name}`).join(', ')}, interface:redis]\n`,
  );
  writeFileSync(
    path.join(folder, 'metadata.yaml'),
    'name: all\nsummary: s\ndescription: d\nmaintainer: A <a@b.c>\ntags: [a]\nrequires: {db: {interface: redis}}\npeers: {ring: {interface: redis}}\nprovides: {site: {interface: redis}}\n',
  );
  mkdirSync(path.join(folder, 'reactive'));
  writeFileSync(
    path.join(folder, 'reactive/slip.ts'),
    "import { Layer, when } from 'charms-reactive';\n\nexport default class Slip extends Layer {\n  @when('endpoint.db.avialable')\n  never(): void {}\n}\n",
  );
  const { findings, model } = await assess(folder);
  expect(findings.map(formatFinding)).toEqual([
    'I: `display-name` not provided, add for custom naming in the UI',
    'I: No icon.svg file.',
    'W: no copyright file',
    'W: flag "endpoint.db.avialable" is never set, and all.never waits for it; did you mean "endpoint.db.available"? (layers/all/reactive/slip.ts:4)',
  ]);
  const groups = new Set(model?.effects.map(({ group }) => group));
  for (const name of ['basic', 'leadership', 'apt', 'snap', 'coordinator']) expect(groups).toContain(name);
  expect((await assess(path.join(ROOT, 'layers/coordinator'))).findings).toEqual([]);
});
