import type { HandlerRun, Tracer } from '../dispatch/tracer.ts';
import type { FlagChange } from '../flags/cause.ts';
import type { FlagRegistry } from '../flags/flag-registry.ts';
import type { HookContext } from '../hook/environment.ts';
import type { HookTools } from '../tools/hook-tools.ts';
import type { HookLog } from './log.ts';

/** Notes what a hook does, for its report. */
export class Recorder implements Tracer {
  readonly runs: HandlerRun[] = [];
  readonly changes: FlagChange[] = [];
  /** The handler that threw. */
  failed: string | undefined;

  constructor(flags: FlagRegistry) {
    flags.listen({ changed: (change) => void this.changes.push(change) });
  }

  handlerStarts(run: HandlerRun): void {
    this.runs.push(run);
  }
}

/** The log is told even when Juju no longer listens; that second failure must not hide the first. */
export function logFailure(failure: {
  readonly log: HookLog;
  readonly tools: HookTools;
  readonly hook: HookContext;
  readonly error: unknown;
  readonly handler: string | undefined;
}): void {
  const { log, tools, hook, error, handler } = failure;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const where = handler ? ` in ${handler}` : '';
  try {
    log.error(
      `hook ${hook.name} failed${where}, and nothing it did to flags, unit data and relation data is kept:\n${text}`,
    );
    log.flush();
    tools.settle();
  } catch (cause) {
    process.stderr.write(`cannot write to Juju's log: ${cause}\n${text}\n`);
  }
}
