import { Layer } from 'charms-reactive';
import { aptGet, runApt } from '../lib/apt-get.ts';
import { runExecScripts } from '../lib/exec-d.ts';

/** What every charm layer builds on: gets the machine ready, then keeps the flags that say how the charm is configured. */
export default class Basic extends Layer {
  /** Before the endpoints' flags, as in the reference, so that triggers see config flags first. */
  override async beforeStart(): Promise<void> {
    await this.#runScripts();
    await this.#installPackages();
    this.unit.manageConfigFlags();
  }

  /**
   * In every hook, since a storage hook may come before `install`. With one that failed, no handler runs, and the next hook
   * tries it again.
   */
  async #runScripts(): Promise<void> {
    const { hook, log, tools } = this.unit;
    const failure = await runExecScripts(hook.charmDir, (line) => log.info(line));
    if (!failure) return;
    tools.statusSet('blocked', `Error (${failure.code}) running ${failure.script}`);
    this.unit.endHook();
  }

  /** In the first hook, when others are wanted, and where a new charm or a new series may have taken them away. */
  async #installPackages(): Promise<void> {
    const { packages = [] } = this.unit.layerOptions('basic');
    if (!Array.isArray(packages) || packages.length === 0) return;
    const isRenewed = ['upgrade-charm', 'post-series-upgrade'].includes(this.unit.hook.name);
    if (!isRenewed && !this.unit.isDataChanged('basic.packages', packages)) return;
    await runApt(aptGet('install', packages.map(String)));
    this.unit.dataChanged('basic.packages', packages);
  }
}
