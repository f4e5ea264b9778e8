import { describe, expect, it } from 'vitest';
import { formatLogLine, type LogLevel, type LogLine } from '../../../src/simulator/report/debug-log.ts';
import { filterLog, type LogFilter } from '../../../src/simulator/report/log-filter.ts';

const LINE: LogLine = {
  time: '2026-01-02T10:21:07.250Z',
  unit: 'web/0',
  level: 'INFO',
  logger: 'unit.web/0.juju-log',
  message: 'db:3: connected',
};

describe('formatLogLine', () => {
  it('writes a line as juju debug-log does', () => {
    const local = { ...LINE, time: new Date(2026, 0, 2, 10, 21, 7).toISOString() };
    expect(formatLogLine(local)).toBe('unit-web-0: 10:21:07 INFO unit.web/0.juju-log db:3: connected');
  });

  it('adds the date and the milliseconds where asked for', () => {
    const rest = 'INFO unit.web/0.juju-log db:3: connected';
    expect(formatLogLine(LINE, { utc: true, date: true })).toBe(`unit-web-0: 2026-01-02 10:21:07 ${rest}`);
    expect(formatLogLine(LINE, { utc: true, ms: true })).toBe(`unit-web-0: 10:21:07.250 ${rest}`);
  });
});

function line(unit: string, logger: string, level: LogLevel = 'INFO'): LogLine {
  return { ...LINE, unit, logger, level, message: `${unit} ${logger} ${level}` };
}

const LOG = [
  line('web/0', 'unit.web/0.juju-log', 'DEBUG'),
  line('web/1', 'unit.web/1.install', 'WARNING'),
  line('web/10', 'juju.worker.uniter.operation', 'ERROR'),
  line('web-extra/0', 'juju.worker.uniterish'),
  line('redis/0', 'unit.redis/0.juju-log'),
];

function units(filter: LogFilter): string[] {
  return filterLog(LOG, filter).map(({ unit }) => unit);
}

describe('filterLog', () => {
  it('includes units by name or tag, all of an application, and what a pattern fits', () => {
    expect(units({ include: ['web/1'] })).toEqual(['web/1']);
    expect(units({ include: ['unit-web-1', 'redis/0'] })).toEqual(['web/1', 'redis/0']);
    expect(units({ include: ['redis'] })).toEqual(['redis/0']);
    expect(units({ include: ['unit-web-1*'] })).toEqual(['web/1', 'web/10']);
    expect(units({ include: ['web-*'] })).toEqual([]);
    expect(units({ include: ['0', 'machine-0'] })).toEqual([]);
  });

  it('excludes what was included', () => {
    expect(units({ include: ['web'], exclude: ['web/10', 'web-extra'] })).toEqual(['web/0', 'web/1']);
  });

  it('takes a logger by what it begins with, up to a dot', () => {
    expect(units({ includeModule: ['juju.worker.uniter'] })).toEqual(['web/10']);
    expect(units({ includeModule: ['unit'], excludeModule: ['unit.web/0', 'unit.web/1.install'] })).toEqual([
      'redis/0',
    ]);
  });

  it('takes a level and all above', () => {
    expect(units({ level: 'WARNING' })).toEqual(['web/1', 'web/10']);
    expect(units({ level: 'TRACE' })).toHaveLength(5);
  });

  it('takes the last of the lines that match', () => {
    expect(units({ include: ['web'], lines: 2 })).toEqual(['web/10', 'web-extra/0']);
    expect(units({ lines: 0 })).toEqual([]);
    expect(units({ lines: 99 })).toHaveLength(5);
  });
});
