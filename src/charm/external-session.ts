import path from 'node:path';
import { FLAG_PREFIX } from '../flags/flag-name.ts';
import type { FlagRegistry } from '../flags/flag-registry.ts';
import { ExternalHandler, type TestAnswer } from '../handlers/external-handler.ts';
import type { RoundFacts } from '../handlers/gate.ts';
import type { Environment, HookContext } from '../hook/environment.ts';
import type { EndpointDeclaration } from '../metadata/charm-metadata.ts';
import type { ScratchStore } from '../store/scratch-store.ts';
import { SetFingerprint } from '../store/set-fingerprint.ts';
import {
  type ExternalReport,
  FACTS_VARIABLE,
  readReport,
  type WatchedState,
  writeFacts,
  writeFlagsFile,
} from './external-facts.ts';
import { type ExternalCommand, invokeProgram, testProgram } from './external-process.ts';
import {
  isRuntimeKey,
  loadTriggers,
  REMOVED_KEY,
  removeRuntimeKeys,
  storeRound,
  storeTriggers,
} from './external-runtime-keys.ts';
import { INVOKED_PREFIX, WATCH_PREFIX } from './gates.ts';
import type { Log } from './log.ts';
import { FILE_PREFIX } from './watched-files.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What executable handlers work on in one hook. */
export interface ExternalParts {
  /** By path relative to the charm's folder. */
  readonly names: readonly string[];
  readonly hook: HookContext;
  readonly environment: Environment;
  readonly endpoints: readonly EndpointDeclaration[];
  readonly store: ScratchStore;
  readonly flags: FlagRegistry;
  readonly log: Log;
  /** Called before such a handler runs: what Juju was told before comes first. */
  readonly settle: () => void;
  /** Called when what Juju answered so far may not be true any more. */
  readonly forgetAnswers: () => void;
}

/**
 * The executable handlers of one hook. Before one runs, flags and data are put where it finds them; afterwards, what it did
 * to them is taken over as a handler's doing, triggers included.
 */
export class ExternalSession {
  readonly handlers: readonly ExternalHandler[];
  readonly #parts: ExternalParts;
  readonly #complained = new Set<string>();
  #changes = 0;

  constructor(parts: ExternalParts) {
    this.#parts = parts;
    parts.flags.listen({
      changed: () => {
        this.#changes += 1;
      },
    });
    loadTriggers(parts.store, parts.flags);
    this.handlers = parts.names.map((name) => this.#makeHandler(name));
  }

  /** Equal while unit data is the same, whichever process wrote it. Flags are no part of it. */
  get dataFingerprint(): string {
    const content = new SetFingerprint();
    for (const [key, value] of Object.entries(this.#parts.store.getRange(''))) {
      if (!key.startsWith(FLAG_PREFIX) && !isRuntimeKey(key)) content.flip(JSON.stringify([key, value]));
    }
    return content.text;
  }

  /** Leaves in the store only what is to last. */
  finish(): void {
    removeRuntimeKeys(this.#parts.store);
  }

  #makeHandler(name: string): ExternalHandler {
    const command = { name, charmDir: this.#parts.hook.charmDir, environment: this.#environment() };
    return new ExternalHandler(
      {
        name,
        changeCount: () => this.#changes,
        test: (facts) => this.#test(command, facts),
        invoke: (output, facts) => this.#invoke(command, { output, facts }),
      },
      this.#parts.hook,
    );
  }

  #test(command: ExternalCommand, facts: RoundFacts): TestAnswer {
    this.#share(command, facts);
    const end = testProgram(command);
    const leave = this.#parts.flags.enter({ kind: 'handler', handler: command.name });
    const report = this.#takeOver(command);
    leave();
    this.#warnOfFailure(command, end);
    return {
      wantsToRun: end.exitCode === 0,
      output: end.output,
      ...(report.flags ? { flags: report.flags } : {}),
    };
  }

  async #invoke(
    command: ExternalCommand,
    { output, facts }: { readonly output: string; readonly facts: RoundFacts },
  ): Promise<void> {
    this.#share(command, facts);
    this.#parts.settle();
    await invokeProgram(command, output);
    this.#parts.forgetAnswers();
    const { done, watched } = this.#takeOver(command);
    const { store } = this.#parts;
    for (const id of done) store.set(INVOKED_PREFIX + id, true);
    for (const { id, file, hash } of watched) {
      const known = store.get(WATCH_PREFIX + id);
      const others = typeof known === 'object' && known !== null ? known : {};
      store.set(WATCH_PREFIX + id, { ...others, [file]: hash === '' ? null : hash });
    }
  }

  #share({ name }: ExternalCommand, facts: RoundFacts): void {
    const { store, flags, hook, endpoints } = this.#parts;
    const phase = hook.restricted ? 'restricted' : facts.round === 0 ? 'hooks' : 'other';
    flags.share();
    storeTriggers(store, flags.storableTriggers);
    storeRound(store, phase, facts);
    store.share();
    writeFlagsFile(store.folder, flags.list());
    writeFacts(store.folder, {
      phase,
      round: facts.round,
      hook: hook.name,
      path: name,
      changed: facts.round > 1 ? [...facts.changed] : [],
      endpoints,
      invoked: this.#invokedIds(name),
      watched: this.#watchedStates(name),
      remembered: this.#rememberedFiles(),
    });
  }

