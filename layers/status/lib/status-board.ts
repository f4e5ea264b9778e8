import type { Unit } from 'charms-reactive';

/** What one layer said of the workload. */
export interface StatusNote {
  readonly state: 'maintenance' | 'blocked' | 'waiting' | 'active';
  readonly message: string;
  /** The layer that said it; one that the charm does not have counts least. */
  readonly layer: string;
}

/** The worst first. */
const ORDER = ['blocked', 'waiting', 'active'] as const;

/** What was said in one hook, until the worst of it is told Juju. It is kept nowhere: each hook begins anew. */
export class StatusBoard {
  readonly #unit: Unit;
  readonly #notes: StatusNote[] = [];
  #isCollecting = false;

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  /** Takes a note; `maintenance` is told at once, as is everything while nothing is collected. */
  add(note: StatusNote): void {
    const { state, message } = note;
    this.#unit.log.info(`status-set: ${state}: ${message}`);
    if (state === 'maintenance') {
      this.#unit.tools.statusSet(state, message);
      return;
    }
    this.#notes.push(note);
    if (!this.#isCollecting) this.#tell();
  }

  /** From now on notes wait for `finish`. */
  collect(): void {
    this.#isCollecting = true;
  }

  /** Tells the worst of what was noted; what comes later is told at once, and still does not beat what is worse. */
  finish(): void {
    if (!this.#isCollecting) return;
    this.#isCollecting = false;
    this.#tell();
  }

  #tell(): void {
    const worst = ORDER.find((state) => this.#notes.some((note) => note.state === state));
    if (worst === undefined) return;
    const notes = this.#notes.filter(({ state }) => state === worst);
    const best = Math.max(...notes.map(({ layer }) => this.#rank(layer)));
    const last = notes.findLast(({ layer }) => this.#rank(layer) === best);
    this.#unit.tools.statusSet(worst, last?.message ?? '');
  }

  /** The place of a layer in the charm, which dashes and underscores leave the same. */
  #rank(layer: string): number {
    return this.#unit.layers.map(foldName).lastIndexOf(foldName(layer));
  }
}

const boards = new WeakMap<Unit, StatusBoard>();

/** What was said in this hook. */
export function boardOf(unit: Unit): StatusBoard {
  const board = boards.get(unit) ?? new StatusBoard(unit);
  boards.set(unit, board);
  return board;
}

function foldName(layer: string): string {
  return layer.replaceAll('-', '_');
}
