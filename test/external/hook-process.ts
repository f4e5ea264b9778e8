import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import path from 'node:path';
import { addToTree, type Tree, writeTree } from '../builder/charm-tree.ts';
import { addCommand } from './external-unit.ts';

/** Hook tools that know of no relation and no config, and write down what they are told in `calls`. */
const TOOLS: Tree = Object.fromEntries(
  Object.entries({
    'relation-ids': 'echo "[]"',
    'relation-list': 'echo "[]"',
    'config-get': 'echo "{}"',
    'is-leader': 'echo false',
    'juju-log': '',
    'status-set': '',
  }).map(([name, answer]) => [
    `tools/${name}!`,
    `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> "$CHARM_DIR/calls"\n${answer}\n`,
  ]),
);

/** A charm's folder with handler files, as Juju would unpack it, whose hooks run as processes. */
export class ProcessUnit {
  readonly charmDir: string;

  private constructor(charmDir: string) {
    this.charmDir = charmDir;
  }

  static async create(files: Tree): Promise<ProcessUnit> {
    const unit = new ProcessUnit(writeTree({ ...TOOLS, ...files }));
    await addCommand(unit.charmDir);
    return unit;
  }

  add(files: Tree): void {
    addToTree(this.charmDir, files);
  }

  run(hook: string): SpawnSyncReturns<string> {
    return spawnSync(path.join(this.charmDir, 'bin/node'), [path.join(this.charmDir, 'charm.js')], {
      cwd: this.charmDir,
      env: this.environment(hook),
      encoding: 'utf8',
    });
  }

  /** The command, run from a shell of nobody's hook. */
  command(...words: readonly string[]): SpawnSyncReturns<string> {
    return spawnSync(path.join(this.charmDir, 'bin/charms.reactive'), words, {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
    });
  }

  environment(hook: string): Record<string, string> {
    return {
      PATH: `${path.join(this.charmDir, 'tools')}:/usr/bin:/bin`,
      JUJU_UNIT_NAME: 'web/0',
      JUJU_HOOK_NAME: hook,
      JUJU_CHARM_DIR: this.charmDir,
      CHARM_DIR: this.charmDir,
    };
  }
}
