import { dispatch } from '../dispatch/dispatcher.ts';
import type { HandlerRun, Tracer } from '../dispatch/tracer.ts';
import type { FlagChange } from '../flags/cause.ts';
import { resolveHandlers } from '../handlers/handler.ts';
import { type Environment, type HookContext, readHookContext } from '../hook/environment.ts';
import { dispatchedName } from '../hook/hook-name.ts';
import { publish } from '../publish/publisher.ts';
import type { Relation } from '../relations/relation.ts';
import { ScratchStore } from '../store/scratch-store.ts';
import type { SqliteStore } from '../store/sqlite-store.ts';
import type { HookTools } from '../tools/hook-tools.ts';
import { askAhead, askNextTime } from './ask-ahead.ts';
import type { CharmDefinition } from './charm-definition.ts';
import { findExternalHandlers } from './external-discovery.ts';
import { type ExternalParts, ExternalSession } from './external-session.ts';
import { keepAnswers } from './external-tools.ts';
import { makeGate } from './gates.ts';
import { logFailure, Recorder } from './hook-record.ts';
import { endpointHandlers } from './layer-set.ts';
import { HookLog } from './log.ts';
import { LogTracer } from './log-tracer.ts';
import { assemble, openStore, type Parts } from './parts.ts';
import { enterUnit } from './running-unit.ts';
import { UnfinishedReads } from './unfinished-reads.ts';
import { HookEnd } from './unit.ts';

/** What a hook runs in: the environment and the tools Juju gives it. */
export interface Surroundings {
  readonly environment: Environment;
  readonly tools: HookTools;
  /** Listens beside the log, which has one line for each run of a handler. */
  readonly tracer?: Tracer;
}

/** What a hook did. */
export interface HookReport {
  readonly hook: HookContext;
  /** Each run of a handler, in order. */
  readonly runs: readonly HandlerRun[];
  /** Each change of a flag, in order, with its cause. */
  readonly changes: readonly FlagChange[];
}

/**
 * Runs one hook of a charm, from what Juju said to what it is told: flags are set from relations and config, handlers
 * run until none is due, changed databags are published, and everything is stored.
 *
 * All of it or nothing: when anything throws, the log says what and why, nothing is published, the store is as it was,
 * and the error is thrown on.
 */
export async function runHook(charm: CharmDefinition, surroundings: Surroundings): Promise<HookReport> {
  const hook = readHookContext(surroundings.environment);
  const { tools, forget } = keepAnswers(surroundings.tools);
  const log = new HookLog(tools);
  let store: SqliteStore | undefined;
  let record: Recorder | undefined;
  let leaveUnit: (() => void) | undefined;
  try {
    const externalNames = findExternalHandlers(hook.charmDir);
    store = openStore(hook, { charm, isShared: externalNames.length > 0 });
    const assembled = assemble({ charm, hook, tools, log, store });
    const { environment } = surroundings;
    const externals = startExternals(assembled, {
      names: externalNames,
      environment,
      settle: () => tools.settle(),
      forgetAnswers: forget,
    });
    const parts = { ...assembled, externals };
    record = new Recorder(parts.flags);
    leaveUnit = enterUnit(parts.unit);
    const work = { parts, surroundings, record };
    return hook.restricted ? await runRestricted(work) : await runStages(work);
  } catch (error) {
    store?.flush(false);
    logFailure({ log, tools, hook, error, handler: record?.failed });
    throw error;
  } finally {
    leaveUnit?.();
    store?.close();
  }
}

interface Work {
  readonly parts: Parts;
  readonly surroundings: Surroundings;
  readonly record: Recorder;
}

async function runStages(work: Work): Promise<HookReport> {
  const { parts } = work;
  const { hook, remoteBags } = parts;
  const unfinished = new UnfinishedReads(hook.charmDir);
  unfinished.begin(hook, remoteBags);
  remoteBags.begin(hook);
  askAhead(parts);
  const leave = parts.flags.enter({ kind: 'hook', hook: parts.hook.name });
  await untilHookEnd(async () => {
    await startHook(parts);
    await dispatchHandlers(work);
  });
  await untilHookEnd(() => runExits(parts));
  parts.relationBases.finish();
  leave();
  parts.externals?.finish();
  parts.flags.save();
  const rememberConfig = parts.config.stage();
  parts.log.flush();
  publish({ relations: liveRelations(parts), tools: parts.tools, store: parts.store });
  unfinished.end();
  rememberConfig();
  askNextTime(parts);
  return { hook: parts.hook, runs: work.record.runs, changes: work.record.changes };
}

