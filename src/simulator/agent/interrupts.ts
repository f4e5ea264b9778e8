/**
 * Hooks that are to be killed on purpose, for tests of what a crash leaves behind: each is killed (SIGKILL, with its whole
 * process group) when it calls its n-th tool, before that tool does anything.
 */
export class Interrupts {
  #planned: Interrupt[] = [];

  /** Plans a kill. It happens once, in the next run of that hook on that unit, if that calls so many tools. */
  plan(interrupt: Interrupt): void {
    this.#planned.push(interrupt);
  }

  /** The tool call, counted from 1, at which a hook that starts now is to be killed; undefined where none is planned. */
  take(unit: string, hook: string): number | undefined {
    const found = this.#planned.find((interrupt) => interrupt.unit === unit && interrupt.hook === hook);
    this.#planned = this.#planned.filter((interrupt) => interrupt !== found);
    return found?.toolCall;
  }
}

/** Which hook to kill, and at which of its tool calls, counted from 1. */
export interface Interrupt {
  readonly unit: string;
  readonly hook: string;
  readonly toolCall: number;
}
