import type { LogLine } from '../report/debug-log.ts';

/** What happened when a hook was due, for reports and tests. */
export interface HookRecord {
  /** `redis/0`. */
  readonly unit: string;
  /** `db-relation-joined`. */
  readonly hook: string;
  /** For an action or a command: the task's id. */
  readonly task?: string;
  /** `db:3`; only in relation hooks, as are the next three. */
  readonly relationId?: string;
  readonly remoteUnit?: string;
  readonly remoteApplication?: string;
  readonly departingUnit?: string;
  /** `skipped`: the charm has no such hook. `interrupted`: it was cut off with its agent, and runs again. */
  readonly outcome: 'ran' | 'failed' | 'skipped' | 'interrupted';
  /** Null where the process was killed, or there was none. */
  readonly exitCode: number | null;
  readonly signal?: string;
  /** Why the hook failed: `exit status 1`, `signal: killed`, or what Juju refused to commit. */
  readonly failure?: string;
  /** The tools that the hook called, in order, each with its arguments. */
  readonly toolCalls: readonly (readonly string[])[];
  /** What the hook printed and logged, with what the agent logged about it. */
  readonly log: readonly LogLine[];
  readonly milliseconds: number;
}

/** What a model tells as it goes. */
export type ModelEvent =
  | { readonly type: 'hook-started'; readonly unit: string; readonly hook: string }
  | { readonly type: 'hook'; readonly record: HookRecord }
  | { readonly type: 'log'; readonly line: LogLine };
