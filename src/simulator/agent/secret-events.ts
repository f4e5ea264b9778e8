import type { ModelState, UnitState } from '../state/model-state.ts';
import type { HookInfo } from './hook-info.ts';

/** Which hook about a secret is due on a unit; undefined where none is. */
export function nextSecretHook(_state: ModelState, _unit: UnitState): HookInfo | undefined {
  return undefined;
}

/** Lets a unit's agent remember that a hook about a secret has run. */
export function rememberSecretHook(_state: ModelState, _unit: UnitState, _hook: HookInfo): void {}
