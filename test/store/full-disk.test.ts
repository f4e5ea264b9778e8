import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cleanUpStores, makeStorePath, openStore } from './store-folder.ts';

cleanUpStores();

const PROGRAM = fileURLToPath(new URL('./writer-on-full-disk.ts', import.meta.url));

/** Less than the program writes, in the blocks of either 512 or 1024 bytes that shells count in. */
const BLOCKS = 20_000;

it('keeps all or nothing when there is no room for a hook, though its handlers catch every error', () => {
  const file = makeStorePath();
  const store = openStore(file);
  store.update({ before: 1, 'large.0': 'before' });
  store.flush();
  store.close();
  const program = ['exec', process.execPath, PROGRAM, file].map((part) =>
    part === 'exec' ? part : `'${part}'`,
  );
  const { status, stdout } = spawnSync('sh', ['-c', `ulimit -f ${BLOCKS}; ${program.join(' ')}`], {
    encoding: 'utf8',
  });
  expect(Number(stdout)).toBeGreaterThan(0);
  expect(status).not.toBe(0);
  expect({ ...openStore(file).getRange('') }).toEqual({ before: 1, 'large.0': 'before' });
});

it('drops a first hook as a whole, too', () => {
  const file = makeStorePath();
  const command = `ulimit -f ${BLOCKS}; exec '${process.execPath}' '${PROGRAM}' '${file}'`;
  expect(spawnSync('sh', ['-c', command]).status).not.toBe(0);
  expect({ ...openStore(file).getRange('') }).toEqual({});
});
