import path from 'node:path';
import { action, Layer } from 'charms-reactive';
import { makeBackup } from '../lib/backup.ts';
import { RedisUnit } from '../lib/redis-unit.ts';

/** The actions `get-password`, `rotate-password` and `backup`. */
export default class RedisActions extends Layer {
  readonly #redis = new RedisUnit(this.unit);

  @action('get-password')
  getPassword(): void {
    const { tools } = this.unit;
    const password = this.#redis.password.read();
    if (password === undefined) {
      tools.actionFail('cannot get the password: the leader has not made one yet');
    } else {
      tools.actionSet({ password });
    }
  }

  /** The units' servers get the new one by the handlers that wait for such changes, this unit's in this action. */
  @action('rotate-password')
  rotatePassword(): void {
    const { flags, isLeader, name, tools } = this.unit;
    if (!isLeader) tools.actionFail(`cannot rotate the password: ${name} is not the leader`);
    else if (this.#redis.password.read() === undefined) {
      tools.actionFail('cannot rotate the password: there is none yet');
    } else {
      this.#redis.password.rotate();
      flags.clear('redis.ready');
      tools.actionSet({ result: 'the application has a new password' });
    }
  }

  @action('backup')
  async backup(): Promise<void> {
    const { hook, name, tools } = this.unit;
    const { address, folder } = { address: this.#redis.server.address, folder: this.#redis.folder };
    try {
      if (!address) throw new Error("the unit's redis server does not run");
      const into = String(tools.actionGet().folder || path.join(folder, 'backups'));
      const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
      const file = path.resolve(hook.charmDir, into, `${name.replace('/', '-')}-${time}.rdb`);
      const { bytes, sha256 } = await makeBackup({ address, folder, file });
      tools.actionSet({ path: file, size: String(bytes), sha256 });
    } catch (error) {
      tools.actionFail(`cannot back up: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
