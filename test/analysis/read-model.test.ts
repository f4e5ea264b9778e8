// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is code that is read
import { describe, expect, test } from 'vitest';
import { writeText } from '../../src/analysis/flag-text.ts';
import type { ReactiveModel } from '../../src/analysis/reactive-model.ts';
import { endpoint, layer, readCharm } from './charm-of-code.ts';

/** What is done to which flags, in order: `set a`. */
function effectsOf({ effects }: ReactiveModel): readonly string[] {
  return effects.map(({ kind, flag }) => `${kind} ${writeText(flag)}`);
}

/** Handlers with what they wait for: `web.start all:a none:b,c`. */
function handlersOf({ handlers }: ReactiveModel): readonly string[] {
  return handlers.map(({ id, conditions }) =>
    [
      id,
      ...conditions.map((one) => {
        const texts =
          'flags' in one ? one.flags : 'patterns' in one ? one.patterns : 'options' in one ? one.options : [];
        return `${one.kind}:${texts.map(writeText).join(',')}`;
      }),
    ].join(' '),
  );
}

describe('what flags are called', () => {
  test.each([
    ['a text', "this.unit.flags.set('a')", ['set a']],
    ['a constant', 'this.unit.flags.set(READY)', ['set web.ready']],
    ['a field of a constant', 'this.unit.flags.set(NAMES.up)', ['set web.up']],
    ['a template', 'this.unit.flags.set(`${PREFIX}up`)', ['set web.up']],
    ['a sum with an unknown part', 'this.unit.flags.set(PREFIX + process.pid)', ['set web.…']],
    ['one of two', "this.unit.flags.set(process.pid ? 'a' : 'b')", ['set a', 'set b']],
    [
      'each of a list',
      "for (const flag of ['a', READY]) this.unit.flags.clear(flag)",
      ['clear a', 'clear web.ready'],
    ],
    [
      'each of a list, called back',
      'ALL.forEach((name) => this.unit.flags.set(PREFIX + name))',
      ['set web.x', 'set web.y'],
    ],
    [
      'each of a list that is mapped',
      'for (const one of ALL.map((name) => `m.${name}`)) this.flags.set(one)',
      ['set m.x', 'set m.y'],
    ],
    [
      'those of a beginning',
      'for (const one of this.flags.list().filter((flag) => flag.startsWith(PREFIX))) this.flags.clear(one)',
      ['read web.…', 'clear web.…'],
    ],
    ['a property of the class', 'this.flags.set(this.#name)', ['set web.own']],
    ['what a function makes', "this.flags.set(nameOf('up'))", ['set web.up']],
    ['all of several', "this.flags.areAllSet('a', READY)", ['read a', 'read web.ready']],
    [
      'flags that were taken apart',
      'const { flags } = this.unit; flags.toggle(READY, true)',
      ['set web.ready', 'clear web.ready'],
    ],
    ['flags by another name', "const mine = this.unit.flags; mine.setForHook('a')", ['set a']],
  ])('%s', (_what, code, expected) => {
    const before = `
      const PREFIX = 'web.';
      const READY = \`\${PREFIX}ready\`;
      const NAMES = { up: 'web.up' } as const;
      const ALL = ['x', 'y'];
      function nameOf(name: string) { return PREFIX + name; }
    `;
    const model = readCharm({
      modules: layer(`#name = PREFIX + 'own';\n @hook('start') run() { ${code}; }`, before),
    });
    expect(effectsOf(model)).toEqual(expected);
    expect(model.unknowns).toEqual([]);
  });

  test('what a function is given, from all its calls, in whatever module', () => {
    const model = readCharm({
      modules: {
        ...layer(
          "@hook('start') run() { mark(this.unit.flags, 'a'); this.#note('b'); } #note(name: string) { this.flags.set(`n.${name}`); }",
          "import { mark } from '../lib/mark.ts';",
        ),
        'layers/web/lib/mark.ts':
          "import type { Flags } from 'charms-reactive';\nexport function mark(into: Flags, name: string) { into.set(`m.${name}`); }\n",
        'layers/top/reactive/top.ts':
          "import { Layer } from 'charms-reactive';\nimport { mark } from 'charms-reactive/layers/web/lib/mark';\nexport default class Top extends Layer { override atStart() { mark(this.flags, 'c'); } }\n",
      },
    });
    expect(effectsOf(model).toSorted()).toEqual(['set m.a', 'set m.c', 'set n.b']);
    expect(model.unknowns).toEqual([]);
  });
});

