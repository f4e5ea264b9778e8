import { describe, expect, it } from 'vitest';
import {
  formatOperations,
  listOperations,
  reportOperation,
} from '../../../src/simulator/report/operation-report.ts';
import {
  describeFailedTasks,
  formatExec,
  formatRun,
  formatRunStart,
  formatScheduled,
  formatTask,
  formatTaskLog,
  formatWaiting,
} from '../../../src/simulator/report/run-text.ts';
import { createModelState } from '../../../src/simulator/state/new-model.ts';
import type { TaskState } from '../../../src/simulator/state/task-state.ts';

function task(facts: Partial<TaskState> = {}): TaskState {
  return {
    id: '2',
    operation: '1',
    unit: 'web/0',
    what: { kind: 'action', name: 'backup', parameters: { path: '/x' } },
    status: 'completed',
    message: '',
    results: { size: '42', db: { name: 'main' }, stdout: 'one\ntwo\n', stderr: 'oh', 'return-code': 0 },
    log: [{ time: '2026-01-02T10:21:08Z', message: 'half way' }],
    enqueued: '2026-01-02T10:21:07Z',
    started: '2026-01-02T10:21:08Z',
    completed: '2026-01-02T10:21:09Z',
    ...facts,
  };
}

const FAILED = task({
  id: '3',
  unit: 'web/10',
  status: 'failed',
  message: 'exit status 1',
  results: { 'return-code': 1 },
  log: [],
});
const REFUSED = task({ status: 'failed', message: 'not implemented', results: {}, started: null, log: [] });
const utc = { utc: true };

describe('juju run', () => {
  it('says what it waits for', () => {
    expect(formatRunStart([task()])).toBe('Running operation 1 with 1 task\n  - task 2 on unit-web-0\n\n');
    expect(formatRunStart([task(), FAILED])).toBe(
      'Running operation 1 with 2 tasks\n  - task 2 on unit-web-0\n  - task 3 on unit-web-10\n\n',
    );
    expect(formatWaiting(task())).toBe('Waiting for task 2...\n');
    expect(formatTaskLog(task(), utc)).toBe('10:21:08 half way\n\n');
    expect(formatTaskLog(FAILED)).toBe('');
  });

  it('prints the results of one task, and then what it printed', () => {
    expect(formatRun([task()])).toBe('db:\n  name: main\nsize: "42"\n\none\ntwo\noh\n');
    expect(formatTask(task())).toBe(formatRun([task()]));
  });

  it('says of a failed task why', () => {
    expect(formatRun([FAILED])).toBe('Action id 3 failed: exit status 1\n\n');
    expect(formatRun([REFUSED])).toBe('Action id 2 failed: not implemented\nTask 2 failed\n\n');
    expect(formatTask(task({ status: 'pending', results: {} }))).toBe('Task 2 pending\n\n');
  });

  it('prints several tasks as YAML', () => {
    expect(`\n${formatRun([FAILED, task()])}`).toMatchInlineSnapshot(`
      "
      web/0:
        id: "2"
        output: |
          db:
            name: main
          size: "42"
        status: completed
      web/10:
        id: "3"
        message: exit status 1
        output: ""
        status: failed
      "
    `);
  });

  it('prints all of it in JSON and YAML', () => {
    expect(JSON.parse(formatRun([task(), FAILED], { ...utc, format: 'json' }))).toEqual({
      'web/0': {
        id: '2',
        log: ['2026-01-02 10:21:08 +0000 UTC half way'],
        results: { size: '42', db: { name: 'main' }, stdout: 'one\ntwo\n', stderr: 'oh', 'return-code': 0 },
        status: 'completed',
        timing: {
          completed: '2026-01-02 10:21:09 +0000 UTC',
          enqueued: '2026-01-02 10:21:07 +0000 UTC',
          started: '2026-01-02 10:21:08 +0000 UTC',
        },
        unit: 'web/0',
      },
      'web/10': expect.objectContaining({
        message: 'exit status 1',
        results: { 'return-code': 1 },
      }) as object,
    });
    expect(`\n${formatTask(task(), { ...utc, format: 'yaml' })}`).toMatchInlineSnapshot(`
      "
      id: "2"
      log:
      - "2026-01-02 10:21:08 +0000 UTC half way"
      results:
        db:
          name: main
        return-code: 0
        size: "42"
        stderr: oh
        stdout: |
          one
          two
      status: completed
      timing:
        completed: "2026-01-02 10:21:09 +0000 UTC"
        enqueued: "2026-01-02 10:21:07 +0000 UTC"
        started: "2026-01-02 10:21:08 +0000 UTC"
      unit: web/0
      "
    `);
    expect(JSON.parse(formatTask(REFUSED, { format: 'json' }))).not.toHaveProperty('results');
  });

  it('fails where a task ended with a code above 0', () => {
    expect(describeFailedTasks([task()])).toBeUndefined();
    expect(describeFailedTasks([task({ status: 'failed', message: 'said so' })])).toBeUndefined();
    expect(describeFailedTasks([task(), FAILED])).toBe(
      'the following task failed:\n - id "3" with return code 1\n\nuse \'juju show-task\' to inspect the failure\n',
    );
    expect(describeFailedTasks([FAILED, { ...FAILED, id: '4' }])).toContain(
      'the following tasks failed:\n - id "3"',
    );
  });

  it('says how to look after what runs in the background', () => {
    expect(formatScheduled([task()])).toBe(
      "Scheduled operation 1 with task 2\nCheck operation status with 'juju show-operation 1'\nCheck task status with 'juju show-task 2'\n",
    );
    expect(formatScheduled([task(), FAILED])).toBe(
      'Scheduled operation 1 with 2 tasks\nweb/0:\n  id: "2"\nweb/10:\n  id: "3"\nCheck operation status with \'juju show-operation 1\'\nCheck task status with \'juju show-task <id>\'\n',
    );
  });
});

