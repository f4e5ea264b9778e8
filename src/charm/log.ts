import type { HookTools, LogLevel } from '../tools/hook-tools.ts';

/** Writes to Juju's log. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
}

/** How long a line may wait for company, so that a handler that works for minutes is still seen at work. */
const MAX_WAIT_MS = 1000;

/**
 * A log that tells Juju in few calls: lines of one level that follow each other go out as one message, when the level
 * changes, when a line comes a second after the first that waits, and at the end of the hook, failed or not.
 */
export class HookLog implements Log {
  readonly #tools: Pick<HookTools, 'log'>;
  readonly #now: () => number;
  #level: LogLevel = 'INFO';
  #lines: string[] = [];
  #waitingSince = 0;

  constructor(tools: Pick<HookTools, 'log'>, now: () => number = Date.now) {
    this.#tools = tools;
    this.#now = now;
  }

  debug(message: string): void {
    this.write(message, 'DEBUG');
  }

  info(message: string): void {
    this.write(message, 'INFO');
  }

  warning(message: string): void {
    this.write(message, 'WARNING');
  }

  error(message: string): void {
    this.write(message, 'ERROR');
  }

  /** Adds a line of the given level. */
  write(message: string, level: LogLevel): void {
    if (level !== this.#level || this.#isOverdue()) this.flush();
    if (this.#lines.length === 0) this.#waitingSince = this.#now();
    this.#level = level;
    this.#lines.push(message);
  }

  /** Tells Juju every line that waits. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const message = this.#lines.join('\n');
    this.#lines = [];
    this.#tools.log(message, this.#level);
  }

  #isOverdue(): boolean {
    return this.#lines.length > 0 && this.#now() - this.#waitingSince >= MAX_WAIT_MS;
  }
}