describe('what cannot be told', () => {
  test.each([
    ['a name from elsewhere', 'this.flags.set(String(process.pid))'],
    ['flags that are handed to others', 'elsewhere(this.unit.flags)'],
    ['methods taken off the flags', 'const { set } = this.unit.flags; set(READY)'],
    ['a method that is handed on', "['a'].forEach(this.flags.set)"],
    ['a trigger from elsewhere', 'this.flags.registerTrigger(elsewhere())'],
    ['the store itself', "this.unit.kv.set('reactive.states.a', null)"],
    ['the command', "spawn('charms.reactive', ['set_flag', 'a'])"],
  ])('%s keeps flags from being known', (_what, code) => {
    const model = readCharm({ modules: layer(`@hook('start') run() { ${code}; }`) });
    expect(model.unknowns.map(({ of }) => of)).toContain('set');
  });

  test('a class that extends something else may have more handlers', () => {
    const model = readCharm({
      modules: {
        'layers/web/reactive/web.ts':
          "import { Base } from 'some-package';\nexport class Web extends Base {}\n",
      },
    });
    expect(model.unknowns).toMatchObject([{ of: 'set', place: { line: 2 } }]);
  });

  test('code that is none is named', () => {
    const model = readCharm({ modules: { 'layers/web/reactive/web.ts': 'class {{{' } });
    expect(model.unknowns).toMatchObject([{ place: { file: 'layers/web/reactive/web.ts' } }]);
  });
});

