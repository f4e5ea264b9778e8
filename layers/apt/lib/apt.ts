import type { JsonValue, Unit } from 'charms-reactive';
import { AptError, type AptPatience, aptGet, runApt } from 'charms-reactive/layers/basic/lib/apt-get';
import { LayerOptions } from 'charms-reactive/layers/options/lib/options';
import { setStatus } from 'charms-reactive/layers/status/lib/status';
import { plainName, readVersion } from './package-facts.ts';

const QUEUE = 'apt.install_queue.';
const INSTALLED = 'apt.installed.';
const UPDATED = 'apt.is_updated';

/**
 * Packages of the machine, for a charm's handlers. What is queued is installed in the same hook, by this layer's handlers;
 * `apt.installed.<package>` says when it is there.
 */
export class Apt {
  readonly #unit: Unit;
  readonly #options: LayerOptions;

  constructor(unit: Unit) {
    this.#unit = unit;
    this.#options = new LayerOptions(unit, 'apt');
  }

  /**
   * Queues packages (`nginx`, `nginx=1.24*`, `nginx/noble-backports`), and sets `apt.queued_installs`, the first time
   * `apt.needs_update` too; those that are queued or installed already are left as they are. `options` are for apt-get, in place of its usual ones.
   */
  queueInstall(packages: string | readonly string[], options: readonly string[] | null = null): void {
    const { flags, kv } = this.#unit;
    const queued = kv.getRange(QUEUE, { strip: true });
    const wanted = (typeof packages === 'string' ? [packages] : packages).filter(
      (name) => !Object.hasOwn(queued, name) && !flags.isSet(INSTALLED + name),
    );
    if (wanted.length === 0) return;
    const entries = wanted.map((name): [string, JsonValue] => [name, options && [...options]]);
    kv.update(Object.fromEntries(entries), QUEUE);
    flags.set('apt.queued_installs');
    // A machine is old when it is new: what it knows of packages is from when its image was made.
    if (kv.get(UPDATED) !== true) flags.set('apt.needs_update');
  }

  /**
   * Installs what is queued, packages of the same options together. False where apt fails: the unit is blocked with the
   * reason, and what could not be installed stays queued.
   */
  async installQueued(): Promise<boolean> {
    const { flags, kv, log } = this.#unit;
    for (const { packages, options } of this.#batches()) {
      const names = packages.join(',');
      this.#say('maintenance', `Installing ${names}`);
      try {
        await this.#run(aptGet('install', packages, options));
      } catch (error) {
        if (!(error instanceof AptError)) throw error;
        log.error(error.message);
        this.#say('blocked', `Unable to install packages ${names}`);
        return false;
      }
      kv.unsetRange(packages, QUEUE);
      for (const name of packages) flags.set(INSTALLED + name);
    }
    flags.clear('apt.queued_installs');
    await this.resetApplicationVersion();
    return true;
  }

  /** The packages that this layer installed, sorted. */
  installed(): string[] {
    return this.#unit.flags
      .list()
      .filter((flag) => flag.startsWith(INSTALLED))
      .map((flag) => flag.slice(INSTALLED.length));
  }

  /** Removes packages with all they left, from the queue too. @throws AptError when apt fails. */
  async purge(packages: string | readonly string[]): Promise<void> {
    const names = typeof packages === 'string' ? [packages] : [...packages];
    const { flags, kv } = this.#unit;
    await this.#run(aptGet('purge', names));
    kv.unsetRange(names, QUEUE);
    for (const name of names) flags.clear(INSTALLED + name);
  }

  /** Keeps packages at the version they have. @throws AptError when apt fails. */
  async hold(packages: readonly string[]): Promise<void> {
    await this.#mark('hold', packages);
  }

  /** Lets packages be upgraded again. @throws AptError when apt fails. */
  async unhold(packages: readonly string[]): Promise<void> {
    await this.#mark('unhold', packages);
  }

  /** Holds what this layer installed, or lets it go, by the option `package_status`, where either is new. */
  async ensurePackageStatus(): Promise<void> {
    const packages = this.installed();
    const status = this.#unit.config.string('package_status');
    if (packages.length > 0 && this.#unit.isDataChanged('apt.package_status', [status, packages])) {
      await (status === 'hold' ? this.hold(packages) : this.unhold(packages));
      this.#unit.dataChanged('apt.package_status', [status, packages]);
    }
    this.#unit.flags.clear('apt.needs_hold');
  }

  /**
   * Adds a source of packages, with the key they are signed with; sets `apt.needs_update`. The source and the key are as in
   * the options `install_sources` and `install_keys`.
   * @throws AptError when that fails.
   */
  async addSource(source: string, key: string | null = null): Promise<void> {
    // Loaded only where it is needed: it reads YAML.
    const { addKey, addSource: add } = await import('./sources.ts');
    await add(source, (command) => this.#run(command));
    if (key) await addKey(key, (command) => this.#run(command));
    this.#unit.flags.set('apt.needs_update');
  }

  /** Trusts the keys in a file. @throws AptError when that fails. */
  async addKeyFile(file: string): Promise<void> {
    const { addKeyFile } = await import('./sources.ts');
    await addKeyFile(file, (command) => this.#run(command));
  }

  /** Reads anew which packages there are. @throws AptError when apt fails. */
  async update(): Promise<void> {
    this.#say('maintenance', 'Updating apt cache');
    await this.#run(['apt-get', 'update', '--error-on=any']);
    this.#unit.flags.clear('apt.needs_update');
    this.#unit.kv.set(UPDATED, true);
  }

  /** Tells Juju the version of the package that the option `version_package` names, once it is installed. */
  async resetApplicationVersion(): Promise<void> {
    const name = this.#options.string('version_package');
    if (name === '' || !this.#unit.flags.isSet(INSTALLED + name)) return;
    const version = await this.packageVersion(name, { full: this.#options.boolean('full_version') });
    if (version !== undefined) this.#unit.setApplicationVersion(version);
  }

  /** The version of a package that is installed: the software's own, or Debian's whole; undefined where dpkg knows none. */
  packageVersion(
    name: string,
    { full = false }: { readonly full?: boolean } = {},
  ): Promise<string | undefined> {
    return readVersion(name, { full });
  }

  #batches(): { readonly packages: string[]; readonly options: readonly string[] | undefined }[] {
    const batches = new Map<string, { packages: string[]; options: readonly string[] | undefined }>();
    for (const [name, options] of Object.entries(this.#unit.kv.getRange(QUEUE, { strip: true })).sort()) {
      const key = JSON.stringify(options);
      const batch = batches.get(key) ?? {
        packages: [],
        options: Array.isArray(options) ? options.map(String) : undefined,
      };
      batches.set(key, batch);
      batch.packages.push(name);
    }
    return [...batches.values()];
  }

  async #mark(how: 'hold' | 'unhold', packages: readonly string[]): Promise<void> {
    if (packages.length === 0) return;
    this.#unit.log.info(`apt-mark ${how} ${packages.join(' ')}`);
    await this.#run(['apt-mark', how, ...packages.map(plainName)]);
  }

  #say(state: 'maintenance' | 'blocked', message: string): void {
    setStatus(this.#unit, { state, message, layer: 'apt' });
  }

  async #run(command: readonly string[]): Promise<void> {
    const patience: AptPatience = {
      attempts: this.#options.number('attempts'),
      seconds: this.#options.number('retry_seconds'),
    };
    await runApt(command, patience);
  }
}
