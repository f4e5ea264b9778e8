import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import type { HookInfo, RelationHookInfo, RelationHookKind } from '../../../src/simulator/agent/hook-info.ts';
import { failHook } from '../../../src/simulator/agent/statuses.ts';
import { MODEL_TOOLS } from '../../../src/simulator/hook-tools/model-tools.ts';
import { StdinNeeded } from '../../../src/simulator/hook-tools/tool-errors.ts';
import { addRelation, relationBetween } from '../../../src/simulator/operator/integration.ts';
import { removeRelation } from '../../../src/simulator/operator/lifecycle.ts';
import { DryModel } from '../dry-model.ts';
import { answer, callTool, refusal } from '../tool-caller.ts';

const UPDATE_STATUS: HookInfo = { kind: 'update-status', name: 'update-status' };
const CONFIG = `options:
  port: {type: int, default: 80}
  ratio: {type: float, default: 1.5}
  debug: {type: boolean, default: false}
  name: {type: string}
  greeting: {type: string, default: ""}
`;

let model: DryModel;
let folder: string;

/** wp (two units) requires db of mysql; mysql has peers. All have settled. Relation 0 is the peers', 1 is wp and mysql. */
beforeEach(() => {
  model = new DryModel();
  model.deploy('mysql', {
    metadata: 'provides:\n  server: mysql\npeers:\n  cluster: mysql-cluster\n',
    units: 2,
  });
  model.deploy('wp', {
    metadata: 'requires:\n  db: mysql\n  cache: memcache\nextra-bindings:\n  public:\n',
    config: CONFIG,
    units: 2,
  });
  addRelation(model.state, 'wp', 'mysql');
  model.settle();
  folder = mkdtempSync(join(tmpdir(), 'tools-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function outside(unit: string): HookContext {
  return model.context(unit, UPDATE_STATUS);
}

function inRelation(
  unit: string,
  kind: RelationHookKind,
  about: Partial<RelationHookInfo> = {},
): HookContext {
  const isWp = unit.startsWith('wp');
  const endpoint = isWp ? 'db' : 'server';
  const relation = { id: 1, endpoint, remoteApplication: isWp ? 'mysql' : 'wp', ...about };
  return model.context(unit, { kind, name: `${endpoint}-${kind}`, relation });
}

function changed(unit = 'wp/0', remoteUnit = 'mysql/0'): HookContext {
  return inRelation(unit, 'relation-changed', { remoteUnit, version: 0 });
}

/** Lands what a hook wrote. */
function commit(context: HookContext): void {
  context.changes.commit();
}

describe('every tool', () => {
  it.each([...MODEL_TOOLS.keys()])('%s refuses a flag it does not have, with exit code 2', (name) => {
    expect(refusal(changed(), name, '--nonsense')).toBe(
      '2 ERROR option provided but not defined: --nonsense',
    );
  });

  it.each([...MODEL_TOOLS.keys()])('%s prints help on stdout and exits 0', (name) => {
    const { exitCode, stdout, stderr } = callTool(outside('wp/0'), [name, '--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^Usage: ${name} .*\n\nSummary:\n.+\n`));
  });

  it('that answers takes --output, relative to its caller, and prints nothing then', () => {
    const result = callTool(outside('wp/0'), ['config-get', '-o', 'out', '--format', 'json', 'port'], {
      cwd: folder,
    });
    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('80\n');
  });

  it('that answers refuses a format it does not know', () => {
    const text = '2 ERROR invalid value "xml" for option --format: unknown format "xml"';
    expect(refusal(outside('wp/0'), 'config-get', '--format', 'xml')).toBe(text);
    expect(refusal(outside('wp/0'), 'goal-state', '--format=smart')).toBe(text.replaceAll('xml', 'smart'));
  });

  it.each([
    ['juju-log', 'x'],
    ['relation-set', 'a=1'],
    ['open-port', '80'],
    ['close-port', '80'],
  ])('%s takes --format with a warning and carries on', (name, arg) => {
    const result = callTool(changed(), [name, '--format', 'json', arg]);
    expect(result).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `--format flag deprecated for command "${name}"`,
    });
  });
});

describe('relation-get', () => {
  beforeEach(() => {
    const context = outside('mysql/0');
    context.changes.write({ relationId: 1, isApplication: false }, { host: 'h', port: '3306' });
    context.changes.write({ relationId: 1, isApplication: true }, { version: '8' });
    commit(context);
    model.settle();
  });

  it('answers as charm-helpers and ops ask', () => {
    const bag =
      '{"egress-subnets":"127.0.0.1/32","host":"h","ingress-address":"127.0.0.1","port":"3306","private-address":"127.0.0.1"}\n';
    expect(answer(changed(), 'relation-get', '--format=json', '-')).toBe(bag);
    expect(answer(changed(), 'relation-get', '--format=json', '-r', 'db:1', '-', 'mysql/0')).toBe(bag);
    expect(answer(outside('wp/0'), 'relation-get', '--format=json', '-r', '1', '-', 'mysql/0')).toBe(bag);
    expect(answer(changed(), 'relation-get', '--format=json', 'port', 'mysql/0')).toBe('"3306"\n');
    expect(answer(changed(), 'relation-get', 'port')).toBe('3306\n');
    expect(answer(changed(), 'relation-get', '--format=json', '--app', '-', 'mysql')).toBe(
      '{"version":"8"}\n',
    );
    expect(answer(changed(), 'relation-get', '--format=json', '--app', '-', 'mysql/1')).toBe(
      '{"version":"8"}\n',
    );
    expect(
      answer(outside('wp/0'), 'relation-get', '--format=json', '-r', 'db:1', '--app', '-', 'mysql'),
    ).toBe('{"version":"8"}\n');
  });

  it('answers a missing key with nothing, which is null in JSON', () => {
    for (const key of ['nope', 'constructor', '__proto__']) {
      expect(answer(changed(), 'relation-get', key)).toBe('');
      expect(answer(changed(), 'relation-get', '--format=json', key)).toBe('null\n');
    }
  });

  it.each(['relation-created', 'relation-broken', 'relation-changed'] as const)(
    'shows the remote application where a %s hook has no unit',
    (kind) => {
      expect(answer(inRelation('wp/0', kind), 'relation-get', '--format=json')).toBe('{"version":"8"}\n');
    },
  );

  it('shows the own bag with what this hook has written, and not what it removed', () => {
    const context = changed('mysql/0', 'wp/0');
    answer(context, 'relation-set', 'port=', 'user=root');
    expect(answer(context, 'relation-get', '-', 'mysql/0')).toBe(
      'egress-subnets: 127.0.0.1/32\nhost: h\ningress-address: 127.0.0.1\nprivate-address: 127.0.0.1\nuser: root\n',
    );
  });

  it('lets the leader read its own application bag, and a follower not', () => {
    expect(answer(changed('mysql/0', 'wp/0'), 'relation-get', '--app', 'version', 'mysql')).toBe('8\n');
    expect(refusal(changed('mysql/1', 'wp/0'), 'relation-get', '--app', 'version', 'mysql')).toBe(
      '1 ERROR permission denied',
    );
  });

  it('lets every peer read the application bag', () => {
    const context = outside('mysql/0');
    answer(context, 'relation-set', '-r', 'cluster:0', '--app', 'password=x');
    commit(context);
    expect(answer(outside('mysql/1'), 'relation-get', '-r', 'cluster:0', '--app', '-', 'mysql')).toBe(
      'password: x\n',
    );
  });

  it('reads peers, and units of its own application across another relation', () => {
    expect(answer(outside('mysql/0'), 'relation-get', '-r', '0', 'private-address', 'mysql/1')).toBe(
      '127.0.0.1\n',
    );
    expect(answer(changed(), 'relation-get', 'private-address', 'wp/1')).toBe('127.0.0.1\n');
  });

  it('refuses with 1 what is denied or not there', () => {
    expect(refusal(changed(), 'relation-get', '-', 'other/0')).toBe('1 ERROR permission denied');
    expect(refusal(changed(), 'relation-get', '--app', '-', 'other')).toBe('1 ERROR permission denied');
    expect(refusal(changed(), 'relation-get', '-', 'mysql/9')).toBe(
      '1 ERROR cannot read settings for unit "mysql/9" in relation "wp:db mysql:server": unit "mysql/9": settings not found',
    );
  });

  it('refuses with 2 what is asked wrongly', () => {
    const context = outside('wp/0');
    expect(refusal(context, 'relation-get')).toBe('2 ERROR no relation id specified');
    expect(refusal(context, 'relation-get', '-r', '1')).toBe('2 ERROR no unit or application specified');
    expect(refusal(context, 'relation-get', '-r', '1', '--app')).toBe(
      '2 ERROR no unit or application specified',
    );
    expect(refusal(context, 'relation-get', '-r', '1', '-', 'mysql')).toBe(
      '2 ERROR expected unit name, got application name "mysql"',
    );
    expect(refusal(context, 'relation-get', '-r', '1', '-', 'no unit')).toBe(
      '2 ERROR invalid unit name "no unit"',
    );
    expect(refusal(context, 'relation-get', '-r', 'db:x')).toBe(
      '2 ERROR invalid value "db:x" for option -r: invalid relation id',
    );
    expect(refusal(context, 'relation-get', '-r', 'db:9')).toBe(
      '2 ERROR invalid value "db:9" for option -r: relation not found',
    );
    expect(refusal(context, 'relation-get', '-r', 'cluster:0')).toBe(
      '2 ERROR invalid value "cluster:0" for option -r: relation not found',
    );
    expect(refusal(changed(), 'relation-get', '-', 'mysql/0', 'more')).toBe(
      '2 ERROR unrecognized args: ["more"]',
    );
  });

  it('does not mind the endpoint that is written before the number', () => {
    expect(answer(outside('wp/0'), 'relation-get', '-r', 'wrong:1', 'port', 'mysql/0')).toBe('3306\n');
  });

  it('shows a member as first read, hook after hook, until a hook of that member', () => {
    expect(answer(changed(), 'relation-get', 'port', 'mysql/0')).toBe('3306\n');
    const writer = outside('mysql/0');
    answer(writer, 'relation-set', '-r', '1', 'port=1');
    commit(writer);
    expect(answer(outside('wp/0'), 'relation-get', '-r', '1', 'port', 'mysql/0')).toBe('3306\n');
    expect(answer(changed('wp/0', 'mysql/1'), 'relation-get', 'port', 'mysql/0')).toBe('3306\n');
    expect(answer(outside('wp/1'), 'relation-get', '-r', '1', 'port', 'mysql/0')).toBe('1\n');
    expect(answer(changed('wp/0', 'mysql/0'), 'relation-get', 'port')).toBe('1\n');
  });

  it('shows a remote application bag as first read in one hook, and fresh in the next', () => {
    const context = changed();
    expect(answer(context, 'relation-get', '--app', 'version')).toBe('8\n');
    const writer = outside('mysql/0');
    answer(writer, 'relation-set', '-r', '1', '--app', 'version=9');
    commit(writer);
    expect(answer(context, 'relation-get', '--app', 'version')).toBe('8\n');
    expect(answer(changed(), 'relation-get', '--app', 'version')).toBe('9\n');
  });

  it('still reads a unit that departs', () => {
    model.unit('mysql/0').life = 'dying';
    const context = inRelation('wp/0', 'relation-departed', {
      remoteUnit: 'mysql/0',
      departingUnit: 'mysql/0',
    });
    expect(answer(context, 'relation-get', 'port')).toBe('3306\n');
  });
});

describe('relation-set', () => {
  it('lands nothing until the hook has succeeded', () => {
    const context = changed();
    answer(context, 'relation-set', 'user=root');
    expect(model.state.relations[1]?.units['wp/0']?.settings.user).toBeUndefined();
    commit(context);
    expect(model.state.relations[1]?.units['wp/0']?.settings.user).toBe('root');
  });

  it('takes a YAML file as charm-helpers writes it, the arguments winning', () => {
    writeFileSync(join(folder, 'settings'), "port: '80'\nuser: null\nhost: h\n");
    const context = outside('wp/0');
    const result = callTool(context, ['relation-set', '-r', 'db:1', '--file', 'settings', 'host=other'], {
      cwd: folder,
    });
    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(context.changes.unitBag(1)).toEqual({ port: '80', user: '', host: 'other' });
  });

  it('takes JSON on standard input as ops writes it, and asks for it only then', () => {
    const context = outside('wp/0');
    const command = ['relation-set', '-r', 'db:1', '--file', '-'];
    expect(() => callTool(context, command)).toThrow(StdinNeeded);
    callTool(context, command, { stdin: '{"a": "1", "b": ""}' });
    expect(context.changes.unitBag(1)).toEqual({ a: '1', b: '' });
    callTool(outside('mysql/0'), [...command, '--app'], { stdin: '{"a": "1"}' });
  });

  it('shows --file in its help, for which charm-helpers looks', () => {
    expect(callTool(changed(), ['relation-set', '--help']).stdout).toContain('--file');
  });

  it('takes no arguments for no change', () => {
    const context = changed();
    answer(context, 'relation-set');
    commit(context);
    expect(model.state.relations[1]?.units['wp/0']?.version).toBe(0);
  });

  it('writes to the application bag for the leader alone', () => {
    const context = outside('mysql/0');
    answer(context, 'relation-set', '-r', '1', '--app', 'a=1');
    commit(context);
    expect(model.state.relations[1]?.applications.mysql).toEqual({ settings: { a: '1' }, version: 1 });
    expect(refusal(outside('mysql/1'), 'relation-set', '-r', '1', '--app', 'a=2')).toBe(
      '1 ERROR cannot write relation settings',
    );
  });

  it('fails the hook, and lands nothing of it, where leadership was lost before the end', () => {
    const context = outside('mysql/0');
    answer(context, 'relation-set', '-r', '1', '--app', 'a=1');
    answer(context, 'relation-set', '-r', '1', 'b=1');
    const mysql = model.state.applications.mysql;
    if (mysql !== undefined) mysql.leader = 'mysql/1';
    expect(() => commit(context)).toThrow('cannot write relation settings');
    expect(model.state.relations[1]?.units['mysql/0']?.settings.b).toBeUndefined();
  });

  it('refuses what is written wrongly', () => {
    expect(refusal(outside('wp/0'), 'relation-set', 'a=1')).toBe('2 ERROR no relation id specified');
    expect(refusal(changed(), 'relation-set', 'haha')).toBe('2 ERROR expected "key=value", got "haha"');
    expect(refusal(changed(), 'relation-set', '--file', '/nonexistent/x')).toBe(
      '1 ERROR open /nonexistent/x: no such file or directory',
    );
    const nested = callTool(changed(), ['relation-set', '--file', '-'], { stdin: 'a: [1]' });
    expect([nested.exitCode, nested.stderr]).toEqual([
      1,
      'ERROR yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into string\n',
    ]);
  });

  it('is overwritten in its address keys by the end of a config-changed hook, but not by what that hook wrote', () => {
    const first = outside('wp/0');
    answer(first, 'relation-set', '-r', '1', 'ingress-address=1.2.3.4', 'private-address=1.2.3.4');
    commit(first);
    const second = model.context('wp/0', { kind: 'config-changed', name: 'config-changed' });
    answer(second, 'relation-set', '-r', '1', 'private-address=5.6.7.8');
    commit(second);
    expect(model.state.relations[1]?.units['wp/0']?.settings).toMatchObject({
      'ingress-address': '127.0.0.1',
      'private-address': '5.6.7.8',
    });
  });
});

describe('relation-ids', () => {
  it('lists the relations of an endpoint, sorted as text', () => {
    for (let count = 0; count < 10; count += 1) {
      const name = `more${String.fromCharCode(97 + count)}`;
      model.deploy(name, { metadata: 'provides:\n  server: mysql\n' });
      addRelation(model.state, 'wp:db', name);
    }
    model.settle();
    const ids = JSON.parse(answer(outside('wp/0'), 'relation-ids', '--format=json', 'db'));
    expect(ids).toHaveLength(11);
    expect(ids.slice(0, 4)).toEqual(['db:1', 'db:10', 'db:11', 'db:2']);
  });

  it('takes the hook own endpoint where none is given', () => {
    expect(answer(changed(), 'relation-ids', '--format=json')).toBe('["db:1"]\n');
    expect(answer(changed(), 'relation-ids', 'db', '--format=json')).toBe('["db:1"]\n');
    expect(answer(changed(), 'relation-ids')).toBe('db:1\n');
    expect(refusal(outside('wp/0'), 'relation-ids')).toBe('2 ERROR no endpoint name specified');
  });

  it('answers an endpoint without relations, or that there is not, with an empty list', () => {
    expect(answer(outside('wp/0'), 'relation-ids', '--format=json', 'cache')).toBe('[]\n');
    expect(answer(outside('wp/0'), 'relation-ids', '--format=json', 'nonsense')).toBe('[]\n');
    expect(answer(outside('wp/0'), 'relation-ids', 'nonsense')).toBe('');
  });

  it('leaves out a relation while it breaks', () => {
    expect(answer(inRelation('wp/0', 'relation-broken'), 'relation-ids', '--format=json', 'db')).toBe('[]\n');
    removeRelation(model.state, relationBetween(model.state, 'wp', 'mysql'));
    const departed = inRelation('wp/0', 'relation-departed', { remoteUnit: 'mysql/0' });
    expect(answer(departed, 'relation-ids', '--format=json', 'db')).toBe('["db:1"]\n');
  });
});

describe('relation-list', () => {
  it('lists the members, without the one that departs', () => {
    expect(answer(changed(), 'relation-list', '--format=json')).toBe('["mysql/0","mysql/1"]\n');
    expect(answer(outside('wp/0'), 'relation-list', '--format=json', '-r', 'db:1')).toBe(
      '["mysql/0","mysql/1"]\n',
    );
    const departed = inRelation('wp/0', 'relation-departed', { remoteUnit: 'mysql/0' });
    expect(answer(departed, 'relation-list', '--format=json')).toBe('["mysql/1"]\n');
    expect(answer(departed, 'relation-list')).toBe('mysql/1\n');
  });

  it('has a unit in it from its joined hook on', () => {
    model.deploy('third', { metadata: 'requires:\n  db: mysql\n' });
    addRelation(model.state, 'third', 'mysql');
    while (model.hooks.at(-1) !== 'third/0 start') model.step('third/0');
    const hook = { endpoint: 'db', id: 2, remoteApplication: 'mysql' };
    const created = model.context('third/0', {
      kind: 'relation-created',
      name: 'db-relation-created',
      relation: hook,
    });
    expect(answer(created, 'relation-list', '--format=json')).toBe('[]\n');
    const joined = model.context('third/0', {
      kind: 'relation-joined',
      name: 'db-relation-joined',
      relation: { ...hook, remoteUnit: 'mysql/0' },
    });
    expect(answer(joined, 'relation-list', '--format=json')).toBe('["mysql/0"]\n');
  });

  it('leaves this unit out among its peers', () => {
    expect(answer(outside('mysql/0'), 'relation-list', '--format=json', '-r', '0')).toBe('["mysql/1"]\n');
  });

  it('names the remote application with --app, the own one for peers', () => {
    expect(answer(outside('wp/0'), 'relation-list', '--format=json', '--app', '-r', '1')).toBe('"mysql"\n');
    expect(answer(outside('mysql/0'), 'relation-list', '--format=json', '--app', '-r', '0')).toBe(
      '"mysql"\n',
    );
  });

  it('needs a relation', () => {
    expect(refusal(outside('wp/0'), 'relation-list')).toBe('2 ERROR no relation id specified');
  });
});

describe('relation-model-get', () => {
  it('answers with this model', () => {
    expect(answer(changed(), 'relation-model-get')).toBe(`uuid: ${model.state.uuid}\n`);
  });
});

describe('config-get', () => {
  it('answers all that has a value, in its type', () => {
    expect(answer(outside('wp/0'), 'config-get', '--format=json')).toBe(
      '{"debug":false,"greeting":"","port":80,"ratio":1.5}\n',
    );
    expect(answer(outside('wp/0'), 'config-get', '--all', '--format=json')).toBe(
      '{"debug":false,"greeting":"","name":null,"port":80,"ratio":1.5}\n',
    );
    expect(answer(outside('wp/0'), 'config-get', '-a')).toBe(
      'debug: false\ngreeting: ""\nname: null\nport: 80\nratio: 1.5\n',
    );
  });

  it('answers one option, and what is unknown or unset with nothing', () => {
    expect(answer(outside('wp/0'), 'config-get', 'port')).toBe('80\n');
    expect(answer(outside('wp/0'), 'config-get', 'debug')).toBe('False\n');
    expect(answer(outside('wp/0'), 'config-get', 'name')).toBe('');
    expect(answer(outside('wp/0'), 'config-get', '--format=json', 'name')).toBe('null\n');
    expect(answer(outside('wp/0'), 'config-get', '--format=json', 'nonsense')).toBe('null\n');
    expect(answer(outside('wp/0'), 'config-get', '--format=json', 'toString')).toBe('null\n');
  });

  it('answers the same throughout a hook', () => {
    const context = outside('wp/0');
    answer(context, 'config-get');
    const wp = model.state.applications.wp;
    if (wp !== undefined) wp.config = { port: 81 };
    expect(answer(context, 'config-get', 'port')).toBe('80\n');
    expect(answer(outside('wp/0'), 'config-get', 'port')).toBe('81\n');
  });

  it('refuses a key with --all, and two keys', () => {
    expect(refusal(outside('wp/0'), 'config-get', '--all', 'port')).toBe(
      '2 ERROR cannot use argument --all together with key "port"',
    );
    expect(refusal(outside('wp/0'), 'config-get', 'a', 'b')).toBe('2 ERROR unrecognized args: ["b"]');
  });
});

describe('status-set and status-get', () => {
  it('set at once, and show a hook what was there when it first asked', () => {
    const context = outside('wp/0');
    answer(context, 'status-set', 'blocked', 'need a database');
    expect(answer(context, 'status-get')).toBe('blocked\n');
    answer(context, 'status-set', '--application=False', 'active', '--', '-ready');
    expect(answer(context, 'status-get')).toBe('blocked\n');
    expect(answer(outside('wp/0'), 'status-get', '--format=json', '--include-data')).toBe(
      '{"message":"-ready","status":"active","status-data":{}}\n',
    );
    expect(answer(outside('wp/0'), 'status-get', '--format=json')).toBe('{"status":"active"}\n');
    expect(answer(outside('wp/0'), 'status-get', '--include-data')).toBe(
      'message: -ready\nstatus: active\nstatus-data: {}\n',
    );
  });

  it('show the application to its leader alone', () => {
    answer(outside('wp/0'), 'status-set', '--application=True', 'waiting', 'all');
    answer(outside('wp/0'), 'status-set', 'active');
    const leader = outside('wp/0');
    expect(answer(leader, 'status-get', '--application')).toBe('waiting\n');
    expect(answer(leader, 'status-get', '--include-data', '--format=json', '--application=true')).toBe(
      '{"application-status":{"message":"all","status":"waiting","status-data":{},"units":{"wp/0":{"message":"","status":"active","status-data":{}},"wp/1":{"message":"waiting for machine","status":"waiting","status-data":{}}}}}\n',
    );
    const follower = outside('wp/1');
    expect(refusal(follower, 'status-get', '--application')).toBe('1 ERROR this unit is not the leader');
    expect(refusal(follower, 'status-set', '--application', 'active')).toBe(
      '1 ERROR this unit is not the leader',
    );
  });

  it('read error while a hook has failed', () => {
    failHook(model.unit('wp/0'), UPDATE_STATUS);
    expect(answer(outside('wp/0'), 'status-get')).toBe('error\n');
  });

  it('refuse what a charm may not set', () => {
    for (const status of ['error', 'unknown', 'terminated', 'x']) {
      expect(refusal(outside('wp/0'), 'status-set', status)).toBe(
        `2 ERROR invalid status "${status}", expected one of [maintenance blocked waiting active]`,
      );
    }
    expect(refusal(outside('wp/0'), 'status-set')).toBe('2 ERROR invalid args, require <status> [message]');
    expect(refusal(outside('wp/0'), 'status-set', 'active', 'a', 'b')).toBe(
      '2 ERROR unrecognized args: ["b"]',
    );
  });
});

describe('application-version-set', () => {
  it('sets the version from any unit, also to nothing', () => {
    answer(outside('wp/1'), 'application-version-set', '--', '1.2');
    expect(model.state.applications.wp?.workloadVersion).toBe('1.2');
    answer(outside('wp/1'), 'application-version-set', '');
    expect(model.state.applications.wp?.workloadVersion).toBe('');
    expect(refusal(outside('wp/1'), 'application-version-set')).toBe('2 ERROR no version specified');
  });
});

describe('leadership', () => {
  it('is told in the words of each format', () => {
    expect(answer(outside('wp/0'), 'is-leader')).toBe('True\n');
    expect(answer(outside('wp/0'), 'is-leader', '--format=json')).toBe('true\n');
    expect(answer(outside('wp/1'), 'is-leader')).toBe('False\n');
    expect(answer(outside('wp/1'), 'is-leader', '--format=yaml')).toBe('false\n');
  });

  it('once denied stays denied until the hook ends, and once granted is asked again', () => {
    const wp = model.state.applications.wp;
    const [first, second] = [outside('wp/0'), outside('wp/1')];
    answer(first, 'is-leader');
    answer(second, 'is-leader');
    if (wp !== undefined) wp.leader = 'wp/1';
    expect(answer(first, 'is-leader')).toBe('False\n');
    expect(answer(second, 'is-leader')).toBe('False\n');
    expect(answer(outside('wp/1'), 'is-leader')).toBe('True\n');
  });

  it('settings are written at once by the leader and read by all', () => {
    answer(outside('wp/0'), 'leader-set', ' password = x ', 'b=2', 'c=');
    expect(answer(outside('wp/1'), 'leader-get', '--format=json', '-')).toBe('{"b":"2","password":"x"}\n');
    expect(answer(outside('wp/1'), 'leader-get', '--format=json')).toBe('{"b":"2","password":"x"}\n');
    expect(answer(outside('wp/1'), 'leader-get', 'password')).toBe('x\n');
    expect(answer(outside('wp/1'), 'leader-get', '--format=json', 'none')).toBe('null\n');
    answer(outside('wp/0'), 'leader-set', 'password=');
    expect(answer(outside('wp/1'), 'leader-get', '--format=json')).toBe('{"b":"2"}\n');
  });

  it('settings are read once a hook, but for what the hook writes itself', () => {
    const [leader, follower] = [outside('wp/0'), outside('wp/1')];
    answer(leader, 'leader-get');
    answer(follower, 'leader-get');
    answer(leader, 'leader-set', 'a=1');
    expect(answer(leader, 'leader-get', 'a')).toBe('1\n');
    expect(answer(follower, 'leader-get', 'a')).toBe('');
  });

  it('settings refuse a follower, and a key with =', () => {
    expect(refusal(outside('wp/1'), 'leader-set', 'a=1')).toBe(
      '1 ERROR cannot write leadership settings: cannot write settings: not the leader',
    );
    expect(refusal(outside('wp/1'), 'leader-get', 'a=b')).toBe('2 ERROR invalid key "a=b"');
  });
});

describe('unit-get', () => {
  it('tells the address', () => {
    expect(answer(outside('wp/0'), 'unit-get', '--format=json', 'private-address')).toBe('"127.0.0.1"\n');
    expect(answer(outside('wp/0'), 'unit-get', 'public-address')).toBe('127.0.0.1\n');
  });

  it('refuses anything else', () => {
    expect(refusal(outside('wp/0'), 'unit-get')).toBe('2 ERROR no setting specified');
    expect(refusal(outside('wp/0'), 'unit-get', 'x')).toBe('2 ERROR unknown setting "x"');
    expect(refusal(outside('wp/0'), 'unit-get', 'private-address', 'x')).toBe(
      '2 ERROR unrecognized args: ["x"]',
    );
  });
});

describe('network-get', () => {
  it('tells everything in JSON as ops asks, without the names of old', () => {
    expect(JSON.parse(answer(outside('wp/0'), 'network-get', '--format=json', '-r', 'db:1', 'db'))).toEqual({
      'bind-addresses': [
        {
          'mac-address': '00:00:00:00:00:00',
          'interface-name': 'lo',
          addresses: [{ hostname: '', value: '127.0.0.1', cidr: '127.0.0.0/8' }],
        },
      ],
      'egress-subnets': ['127.0.0.1/32'],
      'ingress-addresses': ['127.0.0.1'],
    });
  });

  it('tells everything in YAML as charm-helpers asks, with the names of old', () => {
    expect(answer(outside('wp/0'), 'network-get', 'public', '--format', 'yaml')).toBe(
      `bind-addresses:
- mac-address: "00:00:00:00:00:00"
  interface-name: lo
  addresses:
  - hostname: ""
    address: 127.0.0.1
    value: 127.0.0.1
    cidr: 127.0.0.0/8
  macaddress: "00:00:00:00:00:00"
  interfacename: lo
egress-subnets:
- 127.0.0.1/32
ingress-addresses:
- 127.0.0.1
`,
    );
  });

  it('picks parts', () => {
    expect(answer(outside('wp/0'), 'network-get', '--primary-address', 'db')).toBe('127.0.0.1\n');
    expect(answer(outside('wp/0'), 'network-get', 'db', '--ingress-address')).toBe('127.0.0.1\n');
    expect(answer(outside('wp/0'), 'network-get', 'db', '--egress-subnets')).toBe('127.0.0.1/32\n');
    expect(answer(outside('wp/0'), 'network-get', 'db', '--bind-address', '--egress-subnets')).toBe(
      'bind-address: 127.0.0.1\negress-subnets:\n- 127.0.0.1/32\n',
    );
  });

  it('refuses in the words for which clients look', () => {
    expect(refusal(outside('wp/0'), 'network-get', 'nonsense')).toBe(
      '1 ERROR no network config found for binding "nonsense"',
    );
    expect(refusal(outside('wp/0'), 'network-get')).toBe('2 ERROR no arguments specified');
    expect(refusal(outside('wp/0'), 'network-get', '')).toBe('2 ERROR no binding name specified');
    expect(refusal(outside('wp/0'), 'network-get', 'db', '--primary-address', '--bind-address')).toBe(
      '1 ERROR --primary-address must be the only flag specified',
    );
    expect(refusal(outside('wp/0'), 'network-get', '-r', '9', 'db')).toBe(
      '2 ERROR invalid value "9" for option -r: relation not found',
    );
  });
});

describe('ports', () => {
  it('are listed by protocol and number, with what this hook opens and closes', () => {
    const context = outside('wp/0');
    for (const spec of ['80/TCP', '1000-2000/udp', 'ICMP', '443', '80/tcp'])
      answer(context, 'open-port', spec);
    expect(answer(context, 'opened-ports')).toBe('icmp\n80/tcp\n443/tcp\n1000-2000/udp\n');
    expect(model.unit('wp/0').ports).toEqual([]);
    commit(context);
    const next = outside('wp/0');
    answer(next, 'close-port', '443/tcp');
    answer(next, 'close-port', '9999');
    expect(answer(next, 'opened-ports', '--format=json')).toBe('["icmp","80/tcp","1000-2000/udp"]\n');
    expect(answer(outside('wp/0'), 'opened-ports', '--format=json')).toContain('443/tcp');
  });

  it('may be for some endpoints', () => {
    const context = outside('wp/0');
    answer(context, 'open-port', '--endpoints', 'db,cache', '80');
    answer(context, 'open-port', '81');
    expect(answer(context, 'opened-ports', '--endpoints')).toBe('80/tcp (cache, db)\n81/tcp (*)\n');
    answer(context, 'close-port', '80', '--endpoints', 'db');
    expect(answer(context, 'opened-ports', '--endpoints')).toBe('80/tcp (cache)\n81/tcp (*)\n');
    answer(context, 'close-port', '80');
    expect(answer(context, 'opened-ports')).toBe('81/tcp\n');
  });

  it('may not overlap', () => {
    const context = outside('wp/0');
    answer(context, 'open-port', '80-90');
    expect(refusal(context, 'open-port', '85')).toBe(
      '1 ERROR cannot open 85/tcp (unit "wp/0"): port range conflicts with 80-90/tcp (unit "wp/0")',
    );
    answer(context, 'open-port', '85/udp');
  });

  it.each([
    ['2 ERROR no port or range specified', []],
    ['2 ERROR invalid port "x"', ['x']],
    ['2 ERROR invalid port "70000"', ['70000']],
    ['2 ERROR invalid port range "1-x"', ['1-x']],
    ['2 ERROR invalid port range 90-80/tcp', ['90-80']],
    ['2 ERROR invalid protocol "sctp", expected "tcp", "udp", or "icmp"', ['80/sctp']],
    ['2 ERROR unrecognized args: ["81"]', ['80', '81']],
  ])('refuse with %s', (text, args) => {
    expect(refusal(outside('wp/0'), 'open-port', ...args).startsWith(text)).toBe(true);
    expect(refusal(outside('wp/0'), 'close-port', ...args).startsWith(text)).toBe(true);
  });
});

describe('juju-log', () => {
  it('needs a message', () => {
    expect(refusal(outside('wp/0'), 'juju-log')).toBe('2 ERROR no message specified');
  });
});

describe('state', () => {
  it('is kept when the hook succeeds, and read by it before', () => {
    const context = outside('wp/0');
    expect(answer(context, 'state-get', '--format=json')).toBe('null\n');
    expect(answer(context, 'state-get')).toBe('{}\n');
    callTool(context, ['state-set', '--file', '-'], { stdin: '{"a": "1", "b": "x: y"}' });
    answer(context, 'state-set', 'c=');
    expect(answer(context, 'state-get', '--format=json')).toBe('{"a":"1","b":"x: y","c":""}\n');
    expect(answer(outside('wp/0'), 'state-get', '--format=json')).toBe('null\n');
    commit(context);
    expect(answer(outside('wp/0'), 'state-get', 'a')).toBe('1\n');
    const next = outside('wp/0');
    answer(next, 'state-delete', 'a');
    answer(next, 'state-delete', 'none');
    commit(next);
    expect(answer(outside('wp/0'), 'state-get', '--format=json', '-')).toBe('{"b":"x: y","c":""}\n');
  });

  it('answers a missing key with nothing, or refuses it if asked to', () => {
    expect(answer(outside('wp/0'), 'state-get', 'five')).toBe('');
    expect(answer(outside('wp/0'), 'state-get', '--format=json', 'five')).toBe('""\n');
    expect(refusal(outside('wp/0'), 'state-get', '--strict', 'five')).toBe('1 ERROR "five" not found');
  });

  it('refuses keys and values that are too long', () => {
    expect(refusal(outside('wp/0'), 'state-set', `${'k'.repeat(257)}=1`)).toMatch(
      /^1 ERROR max allowed key length/,
    );
    expect(refusal(outside('wp/0'), 'state-set', `k=${'v'.repeat(65_537)}`)).toMatch(
      /^1 ERROR max allowed value/,
    );
  });
});

describe('goal-state', () => {
  it('tells units of this application and of related ones, without peers', () => {
    model.unit('mysql/1').life = 'dying';
    const goal = JSON.parse(answer(outside('wp/0'), 'goal-state', '--format=json'));
    expect(Object.keys(goal)).toEqual(['relations', 'units']);
    expect(Object.keys(goal.units)).toEqual(['wp/0', 'wp/1']);
    expect(Object.keys(goal.relations.db)).toEqual(['mysql', 'mysql/0', 'mysql/1']);
    expect(goal.relations.db.mysql.status).toBe('joined');
    expect(goal.relations.db['mysql/1'].status).toBe('dying');
    expect(goal.units['wp/0'].since).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
    expect(
      JSON.parse(answer(outside('mysql/0'), 'goal-state', '--format=json')).relations,
    ).not.toHaveProperty('cluster');
  });
});