describe('handlers', () => {
  test('are decorated methods, with conditions of every kind, in the order of the text', () => {
    const model = readCharm({
      modules: layer(
        `@when('a', ...MORE) @whenNot('b') one() {}
         @whenAny('c') two() {}
         @whenNotAll('d') @onlyOnce() three() {}
         @hook('install', '{requires:http}-relation-joined') four() {}
         @action('backup') five() {}
         @collectMetrics() six() {}
         @whenConfigChanged('port') seven() {}
         @ready eight() {}
         @available('db') nine() {}
         @notUnless('e') ten() {}
         eleven() {}`,
        "const MORE = ['x'];\nconst ready = when('web.ready');\nconst available = (name: string) => when(`endpoint.${name}.available`);",
      ),
    });
    expect(handlersOf(model)).toEqual([
      'web.one all:a,x none:b',
      'web.two any:c',
      'web.three not-all:d once:',
      'web.four hook:install,{requires:http}-relation-joined',
      'web.five hook:actions/backup',
      'web.six restricted-hook:',
      'web.seven config-changed:port',
      'web.eight all:web.ready',
      'web.nine all:endpoint.db.available',
    ]);
    expect(effectsOf(model)).toEqual(['read e']);
  });

  test('are inherited, and replaced by a version with decorators of its own', () => {
    const model = readCharm({
      modules: {
        ...layer("@when('c') second() {}\n third() {}", "import { Base } from '../lib/base.ts';"),
        'layers/web/lib/base.ts':
          "import { Layer, when } from 'charms-reactive';\nexport class Base extends Layer { @when('a') first() {} @when('b') second() {} @when('d') third() {} }\n",
      },
    });
    const inherited = readCharm({
      modules: {
        ...Object.fromEntries(
          Object.entries(
            layer("@when('c') second() {}\n third() {}", "import { Base } from '../lib/base.ts';"),
          ).map(([path, text]) => [path, text.replace('extends Layer', 'extends Base')]),
        ),
        'layers/web/lib/base.ts':
          "import { Layer, when } from 'charms-reactive';\nexport class Base extends Layer { @when('a') first() {} @when('b') second() {} @when('d') third() {} }\n",
      },
    });
    expect(handlersOf(model)).toEqual(['web.second all:c']);
    expect(handlersOf(inherited)).toEqual(['web.first all:a', 'web.second all:c', 'web.third all:d']);
  });

  test('are plain functions, and functions that compat decorates, once each', () => {
    const model = readCharm({
      modules: {
        'layers/web/reactive/web.ts': `
          import { defineLayer, handler, when, whenNot } from 'charms-reactive';
          const start = handler(when('a'), whenNot('b'), async function start(unit) { unit.flags.set('b'); });
          export default defineLayer('site', [start], {
            triggers: [{ when: 'b', clearFlag: 'c' }],
            atStart({ flags }) { flags.set('a'); },
          });`,
        'layers/web/reactive/old.ts': `
          import { only_once, set_flag, when, when_not } from 'charms-reactive/compat';
          import * as reactive from 'charms-reactive/compat';
          when_not('x')(when('y')(function both() { set_flag('x'); }));
          const later = reactive.when('z')(function later() { reactive.clear_flag('x'); });
          only_once(function once() {});
          function twice() {}
          when('p')(twice);
          when('q')(twice);`,
      },
    });
    expect(handlersOf(model)).toEqual([
      'site.start all:a none:b',
      'both none:x all:y',
      'later all:z',
      'once once:',
      'twice all:p all:q',
    ]);
    expect(model.effects.map(({ kind, flag, by }) => `${by} ${kind} ${writeText(flag)}`)).toEqual([
      'site.start set b',
      'site.atStart set a',
      'both set x',
      'later clear x',
    ]);
    expect(model.triggers).toMatchObject([{ edge: 'set', flag: ['b'], clears: [['c']] }]);
  });

  test('of an interface are there for each of its endpoints, by its name', () => {
    const model = readCharm({
      metadata: {
        requires: { db: { interface: 'http' }, other: { interface: 'http' }, no: { interface: 'ftp' } },
      },
      modules: endpoint(
        'requires',
        `registerTriggers() { this.registerTrigger({ whenNot: 'joined', clearFlag: 'available' }); }
         @when('endpoint.{endpoint_name}.changed') seen() { this.setFlag('available'); this.flags.set('any'); }`,
      ),
    });
    expect(handlersOf(model)).toEqual([
      'http/requires.seen@db all:endpoint.db.changed',
      'http/requires.seen@other all:endpoint.other.changed',
    ]);
    expect(model.effects.map(({ flag, by }) => `${writeText(flag)} ${by}`)).toEqual([
      'endpoint.db.available http/requires.seen@db',
      'endpoint.other.available http/requires.seen@other',
      'any http/requires.seen@db,http/requires.seen@other',
    ]);
    expect(model.triggers.map(({ flag }) => writeText(flag))).toEqual([
      'endpoint.db.joined',
      'endpoint.other.joined',
    ]);
  });

  test('of the older style fill in the relation’s name', () => {
    const model = readCharm({
      metadata: { requires: { db: { interface: 'http' } } },
      modules: endpoint(
        'requires',
        "@hook('{requires:http}-relation-joined') joined() { this.conversation().setState('{relation_name}.connected'); this.setState('{relation_name}.here'); }",
        "withAutoAccessors(RelationBase, ['port'])",
      ),
    });
    expect(effectsOf(model)).toEqual(['set db.connected', 'set db.here']);
  });

  test('count for what they come to do by way of other methods, classes and getters', () => {
    const model = readCharm({
      metadata: { requires: { db: { interface: 'http' }, other: { interface: 'http' } } },
      modules: {
        ...layer(
          `readonly #marks = new Marks(this.unit);
           @when('a') one() { this.#two(); }
           #two() { this.#marks.up(); }
           @when('b') three() { this.#db.clearFlag('changed'); }
           get #db(): Http { return this.unit.endpoint('db', Http); }
           override atStart() { this.#two(); }`,
          "import { Marks } from '../lib/marks.ts';\nimport { Http } from 'charms-reactive/interfaces/http/requires';",
        ),
        'layers/web/lib/marks.ts':
          "import type { Unit } from 'charms-reactive';\nexport class Marks { readonly #unit: Unit; constructor(unit: Unit) { this.#unit = unit; } up() { this.#unit.flags.set('up'); } }\n",
        ...endpoint('requires', ''),
      },
    });
    expect(model.effects.map(({ flag, by, inside }) => `${writeText(flag)} ${by} ${inside}`)).toEqual([
      'endpoint.db.changed web.three web.three',
      'up web.one,web.atStart undefined',
    ]);
  });
});

