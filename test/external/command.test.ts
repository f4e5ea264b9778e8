import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineLayer, Endpoint, Layer, RelationBase, when } from 'charms-reactive';
import { MemoryTools } from 'charms-reactive/testing';
import { describe, expect, it, test } from 'vitest';
import { makeCharm } from '../charm/trial-unit.ts';
import { CommandTrial } from './command-unit.ts';
import { ENDPOINTS } from './external-unit.ts';

describe('flags', () => {
  it('are set, cleared, toggled and asked about; each under its old name too', async () => {
    const unit = new CommandTrial();
    expect(await unit.out('set_flag', 'a')).toBe('');
    expect(await unit.out('set_state', 'b')).toBe('');
    expect(await unit.isTrue('is_flag_set', 'a')).toBe(true);
    expect(await unit.isTrue('is_state', 'c')).toBe(false);
    expect(await unit.isTrue('all_flags_set', 'a', 'b')).toBe(true);
    expect(await unit.isTrue('all_states', 'a', 'c')).toBe(false);
    expect(await unit.isTrue('all_flags_set')).toBe(true);
    expect(await unit.isTrue('any_flags_set', 'c', 'b')).toBe(true);
    expect(await unit.isTrue('any_states', 'c', 'd')).toBe(false);
    expect(await unit.isTrue('any_flags_set')).toBe(false);
    expect(await unit.out('get_flags')).toBe('a\nb');
    expect(await unit.out('get_unset_flags', 'd', 'a', 'c', 'd')).toBe('c\nd');
    expect(await unit.out('clear_flag', 'a')).toBe('');
    expect(await unit.out('remove_state', 'never-set')).toBe('');
    expect(await unit.out('get_flags')).toBe('b');
    expect(unit.stored()).toEqual({ 'reactive.states.b': null });
  });

  it('are toggled by words for true and false; any other text counts as true, as in the reference', async () => {
    const unit = new CommandTrial();
    for (const [word, isSet] of Object.entries({
      true: true,
      False: false,
      '1': true,
      '0': false,
      yes: true,
      no: false,
      x: true,
      '': false,
      off: false,
      None: false,
    })) {
      await unit.out('toggle_flag', 'f', word);
      expect([word, await unit.isTrue('is_flag_set', 'f')]).toEqual([word, isSet]);
      await unit.out('toggle_state', 'f', 'true');
    }
  });

  it('keep a value, which get_states tells', async () => {
    const unit = new CommandTrial();
    await unit.out('set_flag', '--value', 'x y', 'a');
    await unit.out('set_flag', 'b', '--value=');
    await unit.out('set_flag', "it's");
    expect(unit.stored('reactive.states.')).toEqual({
      'reactive.states.a': 'x y',
      'reactive.states.b': '',
      "reactive.states.it's": null,
    });
    expect(await unit.out('get_states')).toBe(`{'a': 'x y', 'b': '', "it's": None}`);
    expect(await unit.out('--json', 'get_states')).toBe(`{"a": "x y", "b": "", "it's": null}`);
  });

  it('may have any name after --', async () => {
    const unit = new CommandTrial();
    for (const flag of ['--help', '-x', '--', 'a=b', '-5', "'", '\n', '😀'])
      await unit.out('set_flag', '--', flag);
    expect(JSON.parse(await unit.out('-j', 'get_flags'))).toEqual([
      '\n',
      "'",
      '--',
      '--help',
      '-5',
      '-x',
      'a=b',
      '😀',
    ]);
    expect(await unit.isTrue('is_flag_set', '-5')).toBe(true);
    expect(await unit.run('set_flag', '')).toMatchObject({
      code: 1,
      err: expect.stringContaining('empty name'),
    });
  });
});

