import type { FlagMatcher } from '../handlers/flag-pattern.ts';
import type { Handler } from '../handlers/handler.ts';

/**
 * Finds the handlers that wait for a flag, so that a round costs what changed and not what exists. It is made when it is first
 * asked: most hooks have no round but the first, in which every handler is looked at.
 */
export class HandlerIndex {
  readonly all: readonly Handler[];
  #isMade = false;
  readonly #byFlag = new Map<string, number[]>();
  /** Handlers with gates: only asking tells whether they are due. */
  readonly #always: number[] = [];
  readonly #byPattern: { readonly matches: (flag: string) => boolean; readonly position: number }[] = [];

  constructor(handlers: readonly Handler[]) {
    this.all = handlers;
  }

  /** The handlers that wait for one of the flags, and those with gates, in their own order. */
  waitingFor(flags: ReadonlySet<string>): Handler[] {
    this.#make();
    const positions = new Set(this.#always);
    for (const flag of flags) {
      for (const position of this.#byFlag.get(flag) ?? []) positions.add(position);
      for (const { matches, position } of this.#byPattern) if (matches(flag)) positions.add(position);
    }
    return [...positions].sort((a, b) => a - b).map((position) => this.all[position] as Handler);
  }

  #make(): void {
    if (this.#isMade) return;
    this.#isMade = true;
    for (const [position, handler] of this.all.entries()) {
      if (handler.gates) this.#always.push(position);
      for (const { flags } of handler.conditions) for (const matcher of flags) this.#add(matcher, position);
    }
  }

  #add({ text, matches }: FlagMatcher, position: number): void {
    if (matches) {
      this.#byPattern.push({ matches, position });
      return;
    }
    const positions = this.#byFlag.get(text);
    if (positions) positions.push(position);
    else this.#byFlag.set(text, [position]);
  }
}
