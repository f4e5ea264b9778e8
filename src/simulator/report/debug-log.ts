import type { LogLevel as JujuLogLevel } from '../../tools/hook-tools.ts';

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

/** A line as `juju debug-log` prints it: `unit-redis-0: 10:21:07 INFO unit.redis/0.juju-log db:3: connected`. */
export function formatLogLine(line: LogLine): string {
  const time = new Date(line.time).toTimeString().slice(0, 8);
  return `unit-${line.unit.replace('/', '-')}: ${time} ${line.level} ${line.logger} ${line.message}`;
}
