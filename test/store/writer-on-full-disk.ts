import { SqliteStore } from '../../src/store/sqlite-store.ts';

/** Writes more than there is room for, goes on whatever fails, and commits what it believes it wrote. */
const store = new SqliteStore({ path: process.argv[2] ?? '' });
let failures = 0;
for (let index = 0; index < 60; index += 1) {
  try {
    store.set(`large.${index}`, 'x'.repeat(500_000));
  } catch {
    failures += 1;
  }
}
try {
  store.set('last', 1);
} catch {
  failures += 1;
}
console.log(failures);
store.flush();
store.close();
