import type { FlagChange } from '../flags/cause.ts';
import type { FlagListener, FlagRegistry } from '../flags/flag-registry.ts';
import type { FlagMatcher } from '../handlers/flag-pattern.ts';
import type { RoundFacts } from '../handlers/gate.ts';
import type { CompiledCondition, Handler } from '../handlers/handler.ts';
import { HandlerIndex } from './handler-index.ts';
import { LoopWatch } from './loop-watch.ts';
import type { Tracer } from './tracer.ts';

/** What a dispatch works on. */
export interface Dispatch {
  /** In the order in which they are to run when several are due. */
  readonly handlers: readonly Handler[];
  readonly flags: FlagRegistry;
  /** Differs where unit data differs; tells progress from going round. */
  readonly dataFingerprint: () => string;
  /** The changes that the start of the hook made, oldest first: they woke what runs first. */
  readonly startChanges?: readonly FlagChange[];
  readonly tracer?: Tracer;
}

/**
 * Runs handlers until nothing new matches, by the reference's rules:
 *
 *     first      every handler that waits for this hook (in a restricted hook, that is all)
 *     round 1    every handler whose conditions hold
 *     round 2 …  those whose conditions hold and of whose flags one changed in the round before
 *     until      a round has nothing to run
 *
 * The queue of a round is made when the round begins, so a flag set in it is seen in the next. Clearing a flag, whether
 * it was set or not, tests what is left of the queue again and drops what no longer matches. One handler at a time.
 *
 * @throws DispatchLoopError when it comes back to a state it has been in; whatever a handler throws.
 */
export async function dispatch(work: Dispatch): Promise<void> {
  const changes = new ChangeLog(work);
  const stop = work.flags.listen(changes);
  try {
    const facts = { round: 0, changed: changes.nextRound() };
    const first = work.handlers
      .filter(({ phase }) => phase !== 'other')
      .filter((handler) => holds(handler, work, facts));
    await runQueue(work, { queue: first, facts, changes });
    await runRounds(work, changes);
  } finally {
    stop();
  }
}

async function runRounds(work: Dispatch, changes: ChangeLog): Promise<void> {
  const index = new HandlerIndex(work.handlers.filter(({ phase }) => phase === 'other' || phase === 'every'));
  const watch = new LoopWatch(work);
  const watched = { ...work, tracer: alsoTelling(watch, work.tracer) };
  for (let round = 1; ; round += 1) {
    const facts = { round, changed: changes.nextRound() };
    const candidates = round === 1 ? index.all : index.waitingFor(facts.changed);
    const queue = candidates.filter((handler) => holds(handler, work, facts));
    if (queue.length === 0) return;
    watch.refuseRepeat(queue, facts.changed);
    await runQueue(watched, { queue, facts, changes });
  }
}

function alsoTelling(watch: LoopWatch, tracer: Tracer | undefined): Tracer {
  return {
    ...(tracer?.handlerFails ? { handlerFails: tracer.handlerFails.bind(tracer) } : {}),
    handlerStarts: (run) => {
      watch.ran(run.handler);
      tracer?.handlerStarts?.(run);
    },
  };
}

interface Queue {
  readonly queue: readonly Handler[];
  readonly facts: RoundFacts;
  readonly changes: ChangeLog;
}

async function runQueue(work: Dispatch, { queue, facts, changes }: Queue): Promise<void> {
  let waiting = queue;
  let next = 0;
  for (let handler = waiting[next]; handler; handler = waiting[next]) {
    next += 1;
    changes.clearCalls = 0;
    work.tracer?.handlerStarts?.({
      handler: handler.id,
      round: facts.round,
      wokenBy: changes.thatWoke(handler),
    });
    const leave = work.flags.enter({ kind: 'handler', handler: handler.id });
    try {
      await handler.run();
      for (const gate of handler.gates ?? []) gate.ran?.();
    } catch (error) {
      work.tracer?.handlerFails?.({ handler: handler.id, error });
      throw error;
    } finally {
      leave();
    }
    if (changes.clearCalls === 0) continue;
    waiting = waiting.slice(next).filter((other) => holds(other, work, facts));
    next = 0;
  }
}

function holds({ conditions, gates }: Handler, { flags }: Dispatch, facts: RoundFacts): boolean {
  for (const condition of conditions) if (!conditionHolds(condition, flags)) return false;
  return gates?.every((gate) => gate.isOpen(facts)) ?? true;
}

function conditionHolds({ kind, flags: wanted }: CompiledCondition, flags: FlagRegistry): boolean {
  switch (kind) {
    case 'all':
      return !hasOne(wanted, flags, false);
    case 'any':
      return hasOne(wanted, flags, true);
    case 'none':
      return !hasOne(wanted, flags, true);
    case 'not-all':
      return hasOne(wanted, flags, false);
  }
}

/** Whether one of the flags is set, or one is not. */
function hasOne(wanted: readonly FlagMatcher[], flags: FlagRegistry, isSet: boolean): boolean {
  for (const { text, matches } of wanted) {
    if ((matches ? flags.some(matches) : flags.isSet(text)) === isSet) return true;
  }
  return false;
}

/** Collects what changes: for the next round, and for the answer to why a handler ran. */
class ChangeLog implements FlagListener {
  clearCalls = 0;
  /** What the round that runs was made from. */
  #acted: readonly FlagChange[] = [];
  /** What the next one will be made from; at first, what the start of the hook changed. */
  #pending: FlagChange[];
  #round = 0;

  constructor({ startChanges = [] }: Dispatch) {
    this.#pending = [...startChanges];
  }

  changed(change: FlagChange): void {
    this.#pending.push(change);
  }

  clearCalled(): void {
    this.clearCalls += 1;
  }

  /** Begins a round; the flags that changed in the one before, each once. Round 1 acts on all of the hook so far. */
  nextRound(): ReadonlySet<string> {
    this.#acted = this.#round === 1 ? [...this.#acted, ...this.#pending] : this.#pending;
    this.#round += 1;
    this.#pending = [];
    return new Set(this.#acted.map(({ flag }) => flag));
  }

  /** A handler of the phase `every` that does not tell its flags is woken, from round 2 on, by any. */
  thatWoke(handler: Handler): FlagChange[] {
    const { phase, watchedFlags } = handler;
    if (phase === 'every' && !watchedFlags) return this.#round > 2 ? [...this.#acted] : [];
    return this.#acted.filter(({ flag }) => waitsFor(handler, flag));
  }
}

function waitsFor({ conditions, watchedFlags }: Handler, flag: string): boolean {
  for (const { flags } of conditions) {
    for (const { text, matches } of flags) if (matches ? matches(flag) : text === flag) return true;
  }
  return watchedFlags?.includes(flag) ?? false;
}
