import { fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type Answer, AnswerStream } from './answer-stream.ts';

/** In the charm's folder: what the tools complained of in a hook in which one failed. */
export const COMPLAINTS_FILE = '.unit-state.complaints';

/** The pipes between this process and the shell, as `dispatch` numbers them. */
const COMMANDS = 9;
const ANSWERS = 4;
const ASKERS = [5, 6, 7, 8] as const;
/** In the shell: what commands complain of. */
const COMPLAINTS = 3;

/** What surely fits into a pipe while the shell is busy. */
const MAX_BYTES = 32 * 1024;
const MAX_COMMANDS = 32;

/** In seconds: tools that take longer are slow, and are not slow any more when they take less than the other. */
const SLOW = 0.01;
const QUICK = 0.005;

const LOST: Answer = { exitCode: 127, output: 'the shell that ran it ended' };

/** The descriptors of the pipes here, and the line that ends each answer. */
export interface ShellPipes {
  /** A file for what commands complain of; it stays, since to make one takes longer than all that is written to it. */
  readonly complaints: string;
  readonly mark: string;
  readonly commands: number;
  readonly answers: number;
  readonly askers: readonly number[];
}

/** A question asked ahead, and where its answer comes. */
export interface AskedAhead {
  readonly command: string;
  readonly asker: number;
  readonly index: number;
}

/**
 * The pipes that `dispatch` left to the process that it became, taken so that no process started from here thinks they were
 * left to it; undefined where there are none, as in a process that was started otherwise.
 */
export function takePipes(environment: NodeJS.ProcessEnv, complaints: string): ShellPipes | undefined {
  const mark = environment.CHARM_TOOL_SHELL;
  delete environment.CHARM_TOOL_SHELL;
  const descriptors = [COMMANDS, ANSWERS, ...ASKERS];
  return mark && descriptors.every(isPipe)
    ? { complaints, mark, commands: COMMANDS, answers: ANSWERS, askers: ASKERS }
    : undefined;
}

function isPipe(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFIFO();
  } catch {
    return false;
  }
}

/**
 * The sh that `dispatch` started (src/shell/dispatch.sh), which runs commands as they are written to it, and what they
 * answered. It ends when nobody is left to write to it.
 */
export class Shell {
  /** What it asked before it was told anything. */
  readonly askedAtStart: readonly AskedAhead[];
  /** Whether earlier hooks found tools so slow that it is worth some processor time to have several of them run at once. */
  readonly #runsSideBySide: boolean;
  /** How many commands were waited for, and how long in all, in seconds. */
  #waits = 0;
  #waited = 0;
  readonly #mark: string;
  readonly #commands: number;
  readonly #answers: AnswerStream;
  readonly #complaints: AnswerStream;
  readonly #askers: readonly AnswerStream[];
  readonly #asked = ASKERS.map(() => 0);
  #isLogging = false;
  #logged: number[] = [];
  #sent = 0;
  /** Of what was sent, what may not have been read yet. */
  #waiting = { bytes: 0, commands: 0 };
  #isLost = false;

  /** Whether a command can be written to a shell at all. */
  static hasRoomFor(words: readonly string[]): boolean {
    return words.reduce((sum, word) => sum + word.length, 0) < MAX_BYTES / 8;
  }

