import type { FlagChange } from '../flags/cause.ts';

/** What a dispatch tells about itself. A tracer only listens: it changes nothing, and handlers never see it. */
export interface Tracer {
  /** A handler is about to run. */
  handlerStarts?(run: HandlerRun): void;
  /** A handler threw, or ended the hook; what it threw goes on to whoever dispatches. */
  handlerFails?(failure: { readonly handler: string; readonly error: unknown }): void;
}

/** One run of a handler, and why it came to it. */
export interface HandlerRun {
  readonly handler: string;
  /** 0 for handlers that wait for the hook itself, then the rounds of those that wait for flags, from 1. */
  readonly round: number;
  /** The changes of this hook, oldest first, to flags it waits for; empty when they stood so before the hook. */
  readonly wokenBy: readonly FlagChange[];
}