describe('B15: outside of hooks', () => {
  it('flags fire the triggers that the charm’s code registers, as plain data, in classes and in endpoints', async () => {
    const called: string[] = [];
    class Web extends Layer {
      override registerTriggers(): void {
        this.flags.registerTrigger({ when: 'b', setFlag: 'c' });
        this.flags.registerTrigger({ when: 'b', callback: () => void called.push('b') });
      }
    }
    class Redis extends Endpoint {
      override registerTriggers(): void {
        this.registerTrigger({ when: 'ready', setFlag: 'told' });
      }
    }
    const charm = makeCharm({
      metadata: ENDPOINTS,
      layers: {
        web: Web,
        plain: defineLayer('plain', [], {
          triggers: [
            { when: 'a', setFlag: 'b', clearFlag: 'x' },
            { whenNot: 'a', clearFlag: 'b' },
          ],
        }),
      },
      interfaces: { 'requires/redis': Redis },
    });
    const unit = new CommandTrial(charm);
    await unit.out('set_flag', 'x');
    await unit.out('set_flag', 'a');
    expect(await unit.out('get_flags')).toBe('a\nb\nc');
    await unit.out('clear_flag', 'a');
    await unit.out('toggle_flag', 'endpoint.db.ready', '1');
    expect(await unit.out('get_flags')).toBe('c\nendpoint.db.ready\nendpoint.db.told');
    expect(called).toEqual([]);
  });

  it('a trigger registered by the command holds for later commands', async () => {
    const unit = new CommandTrial();
    await unit.out('register_trigger', '--when', 'a', '--set_flag', 'b', '--clear_flag', 'c');
    await unit.out('register_trigger', '--when-not', 'a', '--clear-flag', 'b');
    await unit.out('set_flag', 'c');
    await unit.out('set_flag', 'a');
    expect(await unit.out('get_flags')).toBe('a\nb');
    await unit.out('clear_flag', 'a');
    expect(await unit.out('get_flags')).toBe('');
  });

  it('a trigger needs one flag to wait for, and something to do', async () => {
    const unit = new CommandTrial();
    for (const words of [
      [],
      ['--when', 'a'],
      ['--when', 'a', '--when_not', 'b', '--set_flag', 'c'],
      ['--set_flag', 'c'],
    ]) {
      expect(await unit.run('register_trigger', ...words)).toMatchObject({
        code: 1,
        err: expect.stringContaining('cannot register a trigger'),
      });
    }
    expect(unit.stored()).toEqual({});
  });
});

