import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FLAG_PREFIX } from '../../src/flags/flag-name.ts';
import { FlagRegistry } from '../../src/flags/flag-registry.ts';
import { runPython } from './python.ts';
import { cleanUpStores, makeFolder, makeStorePath, openStore } from './store-folder.ts';

cleanUpStores();

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('what lasts', () => {
  it('keeps what was flushed, and drops what was not when it is closed', () => {
    const file = makeStorePath();
    const store = openStore(file);
    store.set('a', 1);
    store.flush();
    store.set('a', 2);
    store.set('b', 2);
    store.close();
    expect(openStore(file).getRange('')).toEqual({ a: 1 });
  });

  it('drops everything since the last flush with flush(false), and goes on from there', () => {
    const file = makeStorePath();
    const store = openStore(file);
    store.set('a', 1);
    store.flush();
    store.set('a', 2);
    store.unset('a');
    store.set('b', 1);
    store.flush(false);
    expect(store.getRange('')).toEqual({ a: 1 });
    store.set('c', 3);
    store.flush();
    store.close();
    expect(openStore(file).getRange('')).toEqual({ a: 1, c: 3 });
  });

  it('can be read and written after flush(false) on a store that was just made', () => {
    const file = makeStorePath();
    const store = openStore(file);
    store.set('dropped', 1);
    store.flush(false);
    expect(store.get('dropped')).toBeNull();
    store.set('kept', 1);
    store.flush();
    store.close();
    expect(openStore(file).getRange('')).toEqual({ kept: 1 });
  });

  it('leaves a new file without tables when nothing was flushed', () => {
    const file = makeStorePath();
    const store = openStore(file);
    store.set('a', 1);
    store.close();
    expect(tablesOf(file)).toEqual([]);
  });

  it('shows nobody else what is not flushed', () => {
    const file = makeStorePath();
    const store = openStore(file);
    store.set('a', 1);
    store.flush();
    store.set('a', 2);
    expect(
      runPython(
        `import json, sqlite3, sys
print(json.dumps(sqlite3.connect('file:' + json.load(sys.stdin) + '?mode=ro', uri=True).execute('select key, data from kv').fetchall()))`,
        file,
      ),
    ).toEqual([['a', '1']]);
  });

  it('may be flushed with nothing to do, and closed twice', () => {
    const store = openStore();
    store.flush();
    store.flush();
    store.flush(false);
    store.close();
    store.close();
    store.flush();
    store.flush(false);
  });

  it('lives in memory when asked, and leaves no file', () => {
    const store = openStore(':memory:');
    store.set('a', 1);
    store.flush();
    expect(store.get('a')).toBe(1);
    expect(existsSync(':memory:')).toBe(false);
  });
});

describe('who may read it', () => {
  it('is private from the first moment, journal included, whatever the umask', () => {
    const file = makeStorePath();
    const umask = process.umask(0);
    try {
      const store = openStore(file);
      store.set('a', 1);
      expect(modeOf(file)).toBe('600');
      expect(modeOf(`${file}-journal`)).toBe('600');
      store.flush();
    } finally {
      process.umask(umask);
    }
    expect(modeOf(file)).toBe('600');
  });

  it('is made private where it was not', () => {
    const file = makeStorePath();
    openStore(file).flush();
    chmodSync(file, 0o644);
    openStore(file);
    expect(modeOf(file)).toBe('600');
  });
});

