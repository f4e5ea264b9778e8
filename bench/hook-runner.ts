import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { FakeTools } from './fake-tools.ts';
import { answerFor, environmentOf, type HookCall, type HookKind } from './hook-kinds.ts';
import { measureProcess, type ProcessCost } from './process-cost.ts';

/** A charm whose hooks are measured, whatever it is written in. */
export interface MeasuredCharm {
  readonly name: string;
  /** Its folder: where hooks run, and where it keeps its state in files whose names begin with a dot. */
  readonly folder: string;
  /** Runs a hook: `["./dispatch"]`. */
  readonly command: readonly string[];
}

/** What a hook took. */
export interface HookCost extends ProcessCost {
  /** The hook tools that it called, in order. */
  readonly calls: readonly string[];
  /** The transactions that it committed to `.unit-state.db`. */
  readonly commits: number;
}

/** Runs hooks of one charm, each kind again and again from the same state. */
export class HookRunner {
  readonly #charm: MeasuredCharm;
  readonly #tools: FakeTools;
  readonly #usage: string;
  readonly #pristine: string;
  readonly #states: string;

  /** `usage` measures a process; `states` is a folder for copies of the charm's state. */
  constructor(
    charm: MeasuredCharm,
    given: { readonly tools: FakeTools; readonly usage: string; readonly states: string },
  ) {
    const { tools, usage, states } = given;
    this.#charm = charm;
    this.#tools = tools;
    this.#usage = usage;
    this.#states = states;
    for (const file of stateFiles(charm.folder)) if (isLeftover(file)) rmSync(join(charm.folder, file));
    this.#pristine = this.#save('pristine');
  }

  /**
   * Brings the charm where a kind of hook finds it, where the hook before found tools that take so many milliseconds longer; the
   * answer runs that hook, each time from there.
   */
  prepare(kind: HookKind, delay = 0): () => HookCost {
    this.#restore(this.#pristine);
    this.#tools.delay(0);
    for (const call of kind.before) {
      if (call === kind.before.at(-1)) this.#tools.delay(delay);
      answerFor(this.#tools, call, 6379);
      this.#run(call);
    }
    const state = this.#save(kind.name);
    return () => {
      this.#restore(state);
      answerFor(this.#tools, kind.measured, kind.isNews ? 6380 : 6379);
      this.#tools.takeCalls();
      const store = join(this.#charm.folder, '.unit-state.db');
      const before = countCommits(store);
      const cost = this.#run(kind.measured);
      return { ...cost, calls: this.#tools.takeCalls(), commits: countCommits(store) - before };
    };
  }

  /** Leaves the charm's folder as it was. */
  finish(): void {
    this.#restore(this.#pristine);
  }

  #run(call: HookCall): ProcessCost {
    const { folder, command } = this.#charm;
    // As bare as Juju leaves it: what the user's shell says to a runtime would be measured as well.
    const bare = { PATH: `${this.#tools.bin}:/usr/local/bin:/usr/bin:/bin`, LANG: 'C.UTF-8' };
    const environment = { ...bare, ...environmentOf(call, folder) };
    return measureProcess(this.#usage, { command, folder, environment });
  }

  #save(name: string): string {
    const state = join(this.#states, name.replaceAll(/[ ,]+/g, '-'));
    rmSync(state, { recursive: true, force: true });
    mkdirSync(state, { recursive: true });
    for (const file of stateFiles(this.#charm.folder))
      copyFileSync(join(this.#charm.folder, file), join(state, file));
    return state;
  }

  #restore(state: string): void {
    const { folder } = this.#charm;
    for (const file of stateFiles(folder)) rmSync(join(folder, file));
    for (const file of stateFiles(state)) {
      copyFileSync(join(state, file), join(folder, file));
      waitForDisk(join(folder, file));
    }
  }
}

/** SQLite counts, at this place of a file, the transactions that changed it. */
function countCommits(store: string): number {
  return existsSync(store) && statSync(store).size > 0 ? readFileSync(store).readUInt32BE(24) : 0;
}

/** What was copied is not to be written when a hook waits for its own. */
function waitForDisk(file: string): void {
  const descriptor = openSync(file, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** What hooks of an earlier run wrote that did not come to its end. */
function isLeftover(file: string): boolean {
  return file.startsWith('.unit-state.db') || file === '.juju-persistent-config';
}

function stateFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith('.'))
    .map(({ name }) => name);
}
