/** A charm as data, small enough to say what it must do in a few lines. */
export interface Program {
  readonly handlers: readonly PlainHandler[];
  readonly triggers: readonly PlainTrigger[];
  readonly hooks: readonly string[];
}

export interface PlainHandler {
  readonly hook: string | undefined;
  readonly conditions: readonly { readonly kind: Kind; readonly flags: readonly string[] }[];
  readonly steps: readonly Step[];
}

/** How the flags of a condition must stand. */
export type Kind = 'all' | 'any' | 'none' | 'not-all';
/** What a handler does. */
export type Step = readonly ['set' | 'clear', string] | readonly ['throw'];

export interface PlainTrigger {
  readonly edge: string;
  readonly set: string | undefined;
  readonly clear: string | undefined;
}

/** What came of one hook. */
export interface Outcome {
  readonly ran: readonly string[];
  readonly end: 'settled' | 'thrown' | 'DispatchLoopError' | 'TriggerLoopError';
  readonly flags: readonly string[];
}

/** The rules once more, with nothing in mind but to be right: every test is made in full, and nothing is remembered. */
export class PlainDispatcher {
  readonly #program: Program;
  #flags: Set<string>;
  #changed = new Set<string>();
  #clears = 0;
  #ran: string[] = [];
  #edges: string[] = [];

  constructor(program: Program, flags: readonly string[]) {
    this.#program = program;
    this.#flags = new Set(flags);
  }

  run(hookName: string): Outcome {
    const before = [...this.#flags];
    try {
      this.#runHook(hookName);
      return { ran: this.#ran, end: 'settled', flags: [...this.#flags].sort() };
    } catch (end) {
      return { ran: this.#ran, end: end as Outcome['end'], flags: before.sort() };
    }
  }

  #runHook(hookName: string): void {
    const here = this.#program.handlers
      .map((plain, index) => ({ ...plain, index }))
      .filter((plain) => plain.hook === undefined || plain.hook === hookName);
    for (const plain of here) {
      if (plain.hook !== undefined && plain.conditions.length === 0) this.#runSteps(plain.index, plain.steps);
    }
    const waiting = here.filter(({ conditions }) => conditions.length > 0);
    const past = new Set<string>();
    for (let round = 1; ; round += 1) {
      const changed = this.#changed;
      this.#changed = new Set();
      let queue = waiting.filter(
        (plain) =>
          this.#matches(plain) &&
          (round === 1 || plain.conditions.some(({ flags }) => flags.some((flag) => changed.has(flag)))),
      );
      if (queue.length === 0) return;
      const state = JSON.stringify([
        [...this.#flags].sort(),
        [...changed].sort(),
        queue.map(({ index }) => index),
      ]);
      if (past.has(state)) throw 'DispatchLoopError';
      past.add(state);
      while (queue.length > 0) {
        const [next, ...rest] = queue;
        this.#clears = 0;
        if (next) this.#runSteps(next.index, next.steps);
        queue = this.#clears > 0 ? rest.filter((plain) => this.#matches(plain)) : rest;
      }
    }
  }

  #matches({ conditions }: PlainHandler): boolean {
    return conditions.every(({ kind, flags }) => {
      const howMany = flags.filter((flag) => this.#flags.has(flag)).length;
      if (kind === 'all') return howMany === flags.length;
      if (kind === 'any') return howMany > 0;
      if (kind === 'none') return howMany === 0;
      return howMany < flags.length;
    });
  }

  #runSteps(index: number, steps: readonly Step[]): void {
    this.#ran.push(`web.h${index}`);
    for (const [what, flag = ''] of steps) {
      if (what === 'throw') throw 'thrown';
      else this.#put(flag, what === 'set');
    }
  }

  #put(flag: string, on: boolean): void {
    const was = this.#flags.has(flag);
    if (on) this.#flags.add(flag);
    else {
      this.#flags.delete(flag);
      this.#clears += 1;
    }
    if (was === on) return;
    this.#changed.add(flag);
    const edge = `${on ? '+' : '-'}${flag}`;
    const due = this.#program.triggers.filter((trigger) => trigger.edge === edge);
    if (due.length === 0) return;
    const state = `${edge} ${[...this.#flags].sort()}`;
    if (this.#edges.includes(state)) throw 'TriggerLoopError';
    this.#edges.push(state);
    for (const target of new Set(due.map((trigger) => trigger.set))) if (target) this.#put(target, true);
    for (const target of new Set(due.map((trigger) => trigger.clear))) if (target) this.#put(target, false);
    this.#edges.pop();
  }
}
