import type { Handler } from '../handlers/handler.ts';

/** Finds the handlers that wait for a flag, so that a round costs what changed and not what exists. */
export class HandlerIndex {
  readonly all: readonly Handler[];
  readonly #byFlag = new Map<string, number[]>();
  /** Handlers with gates: only asking tells whether they are due. */
  readonly #always: number[] = [];
  readonly #byPattern: { readonly matches: (flag: string) => boolean; readonly position: number }[] = [];

  constructor(handlers: readonly Handler[]) {
    this.all = handlers;
    for (const [position, handler] of handlers.entries()) this.#add(handler, position);
  }

  /** The handlers that wait for one of the flags, and those with gates, in their own order. */
  waitingFor(flags: ReadonlySet<string>): Handler[] {
    const positions = new Set(this.#always);
    for (const flag of flags) {
      for (const position of this.#byFlag.get(flag) ?? []) positions.add(position);
      for (const { matches, position } of this.#byPattern) if (matches(flag)) positions.add(position);
    }
    return [...positions].sort((a, b) => a - b).map((position) => this.all[position] as Handler);
  }

  #add(handler: Handler, position: number): void {
    if (handler.gates) this.#always.push(position);
    for (const { text, matches } of handler.conditions.flatMap(({ flags }) => flags)) {
      if (matches) this.#byPattern.push({ matches, position });
      else {
        const positions = this.#byFlag.get(text) ?? [];
        this.#byFlag.set(text, positions);
        positions.push(position);
      }
    }
  }
}
