import type { LogLevel as JujuLogLevel } from '../../tools/hook-tools.ts';
import { formatLogTime } from './juju-time.ts';

/** The levels of `juju debug-log`, lowest first. */
export type LogLevel = JujuLogLevel;

/** A line of the debug log. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string;
  /** `redis/0`. */
  readonly unit: string;
  readonly level: LogLevel;
  /** `unit.redis/0.juju-log` for what a charm logs, `unit.redis/0.<hook>` for what it prints. */
  readonly logger: string;
  readonly message: string;
}

/**
 * A line as `juju debug-log` prints it: `unit-redis-0: 10:21:07 INFO unit.redis/0.juju-log db:3: connected`; with the date,
 * with milliseconds, or in UTC where asked for.
 */
export function formatLogLine(
  line: LogLine,
  options: { readonly date?: boolean; readonly ms?: boolean; readonly utc?: boolean } = {},
): string {
  const time = formatLogTime(line.time, options);
  return `${entityOf(line)}: ${time} ${line.level} ${line.logger} ${line.message}`;
}

/** Who wrote a line, as debug-log names it: `unit-redis-0`. */
export function entityOf(line: LogLine): string {
  return `unit-${line.unit.replace('/', '-')}`;
}