  /** @throws Error where there is no room for a file, or no right to make one. */
  constructor({ complaints, mark, commands, answers, askers }: ShellPipes) {
    const complaintsFile = openEmptyFile(complaints);
    this.#mark = mark;
    this.#commands = commands;
    this.#answers = new AnswerStream(mark, answers);
    this.#complaints = new AnswerStream(mark, complaintsFile);
    this.#askers = askers.map((descriptor) => new AnswerStream(mark, descriptor));
    const { questions, sideBySide } = this.#readStart();
    this.askedAtStart = questions;
    this.#runsSideBySide = sideBySide;
    this.#sent = 1;
    this.#write(
      `exec ${COMPLAINTS}>>/proc/${process.pid}/fd/${complaintsFile}\n` +
        `asker5= asker6= asker7= asker8=\n` +
        `mark() { printf '\\n${mark} %s\\n' "$1" >&"$2"; }\n` +
        `ended() { code=$?; [ $code = 0 ] || mark $code ${COMPLAINTS}; mark "$code" ${ANSWERS}; }\n`,
    );
  }

  /** Whether it is gone. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Whether tools are slow, as far as this hook can tell, or else the hooks before. */
  get hasSlowTools(): boolean {
    const average = this.#waits > 0 ? this.#waited / this.#waits : SLOW;
    return average > SLOW || (average >= QUICK && this.#runsSideBySide);
  }

  /** Runs a command after those before it; answers its number, for `waitForAnswer`. */
  run(command: readonly string[], input?: string): number {
    const line = `${quoteWords(command)} >&${ANSWERS} 2>&${COMPLAINTS}`;
    // The shell writes a whole text into a pipe by itself; what does not end like a line takes a process.
    if (input === undefined) return this.#send(`${line}; ended\n`);
    if (input.endsWith('\n')) return this.#send(`${line} <<'${this.#mark}'\n${input}${this.#mark}\nended\n`);
    return this.#send(`printf %s ${quoteWord(input)} | ${line}; ended\n`);
  }

  /** Runs a command, while others go on where tools are slow, but after those before it that were run so. */
  log(command: readonly string[]): void {
    if (!this.#runsSideBySide) {
      this.#logged.push(this.#send(`${quoteWords(command)} >&${COMPLAINTS} 2>&1; ended\n`));
      return;
    }
    this.#finishLog();
    this.#write(`${quoteWords(command)} >&${COMPLAINTS} 2>&1 & log=$!\n`);
    this.#isLogging = true;
  }

  /** Runs commands side by side, beside those that come. What they complain of is not kept. */
  askAhead(commands: readonly string[]): AskedAhead[] {
    const shares = ASKERS.map((_, asker) => commands.filter((_, at) => at % ASKERS.length === asker));
    // Where more is asked of an asker the shell waits for it first, and must not wait in turn for somebody to read the answers.
    for (const asker of ASKERS.keys()) this.waitForAsker(asker, (this.#asked[asker] ?? 0) - 1);
    const parts = shares.map(inParts);
    const rounds = Math.max(...parts.map(({ length }) => length));
    // The first part of every asker before the second of any, since the shell waits for the one before.
    for (let round = 0; round < rounds; round += 1) {
      for (const asker of ASKERS.keys()) this.#startAsker(asker, parts[asker]?.[round] ?? []);
    }
    return shares.flatMap((share, asker) => share.map((command) => this.#place(command, asker)));
  }

  /** Waits for a command's answer; undefined where the shell is gone. */
  waitForAnswer(index: number): Answer | undefined {
    const from = process.uptime();
    const answer = this.#wait(this.#answers, index);
    this.#waits += 1;
    this.#waited += process.uptime() - from;
    if (index === this.#sent - 1) this.#waiting = { bytes: 0, commands: 0 };
    return answer;
  }

  /** What a command that failed complained of. */
  complaintAt(index: number): string {
    const failures = this.#answers.first(index).filter(({ exitCode }) => exitCode !== 0).length;
    return this.#complaints.answerAt(failures)?.output ?? '';
  }

  waitForAsker(asker: number, index: number): Answer | undefined {
    return index < 0 ? undefined : this.#askers[asker]?.answerAt(index);
  }

  /** Waits for all that was logged since this was last asked. */
  waitForLog(): readonly Answer[] {
    this.#finishLog();
    const answers = this.#logged.map((index) => {
      const answer = this.waitForAnswer(index);
      if (!answer) return LOST;
      return answer.exitCode === 0 ? answer : { ...answer, output: this.complaintAt(index) };
    });
    this.#logged = [];
    return answers;
  }

  #finishLog(): void {
    if (this.#isLogging) this.#logged.push(this.#send('wait "$log"; ended\n'));
    this.#isLogging = false;
  }

  /** In the order in which it comes: the shell does not go on before a long answer is read. */
  #readStart(): { readonly questions: AskedAhead[]; readonly sideBySide: boolean } {
    const [order, ...commands] = (this.#wait(this.#answers, 0)?.output ?? '').trimEnd().split('\n');
    const questions = commands.map((command, at) => {
      const place = this.#place(command, at % ASKERS.length);
      this.waitForAsker(place.asker, place.index);
      return place;
    });
    return { questions, sideBySide: order === 'side-by-side' };
  }

  #startAsker(asker: number, commands: readonly string[]): void {
    const to = ASKERS[asker];
    if (to === undefined || commands.length === 0) return;
    const lines = commands.map((command) => `${command} >&${to} 2>/dev/null; mark $? ${to}`);
    this.#send(
      `[ -z "$asker${to}" ] || wait "$asker${to}"; { ${lines.join('; ')}; } & asker${to}=$!; ended\n`,
    );
  }

  #place(command: string, asker: number): AskedAhead {
    const index = this.#asked[asker] ?? 0;
    this.#asked[asker] = index + 1;
    return { command, asker, index };
  }

  #send(text: string): number {
    const bytes = Buffer.byteLength(text);
    const { bytes: waiting, commands } = this.#waiting;
    if (waiting + bytes > MAX_BYTES || commands >= MAX_COMMANDS) this.waitForAnswer(this.#sent - 1);
    this.#waiting = { bytes: this.#waiting.bytes + bytes, commands: this.#waiting.commands + 1 };
    this.#write(text);
    this.#sent += 1;
    return this.#sent - 1;
  }

  #write(text: string): void {
    let bytes = Buffer.from(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(writeSync(this.#commands, bytes));
    } catch {
      // Nobody reads it any more.
      this.#isLost = true;
    }
  }

  #wait(stream: AnswerStream, index: number): Answer | undefined {
    const answer = stream.answerAt(index);
    if (!answer) this.#isLost = true;
    return answer;
  }
}

/** Words as a shell reads them. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Opens a file that its owner alone can read, and empties it where the hook before was told of something. */
function openEmptyFile(file: string): number {
  const descriptor = openSync(file, 'a+', 0o600);
  if (fstatSync(descriptor).size > 0) ftruncateSync(descriptor);
  return descriptor;
}

/** Parts that each surely fit into the shell's input. */
function inParts(commands: readonly string[]): string[][] {
  const parts: string[][] = [];
  let size = MAX_BYTES;
  for (const command of commands) {
    const bytes = command.length * 3 + 64;
    if (size + bytes > MAX_BYTES / 2) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(command);
    size += bytes;
  }
  return parts;
}