describe('what handlers wait for', () => {
  const inHook = (unit: CommandTrial, phase: string, hook: string): void => {
    unit.store({ 'reactive.dispatch.phase': phase });
    unit.environment = {
      ...unit.environment,
      JUJU_HOOK_NAME: hook,
      UNIT_STATE_DB: path.join(unit.charmDir, '.unit-state.db'),
      CHARMS_REACTIVE_DIR: unit.charmDir,
    };
  };

  it('flags count while handlers of flags run, and outside of hooks', async () => {
    const unit = new CommandTrial();
    unit.store({ 'reactive.states.a': null, 'reactive.states.b': null });
    const ask = async (): Promise<boolean[]> => [
      await unit.isTrue('when', 'a', 'b'),
      await unit.isTrue('when_all', 'a', 'x'),
      await unit.isTrue('when_any', 'x', 'b'),
      await unit.isTrue('when_any', 'x'),
      await unit.isTrue('when_not', 'x', 'y'),
      await unit.isTrue('when_none', 'x', 'a'),
      await unit.isTrue('when_not_all', 'x', 'a'),
      await unit.isTrue('when_not_all', 'a', 'b'),
    ];
    const held = [true, false, true, false, true, false, true, false];
    expect(await ask()).toEqual(held);
    inHook(unit, 'other', 'start');
    expect(await ask()).toEqual(held);
    inHook(unit, 'hooks', 'start');
    expect(await ask()).toEqual(held.map(() => false));
    inHook(unit, 'restricted', 'collect-metrics');
    expect(await ask()).toEqual(held.map(() => false));
  });

  it('hook is about the phase too, any_hook is not, and restricted_hook has its own', async () => {
    const unit = new CommandTrial();
    const ask = async (): Promise<boolean[]> => [
      await unit.isTrue('hook', '{requires:redis}-relation-{joined,changed}'),
      await unit.isTrue('any_hook', 'x', '{requires:redis}-relation-{joined,changed}'),
      await unit.isTrue('any_hook', 'db-relation-broken'),
      await unit.isTrue('restricted_hook', 'collect-metrics'),
    ];
    inHook(unit, 'hooks', 'cache-relation-changed');
    expect(await ask()).toEqual([true, true, false, false]);
    inHook(unit, 'other', 'cache-relation-changed');
    expect(await ask()).toEqual([false, true, false, false]);
    inHook(unit, 'restricted', 'collect-metrics');
    expect(await ask()).toEqual([false, false, false, true]);
    expect(await unit.run('hook', '{nobody:x}')).toMatchObject({ code: 1 });
    inHook(unit, 'hooks', 'start');
    expect(await unit.run('hook', '{nobody:x}')).toMatchObject({
      code: 1,
      err: expect.stringContaining('"nobody" is no role'),
    });
  });

  it('only_once, was_invoked and mark_invoked share a memory', async () => {
    const unit = new CommandTrial();
    expect(await unit.isTrue('only_once', 'one')).toBe(true);
    expect(await unit.isTrue('was_invoked', 'one')).toBe(false);
    expect(await unit.out('mark_invoked', 'one', 'two')).toBe('');
    expect(await unit.isTrue('only_once', 'one')).toBe(false);
    expect(await unit.isTrue('was_invoked', 'two')).toBe(true);
    expect(unit.stored()).toEqual({ 'reactive.invoked.one': true, 'reactive.invoked.two': true });
  });

  it('when_file_changed and any_file_changed remember the files they were asked about, with Python’s hashes', async () => {
    const unit = new CommandTrial();
    writeFileSync(path.join(unit.charmDir, 'f'), 'hello');
    expect(await unit.isTrue('when_file_changed', 'f', 'missing')).toBe(true);
    expect(await unit.isTrue('any_file_changed', 'f')).toBe(false);
    writeFileSync(path.join(unit.charmDir, 'f'), 'other');
    expect(await unit.isTrue('any_file_changed', 'missing', 'f')).toBe(true);
    expect(unit.stored()).toEqual({ 'reactive.files_changed.f': '795f3202b17cb6bc3d4b771d8c6c9eaf' });
  });

  it('test applies several tests to several handlers, in the reference’s form', async () => {
    const unit = new CommandTrial();
    unit.store({
      'reactive.states.a': null,
      "reactive.states.it's b": null,
      'reactive.invoked.done_id': true,
    });
    expect(
      await unit.out(
        'test',
        'one id1 when a',
        'two id2 when "a missing"',
        `three id3 when 'a "it'"'"'s b"' when_not missing`,
        'four done_id only_once ""',
        "five id5 only_once '' when_any 'missing a'",
        'six id6',
        'seven id7 hook start',
      ),
    ).toBe('one,three,five,six');
    expect(await unit.out('test', 'one id when missing')).toBe('');
    expect(await unit.out('test')).toBe('');
    expect(await unit.run('test', "one id when 'a")).toMatchObject({
      code: 1,
      err: expect.stringContaining('not closed'),
    });
    expect(await unit.run('test', 'one id nonsense x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('"nonsense" is no test'),
    });
  });

  it('in later rounds test asks that one of the flags changed', async () => {
    const unit = new CommandTrial();
    unit.store({ 'reactive.states.a': null, 'reactive.states.b': null });
    inHook(unit, 'other', 'start');
    unit.store({ 'reactive.state_watch': { iteration: 1, changes: ['b'], pending: [] } });
    const specs = ['one 1 when a', 'two 2 when "a b"', 'three 3 when_not x', 'four 4 only_once ""'];
    expect(await unit.out('test', ...specs)).toBe('two,four');
    unit.store({ 'reactive.state_watch': { iteration: 0, changes: [], pending: [] } });
    expect(await unit.out('test', ...specs)).toBe('one,two,three,four');
  });
});

