import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { HookToolError } from '../../src/tools/errors.ts';
import type { HookTools } from '../../src/tools/hook-tools.ts';
import { makeProcessTools } from '../../src/tools/process-tools.ts';

/** Tools whose every call is recorded and answered with `answer`. */
function record(answer: string | (() => string) = 'null') {
  const calls: { readonly command: readonly string[]; readonly input?: string | undefined }[] = [];
  const tools = makeProcessTools((command, input) => {
    calls.push(input === undefined ? { command } : { command, input });
    return typeof answer === 'string' ? answer : answer();
  });
  return { tools, calls };
}

const failing = (exitCode: number | undefined, stderr: string) => () => {
  throw new HookToolError({ command: ['relation-get'], exitCode, stderr });
};

describe('what is executed', () => {
  it.each<[(tools: HookTools) => unknown, string]>([
    [(tools) => tools.relationIds('db'), 'relation-ids --format=json db'],
    [(tools) => tools.relationList('db:3'), 'relation-list --format=json -r db:3'],
    [(tools) => tools.relationApplication('db:3'), 'relation-list --format=json --app -r db:3'],
    [
      (tools) => tools.relationGet({ relationId: 'db:3', member: 'redis/0' }),
      'relation-get --format=json -r db:3 - redis/0',
    ],
    [
      (tools) => tools.relationGet({ relationId: 'db:3', member: 'redis', app: true }),
      'relation-get --format=json -r db:3 --app - redis',
    ],
    [
      (tools) => tools.relationGet({ relationId: 'db:3', member: 'redis/0', app: false }),
      'relation-get --format=json -r db:3 - redis/0',
    ],
    [(tools) => tools.configGet(), 'config-get --all --format=json'],
    [(tools) => tools.statusGet(), 'status-get --format=json --include-data'],
    [(tools) => tools.isLeader(), 'is-leader --format=json'],
    [(tools) => tools.leaderGet(), 'leader-get --format=json'],
    [(tools) => tools.openedPorts(), 'opened-ports --format=json'],
    [(tools) => tools.openPort('1000-2000/udp'), 'open-port 1000-2000/udp'],
    [(tools) => tools.closePort('icmp'), 'close-port icmp'],
    [(tools) => tools.networkGet('db'), 'network-get --format=json db'],
    [(tools) => tools.networkGet('db', { relationId: 'db:3' }), 'network-get --format=json -r db:3 db'],
    [(tools) => tools.unitGet('public-address'), 'unit-get --format=json public-address'],
    [(tools) => tools.statusSet('active', 'ready'), 'status-set -- active ready'],
    [(tools) => tools.statusSet('active', 'ready', { application: false }), 'status-set -- active ready'],
    [
      (tools) => tools.statusSet('active', 'ready', { application: true }),
      'status-set --application -- active ready',
    ],
    [(tools) => tools.applicationVersionSet('-1'), 'application-version-set -- -1'],
    [(tools) => tools.log('text', 'WARNING'), 'juju-log -l WARNING -- text'],
    [(tools) => tools.leaderSet({ a: '1', b: '' }), 'leader-set -- a=1 b='],
    [(tools) => tools.openPort('80', { endpoints: ['db', 'web'] }), 'open-port --endpoints db,web 80'],
    [(tools) => tools.closePort('80', { endpoints: [] }), 'close-port 80'],
    [(tools) => tools.storageList(), 'storage-list --format=json'],
    [(tools) => tools.storageList('data'), 'storage-list --format=json data'],
    [(tools) => tools.storageAdd('data'), 'storage-add data=1'],
    [(tools) => tools.storageAdd('data', 3), 'storage-add data=3'],
    [(tools) => tools.stateGet(), 'state-get --format=json'],
    [(tools) => tools.stateDelete('-k'), 'state-delete -- -k'],
    [(tools) => tools.actionGet(), 'action-get --format=json'],
    [(tools) => tools.actionSet({ 'a.b': '1', c: '' }), 'action-set -- a.b=1 c='],
    [(tools) => tools.actionFail(), 'action-fail'],
    [(tools) => tools.actionFail('-x'), 'action-fail -- -x'],
    [(tools) => tools.actionLog('-x'), 'action-log -- -x'],
    [(tools) => tools.secretGet({ id: 'secret:1' }), 'secret-get --format=json secret:1'],
    [(tools) => tools.secretGet({ label: 'mine' }, 'peek'), 'secret-get --format=json --label mine --peek'],
    [
      (tools) => tools.secretGet({ id: 'secret:1', label: 'mine' }, 'refresh'),
      'secret-get --format=json secret:1 --label mine --refresh',
    ],
    [(tools) => tools.secretInfo({ id: 'secret:1', label: 'x' }), 'secret-info-get --format=json secret:1'],
    [(tools) => tools.secretInfo({ label: 'mine' }), 'secret-info-get --format=json --label mine'],
    [(tools) => tools.secretIds(), 'secret-ids --format=json'],
    [(tools) => tools.secretGrant('secret:1', { relationId: 'db:3' }), 'secret-grant secret:1 -r db:3'],
    [
      (tools) => tools.secretGrant('secret:1', { relationId: 'db:3', unit: 'redis/0' }),
      'secret-grant secret:1 -r db:3 --unit redis/0',
    ],
    [
      (tools) => tools.secretRevoke('secret:1', { application: 'redis' }),
      'secret-revoke secret:1 --app redis',
    ],
    [(tools) => tools.secretRevoke('secret:1', { unit: 'redis/0' }), 'secret-revoke secret:1 --unit redis/0'],
    [(tools) => tools.secretRemove('secret:1'), 'secret-remove secret:1'],
    [(tools) => tools.secretRemove('secret:1', 2), 'secret-remove secret:1 --revision 2'],
    [(tools) => tools.secretSet('secret:1', { label: 'a b' }), 'secret-set secret:1 --label a_b'],
    [(tools) => tools.goalState(), 'goal-state --format=json'],
    [(tools) => tools.relationModel('db:3'), 'relation-model-get --format=json -r db:3'],
    [(tools) => tools.applicationStatusGet(), 'status-get --format=json --include-data --application'],
    [(tools) => tools.resourceGet('image'), 'resource-get -- image'],
    [(tools) => tools.reboot(), 'juju-reboot'],
    [(tools) => tools.reboot({ now: true }), 'juju-reboot --now'],
    [(tools) => tools.addMetric({ users: 3 }), 'add-metric -- users=3'],
    [
      (tools) => tools.addMetric({ users: 3, load: '0.5' }, { zone: 'a' }),
      'add-metric -l zone=a -- users=3 load=0.5',
    ],
    [(tools) => tools.payloadUnregister('c', 'i'), 'payload-unregister -- c i'],
    [
      (tools) => tools.payloadStatusSet({ class: 'c', id: 'i' }, 'running'),
      'payload-status-set -- c i running',
    ],
    [
      (tools) => tools.payloadRegister({ type: 'docker', class: 'c', id: 'i', tags: ['x', 'y'] }),
      'payload-register -- docker c i x y',
    ],
    [(tools) => tools.k8sSpecGet(), 'k8s-spec-get'],
    [(tools) => tools.k8sRawGet(), 'k8s-raw-get'],
    [(tools) => tools.secretGetBytes('secret:1', 'key'), 'secret-get --format=json secret:1 key#base64'],
    [
      (tools) => tools.secretGetBytes('secret:1', 'key', 'peek'),
      'secret-get --format=json secret:1 key#base64 --peek',
    ],
    [
      (tools) => tools.secretRevoke('secret:1', { relationId: 'db:3', unit: 'redis/0' }),
      'secret-revoke secret:1 -r db:3 --unit redis/0',
    ],
    [
      (tools) =>
        tools.secretSet('secret:1', { label: 'l', description: 'd', expire: '24h', rotate: 'never' }),
      'secret-set secret:1 --label l --description d --expire 24h --rotate never',
    ],
  ])('%s', (call, command) => {
    const { tools, calls } = record('"an answer"');
    call(tools);
    expect(calls).toEqual([{ command: command.split(' ').map((part) => part.replace('_', ' ')) }]);
  });

  it('keeps each text one argument, whatever is in it', () => {
    const { tools, calls } = record();
    const text = '--app "two words"\n$HOME';
    tools.statusSet('blocked', text);
    tools.statusSet('active', '');
    tools.log(text, 'INFO');
    tools.leaderSet({ '-k': text });
    expect(calls.map(({ command }) => command)).toEqual([
      ['status-set', '--', 'blocked', text],
      ['status-set', '--', 'active', ''],
      ['juju-log', '-l', 'INFO', '--', text],
      ['leader-set', '--', `-k=${text}`],
    ]);
  });

  it('sends relation settings through standard input, so that no value is too long and none shows in a process list', () => {
    const { tools, calls } = record();
    const settings = { a: 'x'.repeat(300_000), password: 's3cret', gone: '' };
    tools.relationSet({ relationId: 'db:3' }, settings);
    tools.relationSet({ relationId: 'db:3', app: true }, { b: '1' });
    expect(calls.map(({ command }) => command)).toEqual([
      ['relation-set', '-r', 'db:3', '--file', '-'],
      ['relation-set', '-r', 'db:3', '--app', '--file', '-'],
    ]);
    expect(parse(calls[0]?.input ?? '')).toEqual(settings);
    expect(parse(calls[1]?.input ?? '')).toEqual({ b: '1' });
  });
});

