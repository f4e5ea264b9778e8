import type { HookInfo } from '../agent/hook-info.ts';
import type { UnitState } from '../state/model-state.ts';

/** Something that goes wrong on purpose, in one run of a hook. Units and hooks are named as in Juju. */
export type Fault = FaultAtTool | FaultAfterHook;

/** What happens when a hook calls its n-th tool, before that tool does anything. */
export interface FaultAtTool {
  /**
   * `fail`: the hook is killed and has failed: the unit is in error. `kill`: the hook and the unit's agent are killed: the
   * hook runs again, and is no error. `lose-leadership`: another unit leads from now on.
   */
  readonly kind: 'fail' | 'kill' | 'lose-leadership';
  readonly unit: string;
  readonly hook: string;
  /** Counted from 1. A hook that calls fewer tools goes well. */
  readonly toolCall: number;
}

/** What happens when a hook has succeeded and all that it wrote has landed. */
export interface FaultAfterHook {
  /** `restart-agent`: the unit's agent starts anew. `run-again`: it does so before it noted the hook, which runs again. */
  readonly kind: 'restart-agent' | 'run-again';
  readonly unit: string;
  readonly hook: string;
}

/** Decides what goes wrong. */
export interface FaultSource {
  /** Called once as a hook starts; what is answered happens in this run of it. */
  take(unit: UnitState, hook: HookInfo): Fault | undefined;
}
