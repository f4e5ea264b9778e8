import { join } from 'node:path';
import type Database from 'better-sqlite3';
import type { LogLine } from '../report/debug-log.ts';
import type { ModelState, UnitState } from './model-state.ts';
import { openPrivately } from './private-database.ts';

/** The parts of a model that are records by name, each kept in a row of its own. */
const KINDS = ['machines', 'applications', 'units', 'relations', 'secrets', 'storage', 'tasks'] as const;

type Kind = (typeof KINDS)[number];

/**
 * A model on disk (`model.db`, SQLite): a row for each application, unit, relation and so on, written when it differs from
 * what was written last. Each `save` is one transaction, so that a process killed at any moment leaves a whole model behind.
 * One process at a time may have it open for writing (`ModelLock`); others may read the log.
 */
export class ModelStore {
  readonly #database: Database.Database;
  /** What is on disk, by `kind key`. */
  readonly #written = new Map<string, string>();
  readonly #deferred = new Set<UnitState>();
  readonly #put: Database.Statement<[string, string, string]>;
  readonly #remove: Database.Statement<[string, string]>;
  readonly #log: Database.Statement<[string, string, string, string, string]>;

  /** Opens the model in a folder, which is made where there is none. Throws where the file is no model of this version. */
  constructor(folder: string) {
    const file = join(folder, 'model.db');
    this.#database = openPrivately(file);
    // Losing power may cost the last hooks of a model on a laptop, killing a process costs nothing.
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = NORMAL');
    const version = this.#database.pragma('user_version', { simple: true });
    if (version !== 0 && version !== VERSION) {
      this.#database.close();
      throw new Error(
        `cannot open "${file}": it was written by another version of the simulator (${version})`,
      );
    }
    this.#database.exec(SCHEMA);
    this.#database.pragma(`user_version = ${VERSION}`);
    this.#put = this.#database.prepare('INSERT OR REPLACE INTO entity (kind, key, value) VALUES (?, ?, ?)');
    this.#remove = this.#database.prepare('DELETE FROM entity WHERE kind = ? AND key = ?');
    this.#log = this.#database.prepare(
      'INSERT INTO log (time, unit, level, logger, message) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /** The model as it was saved; undefined where none ever was. */
  load(): ModelState | undefined {
    const rows = this.#database.prepare('SELECT kind, key, value FROM entity ORDER BY rowid').all() as {
      readonly kind: string;
      readonly key: string;
      readonly value: string;
    }[];
    const state: Record<string, unknown> = {};
    for (const kind of KINDS) state[kind] = Object.create(null);
    let isThere = false;
    for (const { kind, key, value } of rows) {
      this.#written.set(`${kind} ${key}`, value);
      if (kind === 'model') {
        Object.assign(state, JSON.parse(value));
        isThere = true;
      } else {
        (state[kind] as Record<string, unknown>)[key] = JSON.parse(value);
      }
    }
    return isThere ? (state as unknown as ModelState) : undefined;
  }

  /**
   * Writes down what has changed. With `about`, only that unit, its application and its relations are compared with what is
   * on disk, and what is new or gone is noticed everywhere: that is what a hook can have changed.
   */
  save(state: ModelState, about?: UnitState): void {
    const units = about === undefined ? [] : [about, ...this.#deferred];
    this.#deferred.clear();
    const scope = new Set(units.flatMap((unit) => scopeOf(state, unit)));
    const changes = this.#findChanges(state, about === undefined ? undefined : scope);
    if (changes.length === 0) return;
    this.#database.transaction(() => {
      for (const { kind, key, value } of changes) {
        if (value === undefined) this.#remove.run(kind, key);
        else this.#put.run(kind, key, value);
      }
    })();
    for (const { kind, key, value } of changes) {
      if (value === undefined) this.#written.delete(`${kind} ${key}`);
      else this.#written.set(`${kind} ${key}`, value);
    }
  }

  /**
   * Has what has changed about a unit written down with the next `save`: for a hook that the charm does not have, which
   * would be skipped again if this were lost.
   */
  defer(unit: UnitState): void {
    this.#deferred.add(unit);
  }

  /** Adds a line to the debug log. */
  appendLog({ time, unit, level, logger, message }: LogLine): void {
    this.#log.run(time, unit, level, logger, message);
  }

  /** The debug log, oldest line first: all of it, or what came after a line (`after`, a number of `id`). */
  readLog(after = 0): (LogLine & { readonly id: number })[] {
    const rows = this.#database.prepare('SELECT * FROM log WHERE id > ? ORDER BY id').all(after);
    return rows as (LogLine & { readonly id: number })[];
  }

  close(): void {
    this.#database.close();
  }

  #findChanges(state: ModelState, scope: ReadonlySet<string> | undefined): Change[] {
    const changes: Change[] = [];
    const compare = (kind: string, key: string, entity: unknown) => {
      const value = JSON.stringify(entity);
      if (this.#written.get(`${kind} ${key}`) !== value) changes.push({ kind, key, value });
    };
    const { machines, applications, units, relations, secrets, storage, tasks, ...rest } = state;
    compare('model', '', rest);
    for (const kind of KINDS) {
      for (const [key, entity] of Object.entries(state[kind])) {
        const place = `${kind} ${key}`;
        if (scope === undefined || scope.has(place) || !this.#written.has(place)) compare(kind, key, entity);
      }
    }
    for (const place of this.#written.keys()) {
      const [kind = '', key = ''] = splitPlace(place);
      if (kind !== 'model' && state[kind as Kind][key] === undefined)
        changes.push({ kind, key, value: undefined });
    }
    return changes;
  }
}

interface Change {
  readonly kind: string;
  readonly key: string;
  /** Undefined where the row is to go. */
  readonly value: string | undefined;
}

const VERSION = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entity (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)
  );
  CREATE TABLE IF NOT EXISTS log (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, unit TEXT NOT NULL, level TEXT NOT NULL,
    logger TEXT NOT NULL, message TEXT NOT NULL
  );
`;

/** What a hook of a unit, or its agent between hooks, can have changed. Secrets and storage are few. */
function scopeOf(state: ModelState, unit: UnitState): string[] {
  const tasks = Object.values(state.tasks).filter((task) => task.unit === unit.name);
  return [
    `units ${unit.name}`,
    `applications ${unit.application}`,
    ...Object.keys(unit.agent.relations).map((id) => `relations ${id}`),
    ...Object.keys(state.secrets).map((id) => `secrets ${id}`),
    ...Object.keys(state.storage).map((id) => `storage ${id}`),
    ...tasks.map((task) => `tasks ${task.id}`),
    ...neighboursOf(state, unit).map((name) => `units ${name}`),
  ];
}

/** The units on the same machine: a reboot, or their principal's end, changes them too. */
function neighboursOf(state: ModelState, unit: UnitState): string[] {
  const units = Object.values(state.units).filter((other) => other.machine === unit.machine);
  return units.map(({ name }) => name);
}

function splitPlace(place: string): [string, string] {
  const at = place.indexOf(' ');
  return [place.slice(0, at), place.slice(at + 1)];
}
