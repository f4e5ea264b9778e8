import { existsSync } from 'node:fs';
import path from 'node:path';
import { FlagRegistry } from '../../flags/flag-registry.ts';
import { type Environment, type HookContext, readHookContext } from '../../hook/environment.ts';
import type { EndpointDeclaration } from '../../metadata/charm-metadata.ts';
import { SqliteStore } from '../../store/sqlite-store.ts';
import { cacheTools } from '../../tools/cached-tools.ts';
import type { HookTools } from '../../tools/hook-tools.ts';
import { makeProcessTools } from '../../tools/process-tools.ts';
import type { CharmDefinition } from '../charm-definition.ts';
import { FACTS_VARIABLE, touchFlagsFile, writeFlagsFile } from '../external-facts.ts';
import { loadTriggers, PHASE_KEY, REMOVED_KEY, storeTriggers } from '../external-runtime-keys.ts';
import { HookLog } from '../log.ts';
import { assemble, type Parts, STORE_FILE } from '../parts.ts';

/** What the command is started with. */
export interface CommandSurroundings {
  readonly environment: Environment;
  /** The folder of the charm where the environment does not tell. */
  readonly charmDir: string;
  /** The hook tools; processes found on PATH unless given. */
  readonly tools?: HookTools;
  /** Told what no log takes. */
  readonly complain: (line: string) => void;
}

/**
 * The unit as the command works on it: inside a hook on the copy of the store that the hook gave to its executable handlers,
 * else on the unit's own store.
 */
export class CommandUnit {
  readonly charm: CharmDefinition;
  readonly charmDir: string;
  readonly environment: Environment;
  readonly store: SqliteStore;
  readonly flags: FlagRegistry;
  /** The hook's name; empty outside of hooks. */
  readonly hookName: string;
  readonly #surroundings: CommandSurroundings;
  /** Where the hook that runs keeps its flags for bash; undefined outside of hooks. */
  readonly #hookFolder: string | undefined;
  #parts: Parts | undefined;

  /** @throws Error when the store cannot be opened, or the hook that this process belongs to has ended. */
  constructor(charm: CharmDefinition, surroundings: CommandSurroundings) {
    const { environment } = surroundings;
    this.charm = charm;
    this.environment = environment;
    this.#surroundings = surroundings;
    this.charmDir = path.resolve(
      environment.JUJU_CHARM_DIR || environment.CHARM_DIR || surroundings.charmDir,
    );
    this.hookName = environment.JUJU_HOOK_NAME ?? '';
    const file = environment.UNIT_STATE_DB || path.join(this.charmDir, STORE_FILE);
    this.#hookFolder = findHookFolder(file, environment);
    this.store = new SqliteStore({
      path: file,
      durable: this.#hookFolder === undefined,
      // The hook that it works for is told of each change, in order.
      writesAtOnce: true,
      ...(charm.nativeBinding ? { nativeBinding: charm.nativeBinding } : {}),
    });
    this.flags = new FlagRegistry(this.store);
    this.flags.listen({ clearCalled: () => this.#noteClear() });
    loadTriggers(this.store, this.flags);
  }

  get endpoints(): readonly EndpointDeclaration[] {
    return this.charm.metadata.endpoints;
  }

  /** `restricted`, `hooks` or `other`; outside of hooks `other`, so that what waits for flags can be tried. */
  get phase(): string {
    return this.#hookFolder === undefined ? 'other' : String(this.store.get(PHASE_KEY));
  }

  /** The hook tools, their answers kept. */
  get tools(): HookTools {
    return this.parts.tools;
  }

  /** All of the charm's objects, over the same store and with flags of their own: `publishParts` brings them back. */
  get parts(): Parts {
    this.#parts ??= this.#assemble();
    return this.#parts;
  }

  /**
   * Knows the triggers that the charm's code registers. Inside a hook they are in the store already. Outside, callbacks are
   * left alone: they count on a hook.
   */
  loadCharmTriggers(): void {
    if (this.#hookFolder !== undefined) return;
    const { layers, endpoints, flags } = this.parts;
    layers.registerTriggers();
    for (const endpoint of endpoints) endpoint.registerTriggers();
    for (const { edge, setFlags, clearFlags } of flags.storableTriggers) {
      const source = edge.to === 'set' ? { when: edge.flag } : { whenNot: edge.flag };
      for (const setFlag of setFlags) this.flags.registerTrigger({ ...source, setFlag });
      for (const clearFlag of clearFlags) this.flags.registerTrigger({ ...source, clearFlag });
    }
  }

  /** Has later commands, and the hook, know the triggers registered here. */
  storeTriggers(): void {
    storeTriggers(this.store, this.flags.storableTriggers);
  }

  /** Makes what was done last: for the hook that runs, or for good. */
  commit(): void {
    this.flags.share();
    this.#parts?.flags.share();
    if (this.store.writes === 0) return;
    const folder = this.#hookFolder;
    // While the store is locked, so that commands side by side do not undo each other's.
    if (folder !== undefined) writeFlagsFile(folder, new FlagRegistry(this.store).list());
    this.store.flush();
    if (folder !== undefined) touchFlagsFile(folder);
  }

  close(): void {
    this.store.close();
  }

  #noteClear(): void {
    if (this.#hookFolder !== undefined) this.store.set(REMOVED_KEY, true);
  }

  #assemble(): Parts {
    const { complain } = this.#surroundings;
    const tools = cacheTools(this.#surroundings.tools ?? makeProcessTools());
    const isInHook = Boolean(this.environment.JUJU_CONTEXT_ID);
    const log = new HookLog(isInHook ? tools : { log: (message) => complain(message) });
    const parts = assemble({ charm: this.charm, hook: this.#hookContext(), tools, log, store: this.store });
    parts.flags.listen({ clearCalled: () => this.#noteClear() });
    loadTriggers(this.store, parts.flags);
    return parts;
  }

  /** Outside of hooks nobody says which unit this is but the agent's folder; `unit-redis-0/charm`. */
  #hookContext(): HookContext {
    const folder = path.basename(path.dirname(this.charmDir));
    const [, application = this.charm.metadata.name, number = '0'] = /^unit-(.+)-(\d+)$/.exec(folder) ?? [];
    const unit = this.environment.JUJU_UNIT_NAME || `${application}/${number}`;
    return readHookContext({
      ...this.environment,
      JUJU_UNIT_NAME: unit,
      JUJU_CHARM_DIR: this.charmDir,
    });
  }
}

/** The folder of the hook's copy of the store, where this is a process of a hook. */
function findHookFolder(file: string, environment: Environment): string | undefined {
  const folder = environment[FACTS_VARIABLE];
  if (!folder || path.dirname(file) !== folder) return undefined;
  if (existsSync(file)) return folder;
  throw new Error(
    'cannot reach the flags of the hook that started this process: it has ended; ' +
      'run this without UNIT_STATE_DB to work on those of the unit',
  );
}
