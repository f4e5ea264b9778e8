import { closeSync, constants, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one command wrote, and how it ended. */
export interface Answer {
  readonly exitCode: number;
  readonly output: string;
}

/**
 * What commands of another process write one after the other, read while it goes on writing.
 *
 * It is a file that has no name any more, so that nothing is left behind and nobody else can read it; a pipe could not be
 * waited for without giving other code a turn. Each command is followed by a line that no command can guess:
 *
 *     …output of the first…\n<mark> 0\n…output of the second…\n<mark> 2\n
 */
export class AnswerStream {
  /** For the other process. */
  readonly descriptor: number;
  readonly #mark: Buffer;
  readonly #answers: Answer[] = [];
  #bytes = Buffer.alloc(0);
  #position = 0;

  constructor(mark: string, descriptor: number) {
    this.#mark = Buffer.from(`\n${mark} `);
    this.descriptor = descriptor;
  }

  /** The answers that are there by now, the first command's first. */
  read(): readonly Answer[] {
    this.#readOn();
    for (let end = this.#findEnd(); end; end = this.#findEnd()) {
      this.#answers.push({ exitCode: end.exitCode, output: this.#bytes.toString('utf8', 0, end.start) });
      this.#bytes = this.#bytes.subarray(end.end);
    }
    return this.#answers;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  #readOn(): void {
    const size = fstatSync(this.descriptor).size - this.#position;
    if (size <= 0) return;
    const more = Buffer.allocUnsafe(size);
    const length = readSync(this.descriptor, more, 0, size, this.#position);
    this.#position += length;
    this.#bytes = Buffer.concat([this.#bytes, more.subarray(0, length)]);
  }

  #findEnd(): { readonly start: number; readonly end: number; readonly exitCode: number } | undefined {
    const start = this.#bytes.indexOf(this.#mark);
    if (start < 0) return undefined;
    const code = start + this.#mark.length;
    const end = this.#bytes.indexOf('\n', code);
    if (end < 0) return undefined;
    return { start, end: end + 1, exitCode: Number(this.#bytes.toString('latin1', code, end)) };
  }
}

/** Opens so many files without a name, which their owner alone can read. */
export function openUnnamedFiles(count: number): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'charm-tools-'));
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_EXCL;
    return Array.from({ length: count }, (_, index) => openSync(join(folder, String(index)), flags, 0o600));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
