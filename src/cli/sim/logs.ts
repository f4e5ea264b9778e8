import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { formatLogLine, type LogLevel, type LogLine } from '../../simulator/report/debug-log.ts';
import { logMatcher } from '../../simulator/report/log-filter.ts';
import { addModelCommand, askModel, placeOf } from './model-command.ts';
import { collectList, readCount } from './option-values.ts';
import { print } from './output.ts';

/** How often the log is looked at for more. */
const TAIL_MILLISECONDS = 500;

/** Adds `debug-log`. */
export function addLogCommand(sim: Command): void {
  addModelCommand(
    sim,
    'debug-log',
    'what hooks have logged and printed: the last lines, or all with --replay',
  )
    .option('--replay', 'from the beginning')
    .option('--tail', 'go on as more comes')
    .option('--no-tail', 'end after what there is, as it does anyway')
    .option('-n, --lines <count>', 'how many of the last lines', readCount, 10)
    .option('--limit <count>', 'end after so many lines', readCount)
    .option('-i, --include <names>', 'only of these units, applications or machines', collectList, [])
    .option('-x, --exclude <names>', 'not of these', collectList, [])
    .option('--include-module <names>', 'only of these loggers', collectList, [])
    .option('--exclude-module <names>', 'not of these', collectList, [])
    .addOption(
      new Option('-l, --level <level>', 'from this level up')
        .choices(['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR'])
        .argParser((level: string) => level.toUpperCase()),
    )
    .option('--date', 'with dates')
    .option('--ms', 'with milliseconds')
    .option('--utc', 'times in UTC')
    .option('--location', 'accepted')
    .option('--color', 'accepted')
    .action((flags: LogFlags, command: Command) => new LogReader(command, flags).show());
}

interface LogFlags {
  readonly replay?: boolean;
  readonly tail?: boolean;
  readonly lines: number;
  readonly limit?: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly includeModule: readonly string[];
  readonly excludeModule: readonly string[];
  readonly level?: LogLevel;
  readonly date?: boolean;
  readonly ms?: boolean;
  readonly utc?: boolean;
}

class LogReader {
  readonly #command: Command;
  readonly #flags: LogFlags;
  readonly #isShown: (line: LogLine) => boolean;
  #last = 0;
  #count = 0;
  #seen = '';

  constructor(command: Command, flags: LogFlags) {
    this.#command = command;
    this.#flags = flags;
    const { include, exclude, includeModule, excludeModule, level } = flags;
    this.#isShown = logMatcher({
      ...(include.length === 0 ? {} : { include }),
      ...(exclude.length === 0 ? {} : { exclude }),
      ...(includeModule.length === 0 ? {} : { includeModule }),
      ...(excludeModule.length === 0 ? {} : { excludeModule }),
      ...(level === undefined ? {} : { level }),
    });
  }

  async show(): Promise<void> {
    const before = await this.#readMore();
    const { replay = false, lines, tail = false } = this.#flags;
    this.#print(replay ? before : before.slice(Math.max(0, before.length - lines)));
    while (tail && !this.#isFull()) {
      await setTimeout(TAIL_MILLISECONDS);
      if (this.#hasChanged()) this.#print(await this.#readMore());
    }
  }

  /** The lines that came since the last look. The model is let go of between looks, so that others can work with it. */
  async #readMore(): Promise<LogLine[]> {
    let lines: readonly (LogLine & { readonly id: number })[] = [];
    await askModel(this.#command, async (model) => {
      lines = await model.debugLog(this.#last);
    });
    this.#last = lines.at(-1)?.id ?? this.#last;
    this.#seen = this.#fileMark();
    return lines.filter(this.#isShown);
  }

  #print(lines: readonly LogLine[]): void {
    const { limit = Number.POSITIVE_INFINITY } = this.#flags;
    for (const line of lines.slice(0, limit - this.#count)) {
      print(`${formatLogLine(line, this.#flags)}\n`);
      this.#count += 1;
    }
  }

  #isFull(): boolean {
    return this.#count >= (this.#flags.limit ?? Number.POSITIVE_INFINITY);
  }

  #hasChanged(): boolean {
    return this.#fileMark() !== this.#seen;
  }

  /** Differs once anything was written into the model's database. */
  #fileMark(): string {
    const { folder } = placeOf(this.#command);
    return ['model.db', 'model.db-wal']
      .map((name) => {
        const file = statSync(join(folder, name), { throwIfNoEntry: false });
        return file === undefined ? '-' : `${file.mtimeMs} ${file.size}`;
      })
      .join(' ');
  }
}
