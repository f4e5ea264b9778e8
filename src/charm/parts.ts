import path from 'node:path';
import { RelationBaseSet } from '../conversations/relation-base-set.ts';
import { EndpointSet } from '../endpoints/endpoint-set.ts';
import { FlagRegistry } from '../flags/flag-registry.ts';
import type { HookContext } from '../hook/environment.ts';
import { RemoteBags } from '../relations/remote-bags.ts';
import { removeScratchLeftovers, ScratchStore } from '../store/scratch-store.ts';
import { SqliteStore } from '../store/sqlite-store.ts';
import type { HookTools } from '../tools/hook-tools.ts';
import {
  type CharmDefinition,
  findImplementation,
  findLayers,
  type Implementation,
  isRelationBase,
} from './charm-definition.ts';
import { Config } from './config.ts';
import type { ExternalSession } from './external-session.ts';
import { LayerSet } from './layer-set.ts';
import type { HookLog } from './log.ts';
import { Unit } from './unit.ts';

/** Where a charm keeps its unit data, beside itself, as the reference does. */
export const STORE_FILE = '.unit-state.db';

/** What a charm is made of in one hook. */
export interface Parts {
  readonly hook: HookContext;
  readonly tools: HookTools;
  readonly log: HookLog;
  readonly store: SqliteStore;
  readonly flags: FlagRegistry;
  readonly config: Config;
  readonly implementations: readonly Implementation[];
  readonly remoteBags: RemoteBags;
  readonly endpoints: EndpointSet;
  readonly relationBases: RelationBaseSet;
  readonly unit: Unit;
  readonly layers: LayerSet;
  readonly exitCallbacks: (() => void | Promise<void>)[];
  /** Present where the charm has executable handlers. */
  readonly externals?: ExternalSession | undefined;
}

/** Makes a charm's objects, and does nothing else. */
export function assemble(given: {
  readonly charm: CharmDefinition;
  readonly hook: HookContext;
  readonly tools: HookTools;
  readonly log: HookLog;
  readonly store: SqliteStore;
}): Parts {
  const { charm, hook, tools, log, store } = given;
  const { metadata, config: configOptions = {}, options = {} } = charm;
  const flags = new FlagRegistry(store);
  const config = new Config({ options: configOptions, tools, charmDir: hook.charmDir, log });
  const remoteBags = new RemoteBags({ store, tools });
  const context = { hook, tools, flags, store };
  const implementations = (charm.interfaces ?? []).map(findImplementation);
  const relationBases = new RelationBaseSet({
    declarations: metadata.endpoints,
    implementations: implementations.filter(isRelationBase),
    context,
  });
  const endpoints = new EndpointSet({
    declarations: metadata.endpoints.filter(({ name }) => !relationBases.has(name)),
    implementations: implementations.filter((implementation) => 'endpointClass' in implementation),
    context: { ...context, remoteBags },
  });
  const exitCallbacks: Parts['exitCallbacks'] = [];
  const unit = new Unit({
    hook,
    metadata,
    configOptions,
    options,
    layers: [...new Set(charm.layers.map(({ name }) => name))],
    flags,
    store,
    config,
    tools,
    log,
    endpoints,
    relationBases,
    exitCallbacks,
  });
  const layers = new LayerSet(charm.layers.flatMap(findLayers), unit);
  return {
    hook,
    tools,
    log,
    store,
    flags,
    config,
    implementations,
    remoteBags,
    endpoints,
    relationBases,
    unit,
    layers,
    exitCallbacks,
  };
}

/** Opens the unit's store; where handlers run in other processes, they and this one share a copy of it. */
export function openStore(
  hook: HookContext,
  { charm, isShared }: { readonly charm: CharmDefinition; readonly isShared: boolean },
): SqliteStore {
  removeScratchLeftovers(hook.charmDir);
  const options = {
    path: path.join(hook.charmDir, STORE_FILE),
    ...(charm.nativeBinding ? { nativeBinding: charm.nativeBinding } : {}),
  };
  return isShared ? ScratchStore.open(options) : new SqliteStore(options);
}
