import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Answer, AnswerStream, openUnnamedFiles } from './answer-stream.ts';

/** Descriptors in the shell; dash knows no more than 9. */
const ANSWERS = 3;
const COMPLAINTS = 4;
const LOG = 5;
const ASKERS = [6, 7, 8, 9] as const;

/** What surely fits into the shell's input while it is busy: a socket takes six times as much. */
const MAX_BYTES = 32 * 1024;
const MAX_COMMANDS = 32;

const LOST: Answer = { exitCode: 127, output: 'the shell that ran it ended' };

/** A question asked ahead, and where its answer comes. */
export interface AskedAhead {
  readonly command: readonly string[];
  readonly asker: number;
  readonly index: number;
}

/** One sh that runs commands as they are written to it, and what they answered. */
export class Shell {
  readonly #child: ChildProcess;
  readonly #answers: AnswerStream;
  readonly #complaints: AnswerStream;
  readonly #log: AnswerStream;
  readonly #askers: readonly AnswerStream[];
  readonly #asked = ASKERS.map(() => 0);
  #sent = 0;
  #logged = 0;
  /** Of what was sent, what may not have been read yet. */
  #waiting = { bytes: 0, commands: 0 };
  #isLost = false;

  /** Whether a command can be written to a shell at all. */
  static hasRoomFor(words: readonly string[]): boolean {
    return words.reduce((sum, word) => sum + word.length, 0) < MAX_BYTES / 8;
  }

  constructor() {
    const mark = makeMark();
    const files = openUnnamedFiles(3 + ASKERS.length);
    const [answers = 0, complaints = 0, log = 0, ...askers] = files;
    this.#answers = new AnswerStream(mark, answers);
    this.#complaints = new AnswerStream(mark, complaints);
    this.#log = new AnswerStream(mark, log);
    this.#askers = askers.map((file) => new AnswerStream(mark, file));
    this.#child = spawn('/bin/sh', [], { stdio: ['pipe', 'ignore', 'ignore', ...files] });
    // What goes wrong shows in the answers that do not come.
    this.#child.on('error', () => undefined);
    this.#child.stdin?.on('error', () => undefined);
    this.#child.unref();
    this.#isLost = this.#child.pid === undefined || process.platform !== 'linux';
    this.#write(
      `mark() { printf '\\n${mark} %s\\n' "$1" >&"$2"; }\n` +
        `ended() { code=$?; mark 0 ${COMPLAINTS}; mark "$code" ${ANSWERS}; }\n`,
    );
  }

  /** Whether it is gone, or never came. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Runs a command after those before it; answers its number, for `waitForAnswer`. */
  run(command: readonly string[], input?: string): number {
    const from = input === undefined ? '' : `printf %s ${quoteWord(input)} | `;
    const stdin = input === undefined ? ' </dev/null' : '';
    return this.#send(`${from}${quoteWords(command)}${stdin} >&${ANSWERS} 2>&${COMPLAINTS}`);
  }

  /** Runs a command while others go on, but after those before it that were run so. */
  log(command: readonly string[]): void {
    const wait = '[ -z "$log" ] || wait "$log"';
    this.#send(
      `${wait}; { ${quoteWords(command)} </dev/null >&${LOG} 2>&1; mark $? ${LOG}; } 2>&${LOG} & log=$!`,
    );
    this.#logged += 1;
  }

  /** Runs commands side by side, beside those that come. What they complain of is not kept. */
  askAhead(commands: readonly (readonly string[])[]): AskedAhead[] {
    const shares = ASKERS.map((_, asker) => commands.filter((_, at) => at % ASKERS.length === asker));
    // Two at once would write into each other's answers.
    for (const asker of ASKERS.keys()) this.waitForAsker(asker, (this.#asked[asker] ?? 0) - 1);
    const parts = shares.map(inParts);
    const rounds = Math.max(...parts.map(({ length }) => length));
    // The first part of every asker before the second of any, since the shell waits for the one before.
    for (let round = 0; round < rounds; round += 1) {
      for (const asker of ASKERS.keys()) this.#startAsker(asker, parts[asker]?.[round] ?? []);
    }
    return shares.flatMap((share, asker) =>
      share.map((command) => {
        const index = this.#asked[asker] ?? 0;
        this.#asked[asker] = index + 1;
        return { command, asker, index };
      }),
    );
  }

  #startAsker(asker: number, commands: readonly (readonly string[])[]): void {
    const to = ASKERS[asker];
    if (to === undefined || commands.length === 0) return;
    const lines = commands.map(
      (command) => `${quoteWords(command)} </dev/null >&${to} 2>/dev/null; mark $? ${to}`,
    );
    this.#send(`[ -z "$asker${to}" ] || wait "$asker${to}"; { ${lines.join('; ')}; } & asker${to}=$!`);
  }

  /** Waits for a command's answer; undefined where the shell is gone. */
  waitForAnswer(index: number): Answer | undefined {
    const answer = this.#wait(() => this.#answers.read()[index]);
    if (index === this.#sent - 1) this.#waiting = { bytes: 0, commands: 0 };
    return answer;
  }

  /** What a command that has ended complained of. */
  complaintAt(index: number): string {
    return this.#complaints.read()[index]?.output ?? '';
  }

  waitForAsker(asker: number, index: number): Answer | undefined {
    return index < 0 ? undefined : this.#wait(() => this.#askers[asker]?.read()[index]);
  }

  /** Waits for all that was logged. */
  waitForLog(): readonly Answer[] {
    this.#wait(() => this.#log.read()[this.#logged - 1], this.#logged > 0);
    const answers = this.#log.read();
    return answers.length < this.#logged ? [...answers, LOST] : answers;
  }

  #send(command: string): number {
    const text = `${command}; ended\n`;
    const bytes = Buffer.byteLength(text);
    const { bytes: waiting, commands } = this.#waiting;
    if (waiting + bytes > MAX_BYTES || commands >= MAX_COMMANDS) this.waitForAnswer(this.#sent - 1);
    this.#waiting = { bytes: this.#waiting.bytes + bytes, commands: this.#waiting.commands + 1 };
    this.#write(text);
    this.#sent += 1;
    return this.#sent - 1;
  }

  #write(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Looks again and again, without giving other code a turn: that is what a synchronous tool promises. */
  #wait<T>(look: () => T | undefined, isWanted = true): T | undefined {
    for (let looks = 0; isWanted; looks += 1) {
      const found = look();
      if (found !== undefined) return found;
      if (looks % 100 === 99 && !this.#isAlive()) {
        this.#isLost = true;
        return look();
      }
      Atomics.wait(sleeper, 0, 0, looks < 20 ? 0.1 : 1);
    }
    return undefined;
  }

  /** A process that has ended is still in the list until its parent has a turn, which it does not have now. */
  #isAlive(): boolean {
    try {
      return !/\) [ZX] /.test(readFileSync(`/proc/${this.#child.pid}/stat`, 'latin1'));
    } catch {
      return false;
    }
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Words as a shell reads them. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Nobody can have it in what he says. */
function makeMark(): string {
  const random = (): string => Math.random().toString(36).slice(2);
  return `ended-${random()}${random()}`;
}

/** Parts that each surely fit into the shell's input. */
function inParts(commands: readonly (readonly string[])[]): (readonly (readonly string[])[])[] {
  const parts: (readonly string[])[][] = [];
  let size = MAX_BYTES;
  for (const command of commands) {
    const bytes = quoteWords(command).length * 3 + 64;
    if (size + bytes > MAX_BYTES / 2) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(command);
    size += bytes;
  }
  return parts;
}
