import { accessSync, constants } from 'node:fs';
import { machine, release } from 'node:os';
import path from 'node:path';
import { hook, Layer, when, whenNot } from 'charms-reactive';
import { runProgram } from '../lib/snap-command.ts';
import { readSnaps, type WantedSnap } from '../lib/snap-options.ts';
import { Snaps } from '../lib/snaps.ts';

/** Where snapd puts the programs of snaps, which some machines leave off PATH. */
const SNAP_PROGRAMS = '/snap/bin';

/** Installs the snaps of layer.yaml before any handler runs, and keeps them as it says. */
export default class SnapLayer extends Layer {
  readonly #snaps = new Snaps(this.unit);

  override registerTriggers(): void {
    this.unit.flags.registerTrigger({ when: 'config.changed.snapd_refresh', clearFlag: 'snap.refresh.set' });
  }

  override async atStart(): Promise<void> {
    if (!hasKernel(release())) {
      this.unit.log.warning(`snaps do not work on kernel ${release()}: they need 4.4`);
      return;
    }
    addToPath(SNAP_PROGRAMS);
    if (!isOnPath('snap')) await runProgram(['apt-get', 'install', '-y', 'snapd']);
    await this.#install();
  }

  @hook('upgrade-charm')
  async refresh(): Promise<void> {
    if (!hasKernel(release())) return;
    await this.#snaps.checkRefreshes();
    for (const { name, options, remove } of this.#supported()) {
      if (!remove) await this.#snaps.refresh(name, options);
    }
    await this.#snaps.connectAll();
  }

  @when('snap.installed.core')
  @whenNot('snap.refresh.set')
  async setRefreshTimer(): Promise<void> {
    const { config, flags } = this.unit;
    const timer = config.string('snapd_refresh');
    if (timer !== '' || flags.isSet('snap.refresh.was-set')) await this.#snaps.setRefreshTimer(timer);
    flags.toggle('snap.refresh.was-set', timer !== '');
    flags.set('snap.refresh.set');
  }

  /** What is to be gone goes first, since another snap may take its place. */
  async #install(): Promise<void> {
    const wanted = this.#supported();
    for (const { name, remove } of wanted) {
      if (remove && this.#snaps.isInstalled(name)) await this.#snaps.remove(name);
    }
    for (const { name, options, remove } of wanted) {
      if (!remove && !this.#snaps.isInstalled(name)) await this.#snaps.install(name, options);
    }
    const options = this.unit.layerOptions('snap');
    if (!this.unit.isDataChanged('snap.install.opts', options)) return;
    await this.#snaps.connectAll();
    this.unit.dataChanged('snap.install.opts', options);
  }

  #supported(): WantedSnap[] {
    return readSnaps(this.unit).filter(({ name, architectures }) => {
      const isSupported = architectures.length === 0 || architectures.includes(machine());
      if (!isSupported) this.unit.log.error(`the snap ${name} is not for machines of ${machine()}`);
      return isSupported;
    });
  }
}

function hasKernel(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 4 || (major === 4 && minor >= 4);
}

function addToPath(folder: string): void {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  if (!folders.includes(folder)) process.env.PATH = [...folders, folder].join(path.delimiter);
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
