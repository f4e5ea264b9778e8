import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Layer, when, whenNot } from 'charms-reactive';
import { LayerOptions } from 'charms-reactive/layers/options/lib/options';
import { Apt } from '../lib/apt.ts';
import { findInstalled } from '../lib/package-facts.ts';

/** Where the unit keeps which of its packages dpkg has said are installed. */
const SEEN = 'apt.seen_installed';

/** Whether sources were configured when that was last looked at. */
const HAD_SOURCES = 'apt.had_sources';

/**
 * Installs packages of the machine.
 *
 *     apt.needs_update         it must be read anew which packages there are
 *     apt.queued_installs      packages are to be installed
 *     apt.installed.<package>  it is installed
 */
export default class AptLayer extends Layer {
  readonly #apt = new Apt(this.unit);
  readonly #options = new LayerOptions(this.unit, 'apt');

  /** In every hook, since a hook may see new configuration before config-changed runs. */
  override async atStart(): Promise<void> {
    await this.#forgetMissing();
    await this.#addKeys();
    this.#checkPackageStatus();
    await this.#addSources();
    const { config } = this.unit;
    const extra = config.string('extra_packages').split(/\s+/).filter(Boolean).sort();
    const basic = new LayerOptions(this.unit, 'basic').list('packages');
    for (const packages of [extra, basic, this.#options.list('packages')]) this.#apt.queueInstall(packages);
    await this.#apt.resetApplicationVersion();
  }

  @when('apt.needs_update')
  async update(): Promise<void> {
    await this.#apt.update();
  }

  @when('apt.queued_installs')
  @whenNot('apt.needs_update')
  async installQueued(): Promise<void> {
    await this.#apt.installQueued();
  }

  @whenNot('apt.queued_installs')
  async ensurePackageStatus(): Promise<void> {
    await this.#apt.ensurePackageStatus();
  }

  /**
   * A package that somebody removed is no longer installed, and is queued again where it is still wanted. One that dpkg never
   * said is installed is left alone: it is virtual, or apt-get is one that does nothing, as in the local Juju.
   */
  async #forgetMissing(): Promise<void> {
    const { flags, kv, log } = this.unit;
    const flagged = this.#apt.installed();
    const present = flagged.length > 0 ? await findInstalled(flagged) : [];
    if (present === undefined) return;
    const seen = kv.get(SEEN);
    const missing = Array.isArray(seen)
      ? flagged.filter((name) => seen.includes(name) && !present.includes(name))
      : [];
    for (const name of missing) {
      log.warning(`the package ${name} was installed, and is no longer`);
      flags.clear(`apt.installed.${name}`);
    }
    if (present.length > 0 || missing.length > 0) kv.set(SEEN, present);
  }

  async #addKeys(): Promise<void> {
    const files = this.#options.list('keys').map((file) => path.resolve(this.unit.hook.charmDir, file));
    for (const file of files) {
      if (!existsSync(file)) this.unit.log.error(`there is no key at ${file}`);
      else if (this.unit.isDataChanged(`apt.key.${file}`, readFileSync(file, 'latin1'))) {
        await this.#apt.addKeyFile(file);
        this.unit.dataChanged(`apt.key.${file}`, readFileSync(file, 'latin1'));
      }
    }
  }

  /** With a value that means nothing nothing is done at all, as in the reference. */
  #checkPackageStatus(): void {
    const status = this.unit.config.string('package_status');
    if (status === 'install' || status === 'hold') return;
    this.unit.status.blocked(`Unknown package_status ${status}`);
    this.unit.endHook();
  }

  async #addSources(): Promise<void> {
    const { config, flags } = this.unit;
    const [sources, keys] = [config.get('install_sources'), config.get('install_keys')];
    if (!this.unit.isDataChanged('apt.configure_sources', [sources, keys])) return;
    // Loaded only where it is needed: hooks are short.
    const { readSources } = await import('../lib/sources.ts');
    for (const { source, key } of readSources({
      sources: config.string('install_sources'),
      keys: config.string('install_keys'),
    })) {
      await this.#apt.addSource(source, key);
    }
    // With the sources that the machine came with, it is soon enough when something is to be installed.
    if (sources || this.unit.kv.get(HAD_SOURCES) === true) flags.set('apt.needs_update');
    this.unit.kv.set(HAD_SOURCES, Boolean(sources));
    this.unit.dataChanged('apt.configure_sources', [sources, keys]);
  }
}
