import type { ClientForm } from './client-form.ts';

/** How juju-log is called. */
export const LOG_FORMS: readonly ClientForm[] = [
  { client: 'charm-helpers', argv: ['juju-log', 'message'] },
  { client: 'charm-helpers', argv: ['juju-log', '-l', 'DEBUG', 'two words'] },
  { client: 'charm-helpers', argv: ['juju-log', '-l', 'ERROR', 'x'.repeat(131_071)] },
  { client: 'ops', argv: ['juju-log', '--log-level', 'INFO', '--', '-msg'] },
  { client: 'ops', argv: ['juju-log', '--log-level', 'TRACE', '--', ''] },
];

/** How storage-list, storage-get and storage-add are called. */
export const STORAGE_FORMS: readonly ClientForm[] = [
  { client: 'both', argv: ['storage-list', '--format=json'], stdout: '["data/0"]\n' },
  { client: 'both', argv: ['storage-list', '--format=json', 'data'], stdout: '["data/0"]\n' },
  { client: 'both', argv: ['storage-list', 'none', '--format=json'], stdout: '[]\n' },
  {
    client: 'both',
    argv: ['storage-get', '--format=json', '-s', 'data/0'],
    stdout: '{"kind":"filesystem","location":"/storage/data-0"}\n',
  },
  {
    client: 'both',
    argv: ['storage-get', '-s', 'data/0', 'location', '--format=json'],
    stdout: '"/storage/data-0"\n',
  },
  {
    client: 'charm-helpers',
    in: 'storage',
    argv: ['storage-get', '--format=json', 'kind'],
    stdout: '"filesystem"\n',
  },
  {
    client: 'both',
    argv: ['storage-get', '--format=json', '-s', 'data/9'],
    exitCode: 2,
    stderr: 'ERROR invalid value "data/9" for option -s: storage not found\n',
  },
  { client: 'ops', argv: ['storage-add', 'data=2'] },
];

/** How state-get, state-set and state-delete are called. */
export const STATE_FORMS: readonly ClientForm[] = [
  { client: 'ops', argv: ['state-get', '--format=json'], stdout: 'null\n' },
  { client: 'ops', argv: ['state-get', '--format=json', 'key'], stdout: '""\n' },
  { client: 'ops', argv: ['state-get', 'key'] },
  {
    client: 'ops',
    argv: ['state-set', '--file', '-'],
    stdin: '{"a": "1", "b": ""}',
    reads: [['state-get', '--format=json'], '{"a":"1","b":""}\n'],
  },
  {
    client: 'ops',
    argv: ['state-set', '--file', '-'],
    stdin: '"#notices#": |\n  - a\n  - b\n',
    reads: [['state-get', '#notices#'], '- a\n- b\n\n'],
  },
  { client: 'ops', argv: ['state-delete', 'key'] },
];

/** How goal-state is called. */
export const GOAL_FORMS: readonly ClientForm[] = [
  {
    client: 'both',
    argv: ['goal-state', '--format=json'],
    stdout:
      '{"relations":{"db":{"mysql":{"since":"2026-01-02 03:04:05Z","status":"joined"},"mysql/0":{"since":"2026-01-02 03:04:05Z","status":"active"}}},"units":{"wp/0":{"since":"2026-01-02 03:04:05Z","status":"active"},"wp/1":{"since":"2026-01-02 03:04:05Z","status":"active"}}}\n',
  },
];

const READ_ACTION: readonly string[] = ['action-get', '--format=json'];

/** How action-get, action-set, action-fail and action-log are called. */
export const ACTION_FORMS: readonly ClientForm[] = [
  { client: 'both', in: 'action', argv: READ_ACTION, stdout: '{"deep":{"level":9},"out":"x"}\n' },
  {
    client: 'charm-helpers',
    in: 'action',
    argv: ['action-get', '--format=json', 'deep.level'],
    stdout: '9\n',
  },
  { client: 'charm-helpers', in: 'action', argv: ['action-get', '--format=json', 'none'], stdout: 'null\n' },
  { client: 'charm-helpers', in: 'action', argv: ['action-set', 'a=1', 'b=two words'] },
  { client: 'charm-helpers', in: 'action', argv: ['action-fail', 'a message'] },
  { client: 'ops', in: 'action', argv: ['action-set', 'a.b=1', 'a.c-d=2'] },
  { client: 'ops', in: 'action', argv: ['action-log', '--', '-message'] },
  { client: 'ops', in: 'action', argv: ['action-fail', '--', '-message'] },
  ...[READ_ACTION, ['action-set', 'a=1'], ['action-fail', 'x'], ['action-log', 'x']].map(
    (argv): ClientForm => ({ client: 'both', argv, exitCode: 1, stderr: 'ERROR not running an action\n' }),
  ),
];

/** How juju-reboot is called. */
export const REBOOT_FORMS: readonly ClientForm[] = [
  { client: 'ops', argv: ['juju-reboot'] },
  { client: 'ops', argv: ['juju-reboot', '--now'] },
  {
    client: 'ops',
    in: 'action',
    argv: ['juju-reboot'],
    exitCode: 1,
    stderr: 'ERROR juju-reboot is not supported when running an action.\n',
  },
];