/** A restricted hook knows no relations and no config: only its own handlers run, and what they stored is kept. */
async function runRestricted(work: Work): Promise<HookReport> {
  const { parts } = work;
  await untilHookEnd(async () => {
    parts.layers.registerTriggers();
    await dispatchHandlers(work);
  });
  parts.externals?.finish();
  parts.flags.save();
  parts.log.flush();
  parts.tools.settle();
  parts.store.flush();
  return { hook: parts.hook, runs: work.record.runs, changes: work.record.changes };
}

/** A charm may end its hook early, and well. */
async function untilHookEnd(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof HookEnd)) throw error;
  }
}

async function runExits(parts: Parts): Promise<void> {
  await runExitCallbacks(parts);
  await parts.layers.atExit();
  await runExitCallbacks(parts);
}

/** Callbacks may ask for further ones; those come next. */
async function runExitCallbacks({ exitCallbacks }: Parts): Promise<void> {
  for (let callback = exitCallbacks.pop(); callback; callback = exitCallbacks.pop()) await callback();
}

async function startHook({ flags, hook, layers, endpoints, relationBases, log }: Parts): Promise<void> {
  layers.registerTriggers();
  await layers.beforeStart();
  if (hook.name === 'pre-series-upgrade') flags.set('upgrade.series.in-progress');
  if (hook.name === 'post-series-upgrade') flags.clear('upgrade.series.in-progress');
  relationBases.start();
  endpoints.start({
    enter: ({ endpointName: endpoint }) => flags.enter({ kind: 'endpoint', endpoint, hook: hook.name }),
    warn: (message) => log.warning(message),
  });
  await layers.atStart();
}

async function dispatchHandlers({ parts, surroundings, record }: Work): Promise<void> {
  const declared = [...parts.layers.handlers, ...endpointHandlers(parts.implementations, parts)];
  const handlers = await resolveHandlers(declared, {
    hook: dispatchedName(parts.hook),
    restricted: parts.hook.restricted,
    endpoints: parts.unit.metadata.endpoints,
    makeGate: (condition, handler) =>
      makeGate(condition, {
        handler,
        store: parts.store,
        config: parts.config,
        charmDir: parts.hook.charmDir,
      }),
  });
  const { externals } = parts;
  const listeners = [record, new LogTracer(parts.log), surroundings.tracer];
  await dispatch({
    handlers: externals ? [...handlers, ...externals.handlers] : handlers,
    flags: parts.flags,
    dataFingerprint: () => externals?.dataFingerprint ?? parts.store.fingerprint,
    startChanges: record.changes,
    tracer: {
      handlerStarts: (run) => listeners.forEach((listener) => void listener?.handlerStarts?.(run)),
      handlerFails: (failure) => {
        record.failed = failure.handler;
        surroundings.tracer?.handlerFails?.(failure);
      },
    },
  });
}

function startExternals(
  { hook, store, flags, log, unit }: Parts,
  given: Pick<ExternalParts, 'names' | 'environment' | 'settle' | 'forgetAnswers'>,
): ExternalSession | undefined {
  if (!(store instanceof ScratchStore)) return undefined;
  return new ExternalSession({ ...given, hook, store, flags, log, endpoints: unit.metadata.endpoints });
}

/** Every relation that was touched, but for one that this hook says is broken: nobody is left to read it. */
export function liveRelations({ hook, endpoints, relationBases }: Parts): Relation[] {
  const broken = hook.name.endsWith('-relation-broken') ? hook.relation?.id : undefined;
  return [...endpoints, relationBases]
    .flatMap(({ knownRelations }) => [...knownRelations])
    .filter((relation) => relation.relationId !== broken);
}