describe('a file that is no good', () => {
  it.each([
    ['a text', (file: string) => writeFileSync(file, 'this is not a database\n'.repeat(500))],
    ['a short text', (file: string) => writeFileSync(file, 'hello')],
    ['a folder', (file: string) => mkdirSync(file)],
    ['a database with its header overwritten', (file: string) => overwrite(makeFilled(file), 0, 100)],
    ['a database with its schema overwritten', (file: string) => overwrite(makeFilled(file), 100, 3900)],
  ])('is refused with an error that names it: %s', (_, make) => {
    const file = makeStorePath();
    make(file);
    expect(() => openStore(file).getRange('')).toThrow(/^cannot .*/);
    expect(() => openStore(file).getRange('')).toThrow(`"${file}"`);
  });

  it('is refused with an error that names it when its folder is missing', () => {
    const file = path.join(makeFolder(), 'missing', '.unit-state.db');
    expect(() => openStore(file)).toThrow(`cannot open the unit's store "${file}": `);
  });

  it('keeps a text that is no database as it is', () => {
    const file = makeStorePath();
    const text = 'this is not a database\n'.repeat(500);
    writeFileSync(file, text);
    expect(() => openStore(file)).toThrow();
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it.each([
    [
      'cut off in the middle',
      (file: string) => truncateSync(file, Math.floor(statSync(file).size / 8192) * 4096),
    ],
    ['overwritten behind its schema', (file: string) => overwrite(file, 4096, statSync(file).size - 4096)],
  ])('is refused with an error that names it, by the first read at the latest: %s', (_, spoil) => {
    const file = makeStorePath();
    makeFilled(file);
    spoil(file);
    expect(() => new FlagRegistry(openStore(file))).toThrow(`"${file}"`);
  });

  it('has its key named where a value is no JSON', () => {
    const file = makeStorePath();
    openStore(file).flush();
    runPython(
      `import json, sqlite3, sys
database = sqlite3.connect(json.load(sys.stdin))
database.execute("insert into kv values ('the.key', '{broken')")
database.commit()
print('null')`,
      file,
    );
    const store = openStore(file);
    expect(() => store.get('the.key')).toThrow(/"the\.key"/);
    expect(() => store.getRange('the.')).toThrow(/"the\.key"/);
    store.set('the.key', 1);
    expect(store.get('the.key')).toBe(1);
  });
});

describe('a file that others made', () => {
  it('is used when it is empty, as touch leaves it', () => {
    const file = makeStorePath();
    writeFileSync(file, '');
    const store = openStore(file);
    store.set('a', 1);
    store.flush();
    store.close();
    expect(openStore(file).get('a')).toBe(1);
  });

  it('gets the tables it lacks, and keeps the ones it has', () => {
    const file = makeStorePath();
    runPython(
      `import json, sqlite3, sys
database = sqlite3.connect(json.load(sys.stdin))
database.execute('create table kv (key text, data text, primary key (key))')
database.execute('create table mine (a text)')
database.execute("insert into kv values ('a', '1')")
database.commit()
print('null')`,
      file,
    );
    const store = openStore(file);
    expect(store.get('a')).toBe(1);
    store.set('b', 2);
    store.flush();
    store.close();
    expect(tablesOf(file)).toEqual(['hooks', 'kv', 'kv_revisions', 'mine', 'sqlite_sequence']);
  });

  it('is used in write-ahead mode too, and what its log holds is not lost', () => {
    const file = makeStorePath();
    runPython(
      `import json, os, sqlite3, sys
database = sqlite3.connect(json.load(sys.stdin))
database.execute('pragma journal_mode = wal')
database.execute('create table kv (key text, data text, primary key (key))')
database.execute("insert into kv values ('a', '1')")
database.commit()
print('null', flush=True)
os._exit(0)`,
      file,
    );
    expect(existsSync(`${file}-wal`)).toBe(true);
    const store = openStore(file);
    expect(store.get('a')).toBe(1);
    store.set('b', 2);
    store.flush();
    store.close();
    expect(openStore(file).getRange('')).toEqual({ a: 1, b: 2 });
  });
});

/** A store with a hundred flags of 1 kB each. */
function makeFilled(file: string): string {
  const store = openStore(file);
  for (let index = 0; index < 100; index += 1) store.set(`${FLAG_PREFIX}flag.${index}`, 'x'.repeat(1000));
  store.flush();
  store.close();
  return file;
}

function overwrite(file: string, start: number, length: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(length, 0x5a), 0, length, start);
  closeSync(descriptor);
}

function tablesOf(file: string): unknown {
  return runPython(
    `import json, sqlite3, sys
database = sqlite3.connect(json.load(sys.stdin))
print(json.dumps(sorted(name for (name,) in database.execute("select name from sqlite_master where type = 'table'"))))`,
    file,
  );
}