describe('what is no argument', () => {
  it('state goes through standard input, empty values too', () => {
    const { tools, calls } = record();
    tools.stateSet({ a: '', b: 'x: "y"\u2028' });
    expect(calls.map(({ command }) => command)).toEqual([['state-set', '--file', '-']]);
    expect(parse(calls[0]?.input ?? '')).toEqual({ a: '', b: 'x: "y"\u2028' });
  });

  it('a specification for Kubernetes goes through standard input as it is', () => {
    const { tools, calls } = record();
    tools.k8sSpecSet('version: 3\n');
    tools.k8sRawSet('a: 1\n');
    expect(calls).toEqual([
      { command: ['k8s-spec-set', '--file', '-'], input: 'version: 3\n' },
      { command: ['k8s-raw-set', '--file', '-'], input: 'a: 1\n' },
    ]);
  });

  it('resources for Kubernetes go through a file that only this user reads, and that is gone afterwards', () => {
    const files: string[] = [];
    const tools = makeProcessTools((command, input) => {
      expect(command.slice(0, -1)).toEqual(['k8s-spec-set', '--file', '-', '--k8s-resources']);
      const file = command.at(-1) ?? '';
      expect([input, readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['a', 'b', 0o600]);
      files.push(file);
      return '';
    });
    tools.k8sSpecSet('a', { resources: 'b' });
    expect(files.map((file) => existsSync(file))).toEqual([false]);
  });

  it('the content of a secret goes through files that only this user reads, and that are gone afterwards', () => {
    const files: string[] = [];
    const tools = makeProcessTools((command) => {
      const pairs = command.filter((argument) => argument.includes('#file='));
      expect(pairs.map((pair) => pair.split('#')[0])).toEqual(['password', 'empty', 'bytes']);
      for (const pair of pairs) files.push(pair.split('#file=')[1] ?? '');
      expect(files.map((file) => (statSync(file).mode & 0o777).toString(8))).toEqual(['600', '600', '600']);
      expect(files.map((file) => readFileSync(file, 'latin1'))).toEqual(['s3cret Ã©\n', '', 'ÿ\0']);
      for (const file of files) {
        expect(path.isAbsolute(file)).toBe(true);
        expect((statSync(path.dirname(file)).mode & 0o777).toString(8)).toBe('700');
      }
      expect(command.join(' ')).not.toContain('s3cret');
      expect(command.slice(0, -3)).toEqual([
        'secret-add',
        '--owner',
        'unit',
        '--label',
        'mine',
        '--rotate',
        'daily',
      ]);
      return 'secret:9m4e2mr0ui3e8a215n4g\n';
    });
    const id = tools.secretAdd(
      { password: 's3cret é\n', empty: '', bytes: new Uint8Array([255, 0]) },
      { owner: 'unit', label: 'mine', rotate: 'daily' },
    );
    expect(id).toBe('secret:9m4e2mr0ui3e8a215n4g');
    expect(files.map((file) => existsSync(file))).toEqual([false, false, false]);
  });

  it('those files are gone after a refusal, too', () => {
    const files: string[] = [];
    const tools = makeProcessTools((command) => {
      files.push(command.at(-1)?.split('#file=')[1] ?? '');
      throw new HookToolError({ command, exitCode: 1 });
    });
    expect(() => tools.secretSet('secret:1', { content: { abc: '1' } })).toThrow(HookToolError);
    expect(files.map((file) => existsSync(file))).toEqual([false]);
  });
});

describe('what is answered', () => {
  it('null is an empty list, bag or map', () => {
    const { tools } = record('null');
    expect(tools.relationIds('db')).toEqual([]);
    expect(tools.relationList('db:1')).toEqual([]);
    expect(tools.openedPorts()).toEqual([]);
    expect(tools.leaderGet()).toEqual({});
    expect(tools.configGet()).toEqual({});
    expect(tools.networkGet('db')).toEqual({});
    expect(tools.isLeader()).toBe(false);
    expect(tools.statusGet()).toEqual({ status: 'unknown', message: '' });
  });

  it('null, or an empty text, is no application and no bag', () => {
    expect(record('null').tools.relationApplication('db:1')).toBeUndefined();
    expect(record('""').tools.relationApplication('db:1')).toBeUndefined();
    expect(record('null').tools.relationGet({ relationId: 'db:1', member: 'redis/0' })).toBeUndefined();
  });

  it('null is no secret, state, storage, goal, uuid or status either', () => {
    const { tools } = record('null');
    expect({ ...tools.stateGet() }).toEqual({});
    expect({ ...tools.secretGet({ id: 'secret:1' }) }).toEqual({});
    expect(tools.secretIds()).toEqual([]);
    expect(tools.storageList()).toEqual([]);
    expect(tools.actionGet()).toEqual({});
    expect(tools.goalState()).toEqual({ units: {}, relations: {} });
    expect(tools.relationModel('db:1')).toBe('');
    expect(tools.applicationStatusGet()).toEqual({ status: 'unknown', message: '', units: {} });
  });

  it('what says nothing where something must be said is an error', () => {
    expect(() => record('null').tools.storageGet('data/0')).toThrow('no location');
    expect(() => record('{}').tools.storageGet('data/0')).toThrow(HookToolError);
    expect(() => record('null').tools.credentialGet()).toThrow('names no cloud');
    expect(() => record('{"type": "ec2"}').tools.credentialGet()).toThrow(HookToolError);
    expect(() => record('').tools.resourceGet('image')).toThrow('no path');
    expect(() => record('\n').tools.resourceGet('image')).toThrow(HookToolError);
  });

  it('storage and a credential are asked for in JSON', () => {
    const storage = record('{"kind": "block", "location": "/dev/sdb", "other": 1}');
    expect(storage.tools.storageGet('data/0')).toEqual({ kind: 'block', location: '/dev/sdb' });
    expect(storage.calls).toEqual([{ command: ['storage-get', '--format=json', '-s', 'data/0'] }]);
    const credential = record('{"type": "ec2", "name": "aws", "cacertificates": null}');
    expect(credential.tools.credentialGet()).toEqual({ type: 'ec2', name: 'aws', cacertificates: null });
    expect(credential.calls).toEqual([{ command: ['credential-get', '--format=json'] }]);
  });

  it.each([
    ['/srv/a', '/srv/a'],
    ['/srv/a\n', '/srv/a'],
    ['/srv/a \n\n', '/srv/a \n'],
    [' /srv/a ', ' /srv/a '],
  ])('the path %j of a resource is %j: a newline at its end is none of it', (answer, file) => {
    expect(record(answer).tools.resourceGet('image')).toBe(file);
  });

  it('the id of a secret is what secret-add says, without its newline', () => {
    expect(record('secret:9m4e2mr0ui3e8a215n4g\n').tools.secretAdd({ abc: '1' })).toBe(
      'secret:9m4e2mr0ui3e8a215n4g',
    );
  });

  it('ids of secrets have secret: before them, be they bare, whole or of another model', () => {
    const { tools } = record('["9m4e2mr0ui3e8a215n4g","secret:a","secret://uuid/b"]');
    expect(tools.secretIds()).toEqual(['secret:9m4e2mr0ui3e8a215n4g', 'secret:a', 'secret://uuid/b']);
  });

  it('what is known of a secret has its id in it, and nothing that is empty', () => {
    const answer = {
      '9m4e2mr0ui3e8a215n4g': {
        ...{ revision: 3, label: '', owner: 'unit', description: 'd', rotation: 'daily' },
        ...{ expiry: '2031-01-02T03:04:05Z', rotates: '2026-01-02T03:04:05Z' },
        access: [{ target: 'application-redis', scope: 'relation-x', role: 'view' }],
      },
    };
    expect(record(JSON.stringify(answer)).tools.secretInfo({ label: 'x' })).toEqual({
      ...{ id: 'secret:9m4e2mr0ui3e8a215n4g', revision: 3, owner: 'unit', description: 'd' },
      ...{ rotation: 'daily', expiry: '2031-01-02T03:04:05Z', rotates: '2026-01-02T03:04:05Z' },
      access: [{ target: 'application-redis', scope: 'relation-x', role: 'view' }],
    });
  });

  it('statuses are unknown where a restricted hook knows no more', () => {
    const { tools } = record('"unknown"\n');
    expect(tools.statusGet()).toEqual({ status: 'unknown', message: '' });
    expect(tools.applicationStatusGet()).toEqual({ status: 'unknown', message: '', units: {} });
  });

  it('an address that is null or empty is an error, and not the text "null"', () => {
    for (const answer of ['null', '""'])
      expect(() => record(answer).tools.unitGet('public-address')).toThrow(HookToolError);
  });

  it('a bag keeps every key as a key, and texts only', () => {
    const { tools } = record('{"__proto__":"a","constructor":"b","n":1,"x":"y"}\n');
    const bag = tools.relationGet({ relationId: 'db:1', member: 'redis/0' });
    expect(Object.entries(bag ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['x', 'y'],
    ]);
  });

  it('config values keep their types', () => {
    const config = { s: 'é', i: 1, f: 0.5, b: true, n: null };
    expect(record(JSON.stringify(config)).tools.configGet()).toEqual(config);
  });

  it('leadership is true for true only', () => {
    expect(record('true\n').tools.isLeader()).toBe(true);
    for (const answer of ['false', '"True"', '1', 'null'])
      expect(record(answer).tools.isLeader()).toBe(false);
  });

  it.each(['', 'not json', '{"a":', 'True\n'])(
    '%j is an error that names the command and keeps the answer',
    (answer) => {
      const { tools } = record(answer);
      const calls: [string, () => unknown][] = [
        ['relation-ids', () => tools.relationIds('db')],
        ['relation-get', () => tools.relationGet({ relationId: 'db:1', member: 'redis/0' })],
        ['config-get', () => tools.configGet()],
        ['is-leader', () => tools.isLeader()],
      ];
      for (const [tool, call] of calls) {
        const error = errorOf(call);
        expect(error.command[0]).toBe(tool);
        expect(error.message).toMatch(new RegExp(`^cannot run ${tool} .*JSON`));
        expect(error.stdout).toBe(answer);
      }
    },
  );
});

describe('exit codes of relation-get', () => {
  const owner = { relationId: 'db:1', member: 'redis' };

  it('2 is undefined: Juju found the call malformed', () => {
    const { tools } = record(failing(2, 'ERROR expected unit name, got application name "redis"\n'));
    expect(tools.relationGet(owner)).toBeUndefined();
  });

  it('2 for a relation that is gone is thrown on', () => {
    const { tools } = record(failing(2, 'ERROR invalid value "db:1" for option -r: relation not found\n'));
    expect(errorOf(() => tools.relationGet(owner)).isGone).toBe(true);
  });

  it.each([
    [1, 'ERROR permission denied\n'],
    [1, 'ERROR boom\n'],
    [3, ''],
    [undefined, 'killed by SIGTERM'],
  ])('%s is thrown on', (exitCode, stderr) => {
    const { tools } = record(failing(exitCode, stderr));
    expect(errorOf(() => tools.relationGet(owner)).exitCode).toBe(exitCode);
  });

  it('2 of any other tool is thrown on', () => {
    const { tools } = record(failing(2, 'ERROR malformed\n'));
    for (const call of [
      () => tools.relationList('db:1'),
      () => tools.relationApplication('db:1'),
      () => tools.relationSet({ relationId: 'db:1' }, {}),
      () => tools.networkGet('db'),
    ])
      expect(errorOf(call).exitCode).toBe(2);
  });

  it('errors that are no tool errors are thrown on as they are', () => {
    const { tools } = record(() => {
      throw new RangeError('mine');
    });
    expect(() => tools.relationGet(owner)).toThrow(RangeError);
  });
});

function errorOf(call: () => unknown): HookToolError {
  try {
    call();
  } catch (error) {
    if (error instanceof HookToolError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
