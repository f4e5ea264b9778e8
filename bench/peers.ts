import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Model } from '../src/simulator/model.ts';

/**
 * What a model costs as the units of one peer relation grow. The number of hooks grows with the square of the units, since
 * each unit is told of each other one twice; what is to stay level is the time a hook takes.
 */
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 30, 100];

/** Charms of one peer relation. In the first the model is all there is; in the second each hook is a process. */
const CHARMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no hook files': {},
  'a shell a hook': { dispatch: '#!/bin/sh\n:\n' },
};

const folder = mkdtempSync(join(tmpdir(), 'peers-'));
try {
  console.log('charm           units   hooks  seconds  ms a hook');
  for (const [name, files] of Object.entries(CHARMS)) {
    const charm = writeCharm(name, files);
    for (const units of SIZES) await measure(name, charm, units);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(name: string, charm: string, units: number): Promise<void> {
  const model = await Model.create();
  await model.deploy(charm, { units });
  const started = performance.now();
  const { hooks } = await model.settle();
  const seconds = (performance.now() - started) / 1000;
  const cells = [
    name.padEnd(14),
    String(units).padStart(6),
    String(hooks.length).padStart(7),
    seconds.toFixed(1).padStart(8),
    ((seconds * 1000) / hooks.length).toFixed(2).padStart(10),
  ];
  console.log(cells.join(' '));
  await model.destroy();
}

function writeCharm(name: string, files: Readonly<Record<string, string>>): string {
  const charm = join(folder, name.replaceAll(' ', '-'));
  mkdirSync(charm);
  writeFileSync(
    join(charm, 'metadata.yaml'),
    'name: ring\nsummary: s\ndescription: d\npeers:\n  ring: ring\n',
  );
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(charm, file), text);
    chmodSync(join(charm, file), 0o755);
  }
  return charm;
}
