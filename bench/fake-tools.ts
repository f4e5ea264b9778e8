import { spawnSync } from 'node:child_process';
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
  readonly #answers = new Map<string, string>();

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
    const text = JSON.stringify(value);
    if (this.#answers.get(call) === text) return;
    writeFileSync(join(this.#folder, 'answers', call.replaceAll('/', '%')), text);
    this.#answers.set(call, text);
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

/** Compiles one of the programs in `fake-tools/`. @throws Error where there is no C compiler, or it does not like it. */
export function compile(source: string, program: string, compiler = 'cc'): void {
  const file = join(import.meta.dirname, 'fake-tools', source);
  const { error, status, stderr } = spawnSync(compiler, ['-O2', '-static', '-o', program, file], {
    encoding: 'utf8',
  });
  if (error) {
    throw new Error(
      `cannot compile "${file}": it needs a C compiler, and there is no "${compiler}" (Debian: apt-get install gcc libc6-dev)`,
      { cause: error },
    );
  }
  if (status !== 0) throw new Error(`cannot compile "${file}": ${compiler} says: ${stderr}`);
}
