import { readSync } from 'node:fs';

/** What one command wrote, and how it ended. */
export interface Answer {
  readonly exitCode: number;
  readonly output: string;
}

const CHUNK_BYTES = 64 * 1024;
let chunk: Buffer | undefined;

/**
 * What commands of another process write one after the other, read while it goes on writing. Each command is followed by a
 * line that no command can guess:
 *
 *     …output of the first…\n<mark> 0\n…output of the second…\n<mark> 2\n
 */
export class AnswerStream {
  readonly #descriptor: number;
  readonly #mark: Buffer;
  readonly #answers: Answer[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  /** No mark begins before this place of the bytes. */
  #searched = 0;

  constructor(mark: string, descriptor: number) {
    this.#mark = Buffer.from(`\n${mark} `);
    this.#descriptor = descriptor;
  }

  /**
   * Waits for the answer of that number, from 0, without giving other code a turn: that is what a synchronous tool promises.
   * Undefined where nobody is left who could give it; of a file, where it is not in there.
   */
  answerAt(index: number): Answer | undefined {
    while (this.#answers.length <= index && (this.#takeAnswer() || this.#readOn())) {
      // One of the two got further.
    }
    return this.#answers[index];
  }

  /** So many of the first answers, of those that were read. */
  first(count: number): readonly Answer[] {
    return this.#answers.slice(0, count);
  }

  #readOn(): boolean {
    chunk ??= Buffer.allocUnsafe(CHUNK_BYTES);
    const length = readSync(this.#descriptor, chunk, 0, CHUNK_BYTES, null);
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, length)]);
    return length > 0;
  }

  #takeAnswer(): boolean {
    const start = this.#bytes.indexOf(this.#mark, this.#searched);
    this.#searched = start < 0 ? Math.max(0, this.#bytes.length - this.#mark.length) : start;
    if (start < 0) return false;
    const code = start + this.#mark.length;
    const end = this.#bytes.indexOf('\n', code);
    if (end < 0) return false;
    const exitCode = Number(this.#bytes.toString('latin1', code, end));
    this.#answers.push({ exitCode, output: this.#bytes.toString('utf8', 0, start) });
    this.#bytes = this.#bytes.subarray(end + 1);
    this.#searched = 0;
    return true;
  }
}
