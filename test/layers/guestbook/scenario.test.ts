import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { charmFoldersOf, parseScenario } from '../../../src/simulator/explore/scenario.ts';

const FILE = fileURLToPath(new URL('../../../layers/guestbook/scenario.yaml', import.meta.url));

test('the scenario for exploring both charms is one, of layers that are there', () => {
  const scenario = parseScenario(readFileSync(FILE, 'utf8'), FILE);
  expect(scenario.runs).toBe(200);
  expect(charmFoldersOf(scenario).map((folder) => existsSync(join(folder, 'layer.yaml')))).toEqual([
    true,
    true,
  ]);
});
