import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import type { Socket } from 'node:net';
import { constants as osConstants } from 'node:os';
import { PERL_LAUNCHER } from './perl-launcher.ts';

/** What is run, and where. */
export interface ProcessCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How a process ended. */
export interface ProcessEnd {
  /** Null where it was killed, or did not start. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it did not start. */
  readonly failure?: string;
}

/** Who is told of a process. */
export interface ProcessListener {
  /** It has started, as the leader of a process group. */
  started(group: number): void;
  printed(stream: 'stdout' | 'stderr', bytes: Buffer): void;
  ended(end: ProcessEnd): void;
  /** Nothing can be printed any more: what it left running has ended too, or has closed its output. */
  closed(): void;
}

/** Starts processes, each as the leader of a session of its own, with nothing on standard input. */
export interface ProcessLauncher {
  launch(command: ProcessCommand, listener: ProcessListener): void;
  /** Starts nothing more. What runs goes on. */
  stop(): void;
}

/**
 * The launcher for this machine. To start a process, the system copies what it needs to know about all memory of the one that
 * starts it, which takes long for one as large as node. So it is done by a small perl where there is one, and by node
 * elsewhere.
 */
export function chooseLauncher(): ProcessLauncher {
  try {
    accessSync(PERL, constants.X_OK);
    return new PerlLauncher();
  } catch {
    return new NodeLauncher();
  }
}

const PERL = '/usr/bin/perl';

/** Starts processes from node itself. */
export class NodeLauncher implements ProcessLauncher {
  launch({ file, args, cwd, env }: ProcessCommand, listener: ProcessListener): void {
    const child = spawn(file, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    if (child.pid !== undefined) listener.started(child.pid);
    child.stdout.on('data', (bytes: Buffer) => listener.printed('stdout', bytes));
    child.stderr.on('data', (bytes: Buffer) => listener.printed('stderr', bytes));
    child.once('error', (error) => listener.ended({ exitCode: null, signal: null, failure: error.message }));
    child.once('exit', (exitCode, signal) => listener.ended({ exitCode, signal }));
    child.once('close', () => listener.closed());
  }

  stop(): void {}
}

/** Starts processes through one perl, which is told what to start and tells what happens. */
export class PerlLauncher implements ProcessLauncher {
  /** Who waits, by the number of the process, with what is still to come: its end, and the end of its output. */
  readonly #waiting = new Map<string, { readonly listener: ProcessListener; readonly left: Set<string> }>();
  #perl: ChildProcess | undefined;
  #count = 0;
  #input: Buffer = Buffer.alloc(0);

  launch({ file, args, cwd, env }: ProcessCommand, listener: ProcessListener): void {
    this.#perl ??= this.#start();
    const id = String(++this.#count);
    this.#waiting.set(id, { listener, left: new Set(['x', 'c']) });
    this.#hold();
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const request = Buffer.from([file, cwd, args.length, ...args, ...variables].join('\0'));
    this.#perl.stdin?.write(Buffer.concat([Buffer.from(`${id} ${request.length}\n`), request]));
  }

  stop(): void {
    this.#perl?.stdin?.end();
    this.#perl = undefined;
  }

  /** Keeps node alive while something runs, and no longer. */
  #hold(): void {
    const method = this.#waiting.size > 0 ? 'ref' : 'unref';
    this.#perl?.[method]();
    for (const stream of [this.#perl?.stdin, this.#perl?.stdout]) (stream as Socket | undefined)?.[method]();
  }

  #start(): ChildProcess {
    const perl = spawn(PERL, ['-e', PERL_LAUNCHER], {
      cwd: '/',
      env: {},
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    perl.stdout.on('data', (bytes: Buffer) => this.#read(bytes));
    perl.stdin.on('error', () => undefined);
    const giveUp = (why: string) => {
      if (this.#perl === perl) this.#perl = undefined;
      for (const [id, { listener, left }] of this.#waiting) {
        this.#waiting.delete(id);
        if (left.has('x')) listener.ended({ exitCode: null, signal: null, failure: why });
        listener.closed();
      }
    };
    perl.once('error', (error) => giveUp(`cannot start processes: ${error.message}`));
    perl.once('exit', () => giveUp('what starts the processes has ended'));
    return perl;
  }

  #read(bytes: Buffer): void {
    this.#input = this.#input.length === 0 ? bytes : Buffer.concat([this.#input, bytes]);
    for (let end = this.#input.indexOf(10); end >= 0; end = this.#input.indexOf(10)) {
      const [id = '', kind = '', first = '', second = ''] = this.#input.toString('latin1', 0, end).split(' ');
      const length = kind === 'o' || kind === 'e' || kind === 'f' ? Number(first) : 0;
      if (this.#input.length < end + 1 + length) return;
      const body = this.#input.subarray(end + 1, end + 1 + length);
      this.#input = this.#input.subarray(end + 1 + length);
      this.#report({ id, kind, numbers: [Number(first), Number(second)], body });
    }
  }

  #report(report: {
    readonly id: string;
    readonly kind: string;
    readonly numbers: readonly [number, number];
    readonly body: Buffer;
  }): void {
    const { id, kind, body } = report;
    const [first, second] = report.numbers;
    const { listener, left } = this.#waiting.get(id) ?? {};
    if (listener === undefined || left === undefined) return;
    if (kind === 'p') listener.started(first);
    if (kind === 'o') listener.printed('stdout', body);
    if (kind === 'e') listener.printed('stderr', body);
    if (kind === 'x') listener.ended(second === 0 ? { exitCode: first, signal: null } : killedBy(second));
    if (kind === 'f') listener.ended({ exitCode: null, signal: null, failure: body.toString() });
    if (kind === 'c' || kind === 'f') listener.closed();
    left.delete(kind);
    if (left.size > 0 && kind !== 'f') return;
    this.#waiting.delete(id);
    this.#hold();
  }
}

function killedBy(signal: number): ProcessEnd {
  const names = Object.entries(osConstants.signals);
  const [name] = names.find(([, number]) => number === signal) ?? ['SIGKILL'];
  return { exitCode: null, signal: name as NodeJS.Signals };
}