describe('output', () => {
  it('takes the reference’s forms', async () => {
    const unit = new CommandTrial();
    for (const flag of ['b,c', 'a', 'say "x"', 'true']) await unit.out('set_flag', flag);
    const [raw, json, py, yaml, csv, tab] = [
      'a\nb,c\nsay "x"\ntrue',
      '["a", "b,c", "say \\"x\\"", "true"]',
      `['a', 'b,c', 'say "x"', 'true']\n`,
      `- a\n- 'b,c'\n- 'say "x"'\n- 'true'\n`,
      'a\r\n"b,c"\r\n"say ""x"""\r\ntrue\r\n',
      'a\r\nb,c\r\n"say ""x"""\r\ntrue\r\n',
    ];
    for (const [word, text] of Object.entries({
      '--raw': raw,
      '-r': raw,
      '--json': json,
      '-j': json,
      '--py': py,
      '-p': py,
      '--yaml': yaml,
      '-y': yaml,
      '--csv': csv,
      '-c': csv,
      '--tab': tab,
      '-t': tab,
      '--format=json': json,
    })) {
      expect([word, await unit.out(word, 'get_flags')]).toEqual([word, text]);
    }
    expect(await unit.out('--format', 'yaml', 'get_flags')).toBe(yaml);
    expect(await unit.out('-j', 'set_flag', 'x')).toBe('""');
  });

  it('of a mapping is laid out as Python does', async () => {
    const unit = new CommandTrial();
    const long = 'x'.repeat(60);
    unit.store({ 'reactive.states.b': { list: [1, { a: null }], text: 'a: b' }, 'reactive.states.a': long });
    expect(await unit.out('-y', 'get_states')).toBe(
      `a: ${long}\nb:\n  list:\n  - 1\n  - a: null\n  text: 'a: b'\n`,
    );
    expect(await unit.out('-p', 'get_states')).toBe(
      `{'a': '${long}',\n 'b': {'list': [1, {'a': None}], 'text': 'a: b'}}\n`,
    );
  });

  it('of words that make no sense is the usage on standard error, with exit code 2', async () => {
    const unit = new CommandTrial();
    const cases: [string[], RegExp][] = [
      [['nonsense'], /^usage: charms.reactive .*\n.*error: "nonsense" is no sub-command\n$/],
      [[], /^usage: charms.reactive .*\n.*error: a sub-command is missing\n$/],
      [['--format', 'xml', 'get_flags'], /"xml" is no option or format/],
      [['--nonsense', 'get_flags'], /"--nonsense" is no option or format/],
      [
        ['set_flag'],
        /^usage: charms.reactive set_flag \[--value VALUE\] FLAG\n.*error: set_flag needs FLAG\n$/,
      ],
      [['set_flag', 'a', 'b'], /set_flag does not take "b"/],
      [['set_flag', 'a', '--value'], /--value needs a value/],
      [['set_flag', 'a', '--colour', 'red'], /--colour is no option of set_flag/],
      [['get_flags', 'a'], /get_flags does not take "a"/],
      [['__proto__'], /"__proto__" is no sub-command/],
    ];
    for (const [words, message] of cases) {
      const { code, out, err } = await unit.run(...words);
      expect([words, code, out]).toEqual([words, 2, '']);
      expect(err).toMatch(message);
    }
  });

  it('of --help is on standard output, for the command and for each sub-command', async () => {
    const unit = new CommandTrial();
    const help = await unit.out('--help');
    expect(await unit.out('-h')).toBe(help);
    for (const name of [
      'set_flag',
      'get_unset_flags',
      'when_not_all',
      'relation_call',
      'render_template',
      'register_trigger',
    ]) {
      expect(help).toMatch(new RegExp(`^ {2}${name} `, 'm'));
      expect(await unit.out(name, '--help')).toMatch(new RegExp(`^usage: charms.reactive ${name}`));
    }
  });
});