describe('juju exec', () => {
  it('prints what the commands printed, and whose it is where there are several', () => {
    expect(formatExec([task()])).toBe('one\ntwo\noh\n');
    expect(formatExec([{ ...task(), unit: 'web/2' }, task()])).toBe(
      'web/0:\none\ntwo\noh\n\nweb/2:\none\ntwo\noh\n\n',
    );
  });
});

describe('juju operations', () => {
  function model(...tasks: TaskState[]) {
    const state = createModelState({});
    for (const one of tasks) state.tasks[one.id] = one;
    return state;
  }

  const command = { kind: 'exec', command: 'ls', relationId: null, remoteUnit: null } as const;
  const state = model(
    task(),
    FAILED,
    task({ id: '12', operation: '11', unit: 'redis/0', status: 'running', completed: null }),
    task({ id: '14', operation: '13', what: command }),
  );

  it('lists actions, and commands only by name', () => {
    expect(listOperations(state)).toEqual(['1', '11']);
    expect(listOperations(state, { actions: ['juju-exec'] })).toEqual(['13']);
    expect(listOperations(state, { applications: ['redis'] })).toEqual(['11']);
    expect(listOperations(state, { units: ['web/10'] })).toEqual(['1']);
    expect(listOperations(state, { status: ['failed'] })).toEqual(['1']);
    expect(listOperations(state, { offset: 1, limit: 1 })).toEqual(['11']);
  });

  it('prints a table of them', () => {
    expect(`\n${formatOperations(state, ['1', '11', '13'], utc)}`).toMatchInlineSnapshot(`
      "
      ID  Status     Started              Finished             Task IDs  Summary
       1  failed     2026-01-02T10:21:08  2026-01-02T10:21:09  2,3       backup run on unit-web-0,unit-web-10
      11  running    2026-01-02T10:21:08                       12        backup run on unit-redis-0
      13  completed  2026-01-02T10:21:08  2026-01-02T10:21:09  14        juju-exec run on unit-web-0
      "
    `);
  });

  it('shows one with its tasks', () => {
    expect(reportOperation(state, '1', utc)).toMatchObject({
      summary: 'backup run on unit-web-0,unit-web-10',
      status: 'failed',
      action: { name: 'backup', parameters: { path: '/x' } },
      timing: { enqueued: '2026-01-02 10:21:07 +0000 UTC', completed: '2026-01-02 10:21:09 +0000 UTC' },
      tasks: {
        '2': { host: 'web/0', status: 'completed' },
        '3': { host: 'web/10', message: 'exit status 1' },
      },
    });
    expect(reportOperation(state, '11').timing).not.toHaveProperty('completed');
    expect(() => reportOperation(state, '7')).toThrow('operation "7" not found');
  });
});
