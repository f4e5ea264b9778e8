import type { HandlerRun, Tracer } from '../dispatch/tracer.ts';
import { describeCause, describeEdge, type FlagChange } from '../flags/cause.ts';
import type { Log } from './log.ts';

/** The default tracer: one INFO line for each run of a handler, with the flag changes that woke it. */
export class LogTracer implements Tracer {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  handlerStarts({ handler, round, wokenBy }: HandlerRun): void {
    this.#log.info(`running ${handler} ${round === 0 ? '(this hook)' : `(${describeWaking(wokenBy)})`}`);
  }
}

/** Of a flag that went to and fro, the last change counts: that is how it stands now. */
function describeWaking(changes: readonly FlagChange[]): string {
  const last = new Map(changes.map((change) => [change.flag, change]));
  if (last.size === 0) return 'its flags stood so before this hook';
  return [...last.values()]
    .map((change) => `${describeEdge(change)} by ${describeCause(change.cause)}`)
    .join('; ');
}
