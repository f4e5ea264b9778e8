import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type JsonValue, runHook } from 'charms-reactive';
import { MemoryTools, SqliteStore } from 'charms-reactive/testing';
import { type Journal, UnsupportedError } from './actions.ts';
import { type BuildCase, isBuildCase } from './build-case.ts';
import type { Case, CaseHook, Expectation } from './case.ts';
import { makeCaseCharm } from './case-charm.ts';
import { firstDifference } from './difference.ts';
import { replayBuildCase } from './replay-build.ts';

/** Where a replayed case first differs from its record. */
export interface Failure {
  /** The hook's number in the case, from 0, and its name; undefined when the charm itself cannot be made. */
  readonly hook: string | undefined;
  readonly difference: string;
}

/**
 * Replays a case, hook after hook, each on the store's file opened anew. Undefined when all is as recorded. The charm is one
 * in this framework's own words if not given another maker of it.
 */
export async function replayCase(
  recorded: Case | BuildCase,
  makeCharm: typeof makeCaseCharm = makeCaseCharm,
): Promise<Failure | undefined> {
  if (isBuildCase(recorded)) {
    const difference = await replayBuildCase(recorded);
    return difference === undefined ? undefined : { hook: undefined, difference };
  }
  if (!Array.isArray(recorded.hooks)) {
    return {
      hook: undefined,
      difference: `the family "${recorded.family ?? 'of no name'}" is not known to this replay`,
    };
  }
  const charmDir = mkdtempSync(path.join(tmpdir(), 'conformance-'));
  const tools = new MemoryTools({ unit: recorded.unit, isLeader: recorded.leader });
  try {
    for (const [index, hook] of recorded.hooks.entries()) {
      const expected = recorded.expect[index];
      const actual = await replayHook({ recorded, hook, tools, charmDir, makeCharm });
      const difference = expected ? compare(expected, actual) : 'the record has no expectation for this hook';
      if (difference) return { hook: `${index} ${hook.hook}`, difference };
    }
    return undefined;
  } catch (error) {
    return { hook: undefined, difference: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(charmDir, { recursive: true, force: true });
  }
}

interface Replay {
  readonly recorded: Case;
  readonly hook: CaseHook;
  readonly tools: MemoryTools;
  readonly charmDir: string;
  readonly makeCharm: typeof makeCaseCharm;
}

async function replayHook({ recorded, hook, tools, charmDir, makeCharm }: Replay): Promise<Expectation> {
  const journal: Journal = { invoked: [], observed: [] };
  tools.model.config = hook.config ?? {};
  tools.model.relations = relationsOf(hook);
  const environment = environmentOf({ recorded, hook, charmDir });
  let failure: unknown;
  try {
    await runHook(makeCharm(recorded, journal), { environment, tools });
    tools.commit();
  } catch (error) {
    if (error instanceof UnsupportedError) throw error;
    failure = error;
    tools.rollback();
  }
  if (failure && !String(failure).includes('asks this hook to fail'))
    journal.observed.push(['error', String(failure)]);
  return { ok: failure === undefined, ...journal, ...readStore(charmDir), local: localBags(tools) };
}

function relationsOf({ relations = {} }: CaseHook): MemoryTools['model']['relations'] {
  const entries = Object.entries(relations).map(([id, { app, app_data, units, departed }]) => [
    id,
    { application: app, applicationBag: app_data, units, departed: departed ?? {} },
  ]);
  return Object.fromEntries(entries);
}

function environmentOf({
  recorded,
  hook,
  charmDir,
}: Pick<Replay, 'recorded' | 'hook' | 'charmDir'>): Record<string, string> {
  const { relation_id: relationId, remote_unit: remoteUnit, relations } = hook;
  const relation = relationId && {
    JUJU_RELATION: relationId.split(':')[0] ?? '',
    JUJU_RELATION_ID: relationId,
    JUJU_REMOTE_UNIT: remoteUnit ?? '',
    JUJU_REMOTE_APP: relations?.[relationId]?.app ?? '',
  };
  return {
    JUJU_UNIT_NAME: recorded.unit,
    JUJU_HOOK_NAME: hook.hook,
    JUJU_CHARM_DIR: charmDir,
    ...(relation || {}),
  };
}

const FLAG_PREFIX = 'reactive.states.';
/** Kept by the reference and by us, and left out of the records. */
const INVOKED_PREFIX = 'reactive.invoked.';
/** What remote units published, which the reference asks Juju for in every hook. */
const REMOTE_PREFIX = 'reactive.remote.';

function readStore(charmDir: string): { flags: string[]; kv: Record<string, JsonValue> } {
  const store = new SqliteStore({ path: path.join(charmDir, '.unit-state.db') });
  try {
    const kv = store.getRange('');
    const ours = (key: string): boolean => key.startsWith(INVOKED_PREFIX) || key.startsWith(REMOTE_PREFIX);
    for (const key of Object.keys(kv)) if (ours(key)) delete kv[key];
    const flags = Object.keys(kv).filter((key) => key.startsWith(FLAG_PREFIX));
    return { flags: flags.map((key) => key.slice(FLAG_PREFIX.length)), kv };
  } finally {
    store.close();
  }
}

function localBags(tools: MemoryTools): Expectation['local'] {
  const bags = Object.entries(tools.published).map(([id, { unit, app }]) => [
    id,
    { unit: { ...unit }, app: { ...app } },
  ]);
  return Object.fromEntries(bags);
}

function compare(expected: Expectation, actual: Expectation): string | undefined {
  const unchecked = new Set(expected.unchecked);
  const checked = (local: Expectation['local']): JsonValue =>
    Object.fromEntries(
      Object.entries(local).filter(
        ([id, { unit, app }]) =>
          !unchecked.has(id) && Object.keys({ ...Object(unit), ...Object(app) }).length > 0,
      ),
    ) as JsonValue;
  const order: (keyof Expectation)[] = ['ok', 'invoked', 'observed', 'flags', 'local', 'kv'];
  for (const part of order) {
    const [wanted, got] = [expected, actual].map((side) =>
      part === 'local' ? checked(side.local) : part === 'flags' ? [...side.flags].sort() : side[part],
    );
    const difference = firstDifference(wanted as JsonValue, got as JsonValue, part);
    if (difference) return difference;
  }
  return undefined;
}
