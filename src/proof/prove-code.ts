import type { Finding } from './finding.ts';
import type { CharmModel, ModelCheck } from './reactive/charm-model.ts';
import { checkEndpointCalls, checkEndpoints } from './reactive/endpoint-checks.ts';
import { checkNeverCleared, checkNeverSet, checkNeverWaitedFor } from './reactive/flag-checks.ts';
import {
  checkEndpointNames,
  checkHookPatterns,
  checkNeverRuns,
  checkOptions,
} from './reactive/handler-checks.ts';

const CHECKS: readonly ModelCheck[] = [
  checkNeverSet,
  checkNeverRuns,
  checkHookPatterns,
  checkEndpointNames,
  checkOptions,
  checkEndpoints,
  checkEndpointCalls,
  checkNeverWaitedFor,
  checkNeverCleared,
];

/** What is wrong with a charm's flags and handlers, as far as it can be told from the code. Never runs any of it. */
export function proveCode(charm: CharmModel): readonly Finding[] {
  return CHECKS.flatMap((check) => check(charm));
}
