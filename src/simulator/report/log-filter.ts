import { entityOf, type LogLevel, type LogLine } from './debug-log.ts';

/** What of the debug log is shown. Values of one list are alternatives; the lists all have to hold. */
export interface LogFilter {
  /** Units (`web/0`, `unit-web-0`), applications, machines, or patterns such as `unit-web-*`. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Loggers, or what they begin with up to a dot: `unit.web/0` is also for `unit.web/0.juju-log`. */
  readonly includeModule?: readonly string[];
  readonly excludeModule?: readonly string[];
  /** The lowest level. */
  readonly level?: LogLevel;
  /** How many of the last lines that match; all if not given. */
  readonly lines?: number;
}

const LEVELS: readonly LogLevel[] = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** The lines that `juju debug-log` shows of a log, in their order. */
export function filterLog(lines: readonly LogLine[], filter: LogFilter): LogLine[] {
  const isShown = logMatcher(filter);
  const shown = lines.filter(isShown);
  return filter.lines === undefined ? shown : shown.slice(Math.max(0, shown.length - filter.lines));
}

/** Tells whether a line is one that the filter is for; how many lines there may be is not part of it. */
export function logMatcher(filter: Omit<LogFilter, 'lines'>): (line: LogLine) => boolean {
  const include = entityPattern(filter.include);
  const exclude = entityPattern(filter.exclude);
  const includeModule = modulePattern(filter.includeModule);
  const excludeModule = modulePattern(filter.excludeModule);
  const lowest = filter.level === undefined ? 0 : LEVELS.indexOf(filter.level);
  return (line) =>
    LEVELS.indexOf(line.level) >= lowest &&
    (include?.test(entityOf(line)) ?? true) &&
    !exclude?.test(entityOf(line)) &&
    (includeModule?.test(line.logger) ?? true) &&
    !excludeModule?.test(line.logger);
}

function entityPattern(entities: readonly string[] = []): RegExp | undefined {
  const patterns = entities.map((entity) => quote(tagOf(entity)).replaceAll('\\*', '.*'));
  return patterns.length === 0 ? undefined : new RegExp(`^(${patterns.join('|')})$`);
}

/** What a user may call an entity, as the log names it. Something with a wildcard has to be the log's name already. */
function tagOf(entity: string): string {
  if (entity.includes('*') || /^(unit-.+-\d+|machine-\d+|application-.+)$/.test(entity)) return entity;
  if (/^\d+$/.test(entity)) return `machine-${entity}`;
  if (/^[a-z][a-z0-9-]*\/\d+$/.test(entity)) return `unit-${entity.replace('/', '-')}`;
  return `unit-${entity}-*`;
}

function modulePattern(modules: readonly string[] = []): RegExp | undefined {
  if (modules.length === 0) return undefined;
  return new RegExp(`^(${modules.map(quote).join('|')})(\\..+)?$`);
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
