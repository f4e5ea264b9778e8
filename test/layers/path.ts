import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { makeFolder } from './folders.ts';

/** A PATH of one folder, in which there is only what the test puts there, and the shell. */
export class TestPath {
  readonly folder = makeFolder();

  constructor() {
    for (const name of ['sh', 'cat', 'env', 'tar', 'gzip', 'sleep']) {
      const program = ['/bin', '/usr/bin'].map((place) => path.join(place, name)).find(existsSync);
      if (program) symlinkSync(program, path.join(this.folder, name));
    }
    vi.stubEnv('PATH', this.folder);
    onTestFinished(() => void vi.unstubAllEnvs());
  }

  /** A program that notes how it is called, and does what the shell text says. */
  program(name: string, script = ''): void {
    const file = path.join(this.folder, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> '${this.folder}/calls'\n${script}\n`);
    chmodSync(file, 0o755);
  }

  remove(name: string): void {
    rmSync(path.join(this.folder, name));
  }

  /** The calls of all programs since this was last asked, in order. */
  calls(): string[] {
    const file = path.join(this.folder, 'calls');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    writeFileSync(file, '');
    return lines.filter((line) => line !== '');
  }
}
