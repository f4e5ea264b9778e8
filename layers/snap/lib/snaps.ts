import { statSync } from 'node:fs';
import { HookToolError, type Unit } from 'charms-reactive';
import { resolveTimer } from './refresh-timer.ts';
import { runProgram, runWithStore, SnapError } from './snap-command.ts';
import { readSnaps, type SnapOptions, snapArguments } from './snap-options.ts';

const INSTALLED = 'snap.installed.';

/** Snaps of the machine, for a charm's handlers. What fails throws `SnapError`, with what snap said last. */
export class Snaps {
  readonly #unit: Unit;

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  /**
   * Installs a snap, out of the resource of its name where that is provided, else from the store; one that is installed is
   * refreshed. Sets `snap.installed.<snap>`, and that of `core`, which comes with any snap.
   */
  async install(snap: string, options: SnapOptions = {}): Promise<void> {
    const { flags } = this.#unit;
    if (flags.isSet(INSTALLED + snap)) await this.refresh(snap, options);
    else {
      const file = this.#resource(snap);
      if (file !== undefined) {
        this.#hasFileChanged(file, options);
        await this.#installFile(file, options);
      } else {
        await runWithStore(['snap', 'install', ...snapArguments(options), snap]);
        this.#remember(snap, options);
      }
      flags.toggle(`snap.local.${snap}`, file !== undefined);
      flags.set(INSTALLED + snap);
    }
    flags.set(`${INSTALLED}core`);
  }

