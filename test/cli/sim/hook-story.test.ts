import { describe, expect, it } from 'vitest';
import { describeHookRun } from '../../../src/cli/sim/hook-story.ts';
import type { HookRecord } from '../../../src/simulator/agent/hook-record.ts';

const record = (over: Partial<HookRecord>): HookRecord => ({
  unit: 'web/0',
  hook: 'config-changed',
  outcome: 'ran',
  exitCode: 0,
  toolCalls: [],
  log: [],
  milliseconds: 12.4,
  ...over,
});

const line = (
  message: string,
  level: 'INFO' | 'WARNING' | 'ERROR' = 'INFO',
  logger = 'unit.web/0.juju-log',
) => ({
  time: '2026-01-02T00:00:00Z',
  unit: 'web/0',
  level,
  logger,
  message,
});

describe('the story of a hook', () => {
  it('is a line with unit, hook, remote unit, outcome and time', () => {
    const [first] = describeHookRun(record({ hook: 'db-relation-joined', remoteUnit: 'db/1' }));
    expect(first).toMatch(/^web\/0 +db-relation-joined \(db\/1\) +ran {2}12 ms$/);
    expect(describeHookRun(record({ hook: 'backup', task: '2' }))[0]).toContain('backup (task 2)');
  });

  it('tells the handlers that ran, each with the flag changes that woke it', () => {
    const log = [
      line('running web.serve (+db.available by endpoint db; +config.changed by config)'),
      line('other'),
    ];
    expect(describeHookRun(record({ log })).slice(1)).toEqual([
      '      ran web.serve',
      '          +db.available by endpoint db',
      '          +config.changed by config',
    ]);
  });

  it('ends with the last words of a hook that failed, and not with what the agent says of it', () => {
    const log = [
      ...Array.from({ length: 9 }, (_, index) =>
        line(`line ${index}`, 'WARNING', 'unit.web/0.config-changed'),
      ),
      line('hook "config-changed" failed: exit status 1', 'ERROR', 'juju.worker.uniter.operation'),
    ];
    const told = describeHookRun(record({ outcome: 'failed', failure: 'exit status 1', log }));
    expect(told[0]).toMatch(/ failed: exit status 1 {2}12 ms$/);
    expect(told.slice(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((index) => `      ! line ${index}`));
  });
});
