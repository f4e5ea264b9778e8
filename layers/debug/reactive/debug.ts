import path from 'node:path';
import { Layer } from 'charms-reactive';
import { LayerOptions } from 'charms-reactive/layers/options/lib/options';
import { collectDebugArchive } from '../lib/debug-archive.ts';

/** The action `debug`. */
export default class Debug extends Layer {
  /** Before anything of the charm runs: it may be what is wrong. */
  override async beforeStart(): Promise<void> {
    const { hook, kv, metadata, name, tools } = this.unit;
    if (hook.action !== 'debug') return;
    const file = await collectDebugArchive({
      charmDir: hook.charmDir,
      files: { 'charm-unitdata/unitdata.json': `${JSON.stringify(kv.getRange(''), null, 2)}\n` },
      environment: { DEBUG_ENDPOINTS: metadata.endpoints.map((endpoint) => endpoint.name).join(' ') },
      archiveFolder: path.resolve(
        hook.charmDir,
        new LayerOptions(this.unit, 'debug').string('archive_folder'),
      ),
    });
    tools.actionSet({
      path: file,
      command: `juju scp ${name}:${file} .`,
      message: `The archive is on unit ${name}. Copy it with the command.`,
    });
    this.unit.endHook();
  }
}
