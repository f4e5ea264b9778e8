import { runningUnit } from '../charm/running-unit.ts';
import type { Unit } from '../charm/unit.ts';
import type { WatchedFile } from '../handlers/condition.ts';

/**
 * Whether data differs from what was given under this id the last time, and remembers it. The first time counts as a
 * change. @throws TypeError when the data has no JSON form.
 */
export function data_changed(data_id: string, data: unknown, hash_type = 'md5'): boolean {
  return runningUnit('data_changed').dataChanged(data_id, data, { hash: hash_type });
}

/** Like `data_changed`, but remembers nothing. */
export function is_data_changed(data_id: string, data: unknown, hash_type = 'md5'): boolean {
  return runningUnit('is_data_changed').isDataChanged(data_id, data, { hash: hash_type });
}

/** Whether one of the files is not as it was the last time this was asked, and remembers how they are. */
export function any_file_changed(filenames: readonly WatchedFile[], hash_type = 'md5'): boolean {
  return runningUnit('any_file_changed').anyFileChanged(filenames, { hash: hash_type });
}

/** Whether this hook fits one of the patterns: `{requires:redis}-relation-{joined,changed}`. */
export function any_hook(...hook_patterns: string[]): boolean {
  return runningUnit('any_hook').isHook(...hook_patterns);
}

/** Whether `mark_invoked` was called with this id, in this hook or an earlier one that succeeded. */
export function was_invoked(invocation_id: string): boolean {
  return runningUnit('was_invoked').wasInvoked(invocation_id);
}

/** Remembers that something was done, for `was_invoked`. */
export function mark_invoked(invocation_id: string): void {
  runningUnit('mark_invoked').markInvoked(invocation_id);
}

/** The unit whose hook runs: the way from these functions to all that `charms-reactive` has. No name of the reference's. */
export function unit(): Unit {
  return runningUnit('unit');
}

export {
  all_flags_set,
  all_states,
  any_flags_set,
  any_states,
  is_state,
  toggle_state,
} from './flags.ts';
