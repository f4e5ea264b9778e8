import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a charm, or a framework beside ours, may call. */
const TOOLS = [
  ...['action-fail', 'action-get', 'action-log', 'action-set', 'application-version-set', 'close-port'],
  ...['config-get', 'goal-state', 'is-leader', 'juju-log', 'juju-reboot', 'leader-get', 'leader-set'],
  ...['network-get', 'open-port', 'opened-ports', 'relation-get', 'relation-ids', 'relation-list'],
  ...['relation-model-get', 'relation-set', 'resource-get', 'secret-get', 'secret-ids', 'state-delete'],
  ...['state-get', 'state-set', 'status-get', 'status-set', 'storage-get', 'storage-list', 'unit-get'],
];

/** Hook tools that cost what a process costs and no more, answer what they were told to, and note each call. */
export class FakeTools {
  /** For PATH. */
  readonly bin: string;
  readonly #folder: string;

  /** Makes them in a folder that is not there yet. @throws Error where there is no C compiler. */
  constructor(folder: string) {
    this.#folder = folder;
    this.bin = join(folder, 'bin');
    mkdirSync(this.bin, { recursive: true });
    mkdirSync(join(folder, 'answers'));
    const program = join(folder, 'tool');
    compile('tool.c', program);
    for (const tool of TOOLS) symlinkSync(program, join(this.bin, tool));
    this.takeCalls();
  }

  /** Makes every call take so much longer than the process itself. */
  delay(milliseconds: number): void {
    writeFileSync(join(this.#folder, 'delay'), String(milliseconds * 1000));
  }

  /** Sets what a call answers, as JSON: `relation-list`, `relation-get.-.redis/0`. */
  answer(call: string, value: unknown): void {
    writeFileSync(join(this.#folder, 'answers', call.replaceAll('/', '%')), JSON.stringify(value));
  }

  /** The calls since this was last asked, in order: `relation-get.-.redis%0`. */
  takeCalls(): string[] {
    const file = join(this.#folder, 'calls');
    let text = '';
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      // There is none before the first call.
    }
    writeFileSync(file, '');
    return text.split('\n').filter((line) => line !== '');
  }
}

/** Compiles one of the programs in `fake-tools/`. @throws Error where there is no C compiler. */
export function compile(source: string, program: string): void {
  const file = join(import.meta.dirname, 'fake-tools', source);
  try {
    execFileSync('cc', ['-O2', '-static', '-o', program, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (cause) {
    throw new Error(`cannot compile "${file}": a C compiler, cc, is needed (Debian: apt-get install gcc)`, {
      cause,
    });
  }
}
