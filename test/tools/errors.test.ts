import { describe, expect, it } from 'vitest';
import { HookToolError } from '../../src/tools/errors.ts';

const errorOf = (command: string, stderr: string, exitCode: number | undefined = 1) =>
  new HookToolError({ command: command.split(' '), exitCode, stderr });

describe('the message', () => {
  it('names the command and what Juju said of it', () => {
    expect(errorOf('status-set error', 'ERROR invalid status "error"\n', 2).message).toBe(
      'cannot run status-set error: invalid status "error"',
    );
    expect(errorOf('is-leader', '').message).toBe('cannot run is-leader: exit code 1');
  });

  it('leaves out the values of settings, and keeps them in the command', () => {
    for (const tool of ['leader-set', 'action-set']) {
      const error = new HookToolError({ command: [tool, '--', 'key=s3\ncret=x', 'b='], exitCode: 1 });
      expect(error.message).toBe(`cannot run ${tool} -- key=… b=…: exit code 1`);
      expect(error.command[2]).toBe('key=s3\ncret=x');
    }
    expect(errorOf('status-set -- active a=b', 'no').message).toContain('a=b');
  });

  it('is short, however long the command is', () => {
    const error = new HookToolError({ command: ['juju-log', 'é'.repeat(100_000)], exitCode: 1 });
    expect(error.message.length).toBeLessThan(300);
    expect(error.command[1]).toHaveLength(100_000);
  });
});

describe('the kind', () => {
  const nothing = { isGone: false, isNotFound: false, isRefused: false };

  it.each<[string, string, Partial<typeof nothing>]>([
    ['relation-get', 'invalid value "db:9" for option -r: relation not found', { isGone: true }],
    ['relation-get', 'unit "mysql/9": settings not found', { isGone: true }],
    ['relation-get', 'permission denied', { isGone: true, isRefused: true }],
    ['network-get', 'invalid value "db:9" for option -r: relation not found', { isGone: true }],
    ['secret-grant', 'invalid value "db:9" for option -r: relation not found', { isGone: true }],
    ['relation-set', 'cannot write relation settings', { isRefused: true }],
    ['secret-get', 'secret "9m4e2mr0ui3e8a215n4g" not found', { isNotFound: true }],
    ['secret-get', 'consumer label "x" not found', { isNotFound: true }],
    ['secret-get', 'permission denied', { isRefused: true }],
    ['credential-get', 'cannot access cloud credentials: permission denied', { isRefused: true }],
    ['leader-set', 'cannot write settings: not the leader', { isRefused: true }],
    ['secret-add', 'this unit is not the leader', { isRefused: true }],
    ['network-get', 'no network config found for binding "x"', { isNotFound: true }],
    ['unit-get', 'public address not found', { isNotFound: true }],
    ['storage-get', 'invalid value "data/9" for option -s: storage not found', { isNotFound: true }],
    ['action-get', 'not running an action', {}],
    ['relation-ids', 'no endpoint name specified', {}],
    ['is-leader', 'spawnSync is-leader ENOENT', {}],
    ['is-leader', '', {}],
  ])('of %s saying %j', (tool, said, kind) => {
    const { isGone, isNotFound, isRefused } = errorOf(tool, `ERROR ${said}\n`);
    expect({ isGone, isNotFound, isRefused }).toEqual({ ...nothing, ...kind });
  });
});
