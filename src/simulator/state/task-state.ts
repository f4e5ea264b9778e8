/** What an action answered: texts and numbers, nested as the dots in their keys say. */
export interface TaskResults {
  [key: string]: string | number | TaskResults;
}

/** An action, or a command of `juju exec`, that was asked for on one unit. */
export interface TaskState {
  /** Operations and tasks share one sequence: operation 1 has task 2. */
  readonly id: string;
  readonly operation: string;
  readonly unit: string;
  /** What is to run: the action by name, or a command for bash. */
  readonly what:
    | {
        readonly kind: 'action';
        readonly name: string;
        readonly parameters: Readonly<Record<string, unknown>>;
      }
    | {
        readonly kind: 'exec';
        readonly command: string;
        /** The relation whose context the command runs in, and the unit in it, if any. */
        readonly relationId: number | null;
        readonly remoteUnit: string | null;
      };
  status: 'pending' | 'running' | 'completed' | 'failed' | 'aborted' | 'cancelled';
  message: string;
  /** With `return-code`, and `stdout` and `stderr` where there was any, once it has ended. */
  results: TaskResults;
  readonly log: { readonly time: string; readonly message: string }[];
  /** ISO 8601, as are the next two. */
  readonly enqueued: string;
  started: string | null;
  completed: string | null;
}