  /** What the executable did to flags and data while it ran. */
  #takeOver({ name }: ExternalCommand): ExternalReport {
    const { store, flags } = this.#parts;
    const writes = store.changesByOthers();
    const ofFlags = writes.filter(({ key }) => key.startsWith(FLAG_PREFIX));
    if (writes.some(({ key }) => isRuntimeKey(key))) loadTriggers(store, flags);
    flags.adopt(
      ofFlags.map(({ key, isThere }) => ({
        flag: key.slice(FLAG_PREFIX.length),
        value: isThere ? store.get(key) : undefined,
      })),
    );
    if (store.get(REMOVED_KEY) === true) flags.noteClear();
    const report = readReport(store.folder);
    if (report.faults.length > 0) {
      throw new Error(`cannot use the handler "${name}": ${report.faults.join('; ')}`);
    }
    return report;
  }

  /** A test that breaks down is taken for a no, as by the reference; but not without a word. */
  #warnOfFailure({ name }: ExternalCommand, end: ReturnType<typeof testProgram>): void {
    const { exitCode, complaints } = end;
    const isPlainNo = exitCode === 1 || (exitCode !== null && exitCode < 126 && complaints.trim() === '');
    if (exitCode === 0 || isPlainNo || this.#complained.has(name)) return;
    this.#complained.add(name);
    const how = exitCode === null ? 'was killed' : `ended with exit code ${exitCode}`;
    this.#parts.log.warning(`the test of ${name} ${how}, which counts as a no: ${complaints.trim()}`);
  }

  #environment(): Environment {
    const { environment, hook, store } = this.#parts;
    return {
      ...environment,
      PATH: `${environment.PATH ?? DEFAULT_PATH}:${path.join(hook.charmDir, 'bin')}`,
      CHARM_DIR: hook.charmDir,
      JUJU_CHARM_DIR: hook.charmDir,
      JUJU_HOOK_NAME: hook.name,
      UNIT_STATE_DB: store.file,
      [FACTS_VARIABLE]: store.folder,
    };
  }

  /** What a Python charm marked has the file's full path, and a line that means nothing any more. */
  #invokedIds(name: string): string[] {
    const ids = Object.entries(this.#parts.store.getRange(INVOKED_PREFIX, { strip: true }));
    return ids.flatMap(([id, isInvoked]) => {
      if (isInvoked !== true) return [];
      if (id.startsWith(`${name}:`)) return [id];
      const [, file = '', part = ''] = /^(.+):\d+:([^:]+)$/.exec(id) ?? [];
      return file.endsWith(`/${name}`) ? [`${name}:${part}`] : [];
    });
  }

  #watchedStates(name: string): WatchedState[] {
    const known = this.#parts.store.getRange(`${WATCH_PREFIX}${name}:`);
    return Object.entries(known).flatMap(([key, files]) =>
      typeof files !== 'object' || files === null
        ? []
        : Object.entries(files).map(([file, hash]) => ({
            id: key.slice(WATCH_PREFIX.length),
            file,
            hash: typeof hash === 'string' ? hash : '',
          })),
    );
  }

  #rememberedFiles(): Record<string, string> {
    const hashes = Object.entries(this.#parts.store.getRange(FILE_PREFIX, { strip: true }));
    return Object.fromEntries(
      hashes.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }
}