  /** Brings a snap to what the options say: out of its resource where that is new, else from the store where they are new, or it was local. */
  async refresh(snap: string, options: SnapOptions = {}): Promise<void> {
    const file = this.#resource(snap);
    if (file !== undefined) {
      if (this.#hasFileChanged(file, options)) await this.#installFile(file, options);
    } else if (this.isLocal(snap) || this.#unit.isDataChanged(`snap.opts.${snap}`, options)) {
      await runWithStore(['snap', 'refresh', '--amend', ...snapArguments(options), snap]);
      this.#remember(snap, options);
    }
    this.#unit.flags.toggle(`snap.local.${snap}`, file !== undefined);
  }

  /** Removes a snap. */
  async remove(snap: string): Promise<void> {
    await runProgram(['snap', 'remove', snap]);
    const { flags } = this.#unit;
    for (const flag of [`${INSTALLED}${snap}`, `snap.local.${snap}`, `snap.disabled.${snap}`])
      flags.clear(flag);
    flags.clear(`snap.refresh-available.${snap}`);
  }

  /** Connects a plug with a slot, or once more. */
  async connect(plug: string, slot: string): Promise<void> {
    await runProgram(['snap', 'connect', plug, slot]);
  }

  /** Makes every connection that layer.yaml has, apart from those of snaps that are to be gone. */
  async connectAll(): Promise<void> {
    const wanted = readSnaps(this.#unit).filter(({ remove }) => !remove);
    for (const [plug, slot] of wanted.flatMap(({ options }) => options.connect ?? []))
      await this.connect(plug, slot);
  }

  isInstalled(snap: string): boolean {
    return this.#unit.flags.isSet(INSTALLED + snap);
  }

  /** Whether a snap is out of a resource, and not from the store. */
  isLocal(snap: string): boolean {
    return this.#unit.flags.isSet(`snap.local.${snap}`);
  }

  /** The snaps that this layer installed, sorted. */
  installed(): string[] {
    const flags = this.#unit.flags.list().filter((flag) => flag.startsWith(INSTALLED));
    return flags.map((flag) => flag.slice(INSTALLED.length));
  }

  /** Stops a snap's services, and hides its programs. One that is not installed is a warning in the log, here and below. */
  async disable(snap: string): Promise<void> {
    if ((await this.#ask(snap, ['disable', snap])) !== undefined)
      this.#unit.flags.set(`snap.disabled.${snap}`);
  }

  async enable(snap: string): Promise<void> {
    if ((await this.#ask(snap, ['enable', snap])) !== undefined)
      this.#unit.flags.clear(`snap.disabled.${snap}`);
  }

  async restart(snap: string): Promise<void> {
    await this.#ask(snap, ['restart', snap]);
  }

  /** Sets one of a snap's own options. */
  async set(snap: string, key: string, value: string | number | boolean): Promise<void> {
    await this.#ask(snap, ['set', snap, `${key}=${value}`]);
  }

  /** One of a snap's own options; undefined where the snap is not installed. */
  async get(snap: string, key: string): Promise<string | undefined> {
    return (await this.#ask(snap, ['get', snap, key]))?.trim();
  }

  /** The version of a snap; undefined where it is not installed. */
  async installedVersion(snap: string): Promise<string | undefined> {
    return (await this.#listed(snap))?.[1];
  }

  /** The channel that a snap follows; undefined where it is not installed. */
  async installedChannel(snap: string): Promise<string | undefined> {
    return (await this.#listed(snap))?.[3];
  }

  /** The snaps that could be refreshed; none where snapd cannot say. */
  async availableRefreshes(): Promise<string[]> {
    try {
      const [, ...lines] = (await runProgram(['snap', 'refresh', '--list'])).trimEnd().split('\n');
      return lines.map((line) => line.split(/\s+/)[0] ?? '').filter(Boolean);
    } catch (error) {
      if (error instanceof SnapError) return [];
      throw error;
    }
  }

  /** Whether a snap could be refreshed, as far as that was last looked at. */
  isRefreshAvailable(snap: string): boolean {
    return this.#unit.flags.isSet(`snap.refresh-available.${snap}`);
  }

  /** Sets `snap.refresh-available.<snap>` by what could be refreshed now. */
  async checkRefreshes(snaps: readonly string[] = this.installed()): Promise<void> {
    const available = await this.availableRefreshes();
    for (const snap of snaps) {
      this.#unit.flags.toggle(`snap.refresh-available.${snap}`, available.includes(snap));
    }
  }

  /** A key for the revisions of now, with which other units get the same ones. */
  async createCohort(snap: string): Promise<string> {
    const answer = await runProgram(['snap', 'create-cohort', snap]);
    const key = /^\s*cohort-key:\s*(\S+)/m.exec(answer)?.[1];
    if (key === undefined)
      throw new SnapError(`cannot read the cohort of "${snap}": ${JSON.stringify(answer)}`);
    return key;
  }

  /** Takes a snap to the revision of a cohort; one that is local stays. */
  async joinCohort(snap: string, key: string): Promise<void> {
    if (this.isLocal(snap)) {
      this.#unit.log.info(`the snap ${snap} is local, and joins no cohort`);
      return;
    }
    await runProgram(['snap', 'refresh', snap, '--cohort', key]);
    await this.checkRefreshes([snap]);
  }

  /** When snapd refreshes: `''` for its own timer, `max` for as late as it can be, or a timer of snapd's. */
  async setRefreshTimer(timer: string): Promise<void> {
    await this.set('core', 'refresh.timer', resolveTimer(timer, new Date()));
    await runProgram(['systemctl', 'restart', 'snapd.service']);
  }

  /** Whether the file, or how it is to be installed, is not as it was; remembers both. */
  #hasFileChanged(file: string, options: SnapOptions): boolean {
    const isNewFile = this.#unit.anyFileChanged([file]);
    return this.#unit.dataChanged(`snap.local.${file}`, options) || isNewFile;
  }

  async #installFile(file: string, options: SnapOptions): Promise<void> {
    const { dangerous: _, ...others } = options;
    this.#unit.log.info(`installing a snap out of its resource, ${file}`);
    await runProgram(['snap', 'install', ...snapArguments(others), '--dangerous', file]);
  }

  /** So that a refresh with the same options is none. */
  #remember(snap: string, options: SnapOptions): void {
    this.#unit.dataChanged(`snap.opts.${snap}`, options);
  }

  /** An empty file stands for a resource that is not provided. */
  #resource(snap: string): string | undefined {
    try {
      const file = this.#unit.tools.resourceGet(snap);
      return statSync(file).size > 0 ? file : undefined;
    } catch (error) {
      if (error instanceof HookToolError) return undefined;
      throw error;
    }
  }

  async #ask(snap: string, command: readonly string[]): Promise<string | undefined> {
    if (this.isInstalled(snap)) return runProgram(['snap', ...command]);
    this.#unit.log.warning(`cannot ${command[0]} the snap ${snap}: it is not installed`);
    return undefined;
  }

  /** Name, version, revision, channel, publisher and notes. */
  async #listed(snap: string): Promise<string[] | undefined> {
    const lines = (await this.#ask(snap, ['list', snap]))?.trimEnd().split('\n') ?? [];
    return lines.map((line) => line.split(/\s+/)).find(([name]) => name === snap);
  }
}