describe('programs in other languages', () => {
  test('bash is read line by line, variables leaving holes', () => {
    const model = readCharm({
      scripts: {
        'reactive/web.sh': [
          '#!/bin/bash',
          '@when "db.available" other',
          "@when_not 'web.up'",
          'function start() {',
          '  set_flag web.up && charms.reactive clear_flag "web.$NAME"',
          '  # set_flag never',
          '  if is_flag_set web.down; then echo no; fi',
          '}',
        ].join('\n'),
        'actions/reset.sh': 'charms.reactive -p set_flag web.reset\n',
      },
    });
    expect(handlersOf(model)).toEqual(['reactive/web.sh:start all:db.available,other none:web.up']);
    expect(effectsOf(model)).toEqual(['set web.up', 'clear web.…', 'read web.down', 'set web.reset']);
    expect(model.unknowns).toEqual([]);
  });

  test('Python is read for its plain forms, and never taken for all there is', () => {
    const model = readCharm({
      metadata: { provides: { site: { interface: 'http' } } },
      scripts: {
        'reactive/web.py':
          "@when('a', \"b\")\n@reactive.when_not('c')\ndef start():\n    set_flag('d'); set_state(f'e.{name}')\n    clear_flag(name)\n",
        'hooks/relations/http/provides.py':
          "class Http(Endpoint):\n    @when('endpoint.{endpoint_name}.joined')\n    def joined(self):\n        set_flag(self.expand_name('{endpoint_name}.up'))\n        self.set_flag('ready')\n",
      },
    });
    expect(handlersOf(model)).toEqual([
      'reactive/web.py:start all:a,b none:c',
      'hooks/relations/http/provides.py:joined@site all:endpoint.site.joined',
    ]);
    expect(effectsOf(model).slice(0, 3)).toEqual(['set d', 'set e.…', 'clear …']);
    expect(effectsOf(model)).toContain('set endpoint.site.ready');
    expect(model.unknowns.map(({ of }) => of)).toContain('set');
  });

  test('a handler in any other language may do anything', () => {
    const model = readCharm({ scripts: { 'reactive/web': '\u007fELF' } });
    expect(model.unknowns).toMatchObject([{ of: 'set', place: { file: 'reactive/web' } }]);
  });
});

test('the framework’s flags are those of endpoints, and of requests where they are made', () => {
  const { automatic } = readCharm({
    metadata: { requires: { db: { interface: 'http' } } },
    modules: endpoint('requires', '', 'RequesterEndpoint.of(Request)'),
  });
  expect(automatic.map(writeText)).toEqual([
    'endpoint.db.joined',
    'endpoint.db.departed',
    'endpoint.db.broken',
    'endpoint.db.changed',
    'endpoint.db.has_responses',
    'endpoint.db.all_responses',
    'endpoint.db.malformed_responses',
    'endpoint.db.changed.…',
    'upgrade.series.in-progress',
  ]);
});