describe('relation_call', () => {
  class Redis extends Endpoint {
    connectionString(prefix = 'redis'): string {
      return `${prefix}://${this.allJoinedUnits.received.host}`;
    }
    hosts(): unknown[] {
      return [...this.allJoinedUnits].map((unit) => unit.received.host);
    }
    get count(): number {
      return this.allJoinedUnits.length;
    }
    async details(): Promise<object> {
      return { host: 'x', port: null, tls: true };
    }
    nothing(): void {}
    publish(port: string): boolean {
      for (const relation of this.relations) relation.toPublishRaw.port = port;
      this.setFlag('published');
      this.kv.set('port', port);
      return true;
    }
  }
  class Site extends RelationBase {
    static override readonly scope = 'global';
    @when('never')
    idle(): void {}
    available(): void {
      this.conversation().setState('{relation_name}.available');
    }
  }
  function trial(): CommandTrial {
    const unit = new CommandTrial(
      makeCharm({ metadata: ENDPOINTS, interfaces: { 'requires/redis': Redis, 'provides/http': Site } }),
    );
    unit.tools = new MemoryTools({
      unit: 'web/0',
      relations: {
        'db:1': {
          application: 'redis',
          units: { 'redis/0': { host: '"10.0.0.1"' }, 'redis/1': { host: '"10.0.0.2"' } },
        },
        'site:2': { application: 'proxy', units: { 'proxy/0': {} } },
      },
    });
    unit.store({
      'reactive.states.endpoint.db.joined': null,
      'reactive.states.db.ready': null,
      'reactive.states.lonely': null,
    });
    return unit;
  }

  it('calls a method of the endpoint that a flag or a name leads to, by its Python name or its own', async () => {
    const unit = trial();
    expect(await unit.out('relation_call', '--flag', 'endpoint.db.joined', 'connection_string')).toBe(
      'redis://10.0.0.1',
    );
    expect(await unit.out('relation_call', '--flag=db.ready', 'connectionString', 'rediss')).toBe(
      'rediss://10.0.0.1',
    );
    expect(await unit.out('relation_call', '--state', 'db.ready', 'hosts')).toBe('10.0.0.1\n10.0.0.2');
    expect(await unit.out('-j', 'relation_call', '--relation_name', 'db', 'hosts')).toBe(
      '["10.0.0.1", "10.0.0.2"]',
    );
    expect(await unit.out('relation_call', 'count', '--relation-name', 'db')).toBe('2');
    expect(await unit.out('relation_call', '--relation_name', 'db', 'details')).toBe(
      `{'host': 'x', 'port': None, 'tls': True}`,
    );
    expect(await unit.out('relation_call', '--relation_name', 'db', 'nothing')).toBe('None');
  });

  it('publishes what the method wrote, and keeps the flags and data it set', async () => {
    const unit = trial();
    expect(await unit.out('relation_call', '--relation_name', 'db', 'publish', '6379')).toBe('True');
    unit.tools?.commit();
    expect(unit.tools?.published['db:1']?.unit).toEqual({ port: '6379' });
    expect(Object.keys(unit.stored('reactive.states.endpoint.db.'))).toContain(
      'reactive.states.endpoint.db.published',
    );
    expect(unit.stored('port')).toEqual({ port: '6379' });
  });

  it('works on a RelationBase, whose conversations are told by their scopes', async () => {
    const unit = trial();
    unit.environment = {
      ...unit.environment,
      JUJU_UNIT_NAME: 'web/0',
      JUJU_HOOK_NAME: 'site-relation-joined',
      JUJU_RELATION: 'site',
      JUJU_RELATION_ID: 'site:2',
      JUJU_REMOTE_UNIT: 'proxy/0',
    };
    await unit.out('relation_call', '--relation_name', 'site', 'available');
    expect(unit.stored('reactive.states.site.')).toMatchObject({
      'reactive.states.site.available': { relation: 'site' },
    });
    expect(await unit.out('relation_call', '--flag', 'site.available', 'conversations')).toBe('global');
  });

  it('says what is wrong, and ends with 1', async () => {
    const unit = trial();
    const cases: [string[], RegExp][] = [
      [['hosts'], /give it by --flag FLAG or --relation_name NAME/],
      [['--flag', 'db.unset', 'hosts'], /cannot find the endpoint of the flag "db.unset"/],
      [['--flag', 'lonely', 'hosts'], /cannot find the endpoint of the flag "lonely"/],
      [['--relation_name', 'nobody', 'hosts'], /cannot find the endpoint "nobody"/],
      [
        ['--relation_name', 'db', 'drop_tables'],
        /cannot call "drop_tables" of the endpoint "db": Redis has no such method/,
      ],
      [['--relation_name', 'db', 'constructor'], /has no such method/],
      [['--relation_name', 'db', 'toString'], /has no such method/],
    ];
    for (const [words, message] of cases) {
      const { code, out, err } = await unit.run('relation_call', ...words);
      expect([words, code, out]).toEqual([words, 1, '']);
      expect(err).toMatch(message);
    }
  });

  it('has relation_id beside it, by application or unit', async () => {
    const unit = trial();
    expect(await unit.out('relation_id', 'db', 'redis/1')).toBe('db:1');
    expect(await unit.out('relation_id', 'site', 'proxy')).toBe('site:2');
    expect(await unit.run('relation_id', 'db', 'proxy')).toMatchObject({ code: 1 });
  });
});

test('what fails changes nothing', async () => {
  const unit = new CommandTrial(
    makeCharm({
      layers: {
        web: defineLayer('web', [], {
          triggers: [
            { when: 'a', clearFlag: 'a' },
            { whenNot: 'a', setFlag: 'a' },
          ],
        }),
      },
    }),
  );
  expect(await unit.run('set_flag', 'a')).toMatchObject({
    code: 1,
    err: expect.stringContaining('cannot settle triggers'),
  });
  expect(unit.stored()).toEqual({});
});
