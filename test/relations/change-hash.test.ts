import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { dataChanged } from '../../src/relations/data-changes.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';

const source = (file: string): string =>
  JSON.stringify(fileURLToPath(new URL(`../../src/${file}`, import.meta.url)));

/** Runs code in a process in which md5 is not to be had, as where a policy forbids it. */
function runWithoutMd5(code: string): string {
  const program = `
    import crypto from 'node:crypto';
    import { syncBuiltinESMExports } from 'node:module';
    const { createHash } = crypto;
    crypto.createHash = (name, ...rest) => {
      if (name === 'md5') throw new Error('error:0308010C:digital envelope routines::unsupported');
      return createHash(name, ...rest);
    };
    syncBuiltinESMExports();
    const { dataChanged } = await import(${source('relations/data-changes.ts')});
    const { SqliteStore } = await import(${source('store/sqlite-store.ts')});
    const store = new SqliteStore({ path: ':memory:' });
    ${code}
  `;
  const run = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return run.stdout.trim();
}

test('B39: where md5 is forbidden, changes are found all the same', () => {
  const output = runWithoutMd5(`
    console.log(dataChanged(store, 'a', 1), dataChanged(store, 'a', 1), dataChanged(store, 'a', 2));
    console.log(store.get('reactive.data_changed.a').length);
  `);
  expect(output).toBe('true false true\n32');
});

test('B39: a hash that was stored where md5 was allowed still holds', () => {
  const store = new SqliteStore({ path: ':memory:' });
  dataChanged(store, 'a', 1);
  const md5 = JSON.stringify(store.get('reactive.data_changed.a'));
  const output = runWithoutMd5(`
    store.set('reactive.data_changed.a', ${md5});
    console.log(dataChanged(store, 'a', 1), dataChanged(store, 'a', 2));
  `);
  expect(output).toBe('false true');
});

test('B39: a prefix is matched to the letter, as SQL patterns are not', () => {
  const store = new SqliteStore({ path: ':memory:' });
  store.update({ 'my_app.a': 1, 'myXapp.a': 2, 'MY_APP.a': 3, 'my%app.a': 4 });
  expect(store.getRange('my_app.')).toEqual({ 'my_app.a': 1 });
  store.unsetRange(null, 'my_app.');
  expect(Object.keys(store.getRange('')).sort()).toEqual(['MY_APP.a', 'my%app.a', 'myXapp.a']);
});
