// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is code that is read
import { describe, expect, test } from 'vitest';
import { formatFinding } from '../../src/proof/finding.ts';
import { proveCode } from '../../src/proof/prove-code.ts';
import { endpoint, layer, modelOf, type TestCharm } from '../analysis/charm-of-code.ts';

/** What is found, without the places. */
function prove(charm: TestCharm): readonly string[] {
  return proveCode(modelOf(charm)).map((finding) => formatFinding(finding).replace(/ \(\S+:\d+\)$/, ''));
}

const USES_HTTP = { requires: { db: { interface: 'http' } } };

describe('flags', () => {
  test('that nothing sets are told of once, with all who wait and what may be meant', () => {
    const found = proveCode(
      modelOf({
        metadata: USES_HTTP,
        modules: {
          ...layer(
            "@hook('install') up() { this.flags.toggle('web.installed', true); }\n" +
              "@when('web.instaled') one() {}\n@whenNot('web.instaled') two() {}\n@whenAny('web.installed', 'x') three() {}",
          ),
          ...endpoint(
            'requires',
            "@when('endpoint.{endpoint_name}.brokn') gone() {}\n@when('web.special') four() {}",
          ),
        },
      }),
    );
    expect(found.map(formatFinding)).toEqual([
      'W: flag "web.instaled" is never set, and web.one and web.two wait for it; did you mean "web.installed"? (layers/web/reactive/web.ts:5)',
      'W: flag "x" is never set, and web.three waits for it (layers/web/reactive/web.ts:7)',
      'W: flag "endpoint.db.brokn" is never set, and http/requires.gone@db waits for it; did you mean "endpoint.db.broken"? (interfaces/http/requires.ts:3)',
    ]);
    expect(found[0]).toMatchObject({
      check: 'flag-never-set',
      file: 'layers/web/reactive/web.ts',
      line: 5,
      key: 'web.instaled',
    });
  });

  test('of layers and endpoints that are not there are told of as such', () => {
    expect(
      prove({
        modules: layer(
          "@when('config.changed.port') one() {}\n@when('leadership.is_leader') two() {}\n@when('endpoint.db.joined') three() {}",
        ),
      }),
    ).toEqual([
      'W: flag "config.changed.port" is never set, and web.one waits for it; layer:basic sets such flags: include it',
      'W: flag "leadership.is_leader" is never set, and web.two waits for it; layer:leadership sets such flags: include it',
      'W: flag "endpoint.db.joined" is never set, and web.three waits for it; metadata.yaml has no endpoint "db"',
    ]);
  });

  test('of options that config.yaml does not have are told of, by way of the layer that keeps them', () => {
    const basic = {
      'layers/basic/reactive/basic.ts':
        "import { Layer } from 'charms-reactive';\nexport default class Basic extends Layer { override beforeStart() { this.unit.manageConfigFlags(); } }\n",
    };
    const web =
      "@when('config.changed.prot') one() {}\n@when('config.set.x') two() {}\n@whenAny('config.changed.*') three() {}";
    expect(prove({ options: ['port'], modules: { ...basic, ...layer(web) } })).toEqual([
      'W: flag "config.changed.prot" is never set, and web.one waits for it; did you mean "config.changed.port"?',
      'W: flag "config.set.x" is never set, and web.two waits for it; config.yaml has no such option',
    ]);
  });

  test('that layers below wait for are theirs, and may be set by charms of another kind', () => {
    const below = {
      'layers/below/reactive/below.ts':
        "import { Layer, when } from 'charms-reactive';\nexport default class Below extends Layer { @when('below.asked') one() { this.flags.set('below.done'); } }\n",
    };
    expect(prove({ modules: { ...below, ...layer('') } })).toEqual([]);
    expect(
      prove({ isCharm: false, modules: layer("@when('web.asked') one() { this.flags.set('web.done'); }") }),
    ).toEqual([]);
  });

  test('that may be set where it cannot be told are left alone', () => {
    const code = (more: string) => layer(`@when('a') one() {}\n@hook('start') two() { ${more} }`);
    expect(prove({ modules: code('') })).toHaveLength(1);
    expect(prove({ modules: code('this.flags.set(String(process.pid));') })).toEqual([]);
    expect(prove({ modules: code('elsewhere(this.flags);') })).toEqual([]);
    expect(prove({ modules: code('this.flags.set(`${process.pid}`);') })).toEqual([]);
    expect(prove({ modules: code(''), scripts: { 'reactive/other': 'x' } })).toEqual([]);
    expect(
      prove({ modules: code(''), scripts: { 'actions/go.sh': 'charms.reactive set_flag "$1"' } }),
    ).toEqual([]);
    expect(prove({ modules: code(''), scripts: { 'actions/go.sh': 'charms.reactive set_flag a' } })).toEqual(
      [],
    );
  });

  test('that the own layer sets and nobody waits for are told of, unless somebody may', () => {
    const code = (more: string) => layer(`@hook('start') one() { this.flags.set('web.up'); ${more} }`);
    const found = ['I: flag "web.up" is set, and nobody waits for it'];
    expect(prove({ modules: code('') })).toEqual(found);
    expect(prove({ modules: code("this.flags.clear('web.up');") })).toEqual(found);
    expect(prove({ modules: code("this.flags.isSet('web.up');") })).toEqual([]);
    expect(prove({ modules: code('this.flags.list();') })).toEqual([]);
    expect(prove({ modules: code('this.flags.isSet(String(process.pid));') })).toEqual([]);
    expect(
      prove({ modules: code(''), scripts: { 'actions/see.sh': 'charms.reactive is_flag_set web.up' } }),
    ).toEqual([]);
    expect(
      prove({ modules: code("this.flags.registerTrigger({ when: 'web.up', callback() {} });") }),
    ).toEqual([]);
  });

  test('that wake handlers and are never cleared are told of; marks of what is done are not', () => {
    const code = (more: string, on = "@when('web.due')") =>
      layer(`@hook('config-changed') note() { this.flags.set('web.due'); }\n${on} work() { ${more} }`);
    const found = ['I: flag "web.due" is never cleared: once it is set, web.work may run in every hook'];
    expect(prove({ modules: code('') })).toEqual(found);
    expect(prove({ modules: code("this.flags.clear('web.due');") })).toEqual([]);
    expect(prove({ modules: code("this.flags.toggle('web.due', false);") })).toEqual([]);
    expect(prove({ modules: code('this.flags.clear(`web.${process.pid}`);') })).toEqual([]);
    expect(prove({ modules: code('', "@when('web.due') @onlyOnce()") })).toEqual([]);
    expect(prove({ modules: code('', "@whenNot('web.due')") })).toEqual([]);
    expect(
      prove({ modules: code("this.flags.registerTrigger({ when: 'web.due', clearFlag: 'web.due' });") }),
    ).toEqual([]);
  });
});

describe('handlers', () => {
  test('whose conditions contradict each other can never run, nor what waits for them', () => {
    expect(
      prove({
        modules: layer(
          `@hook('start') up() { this.flags.set('a'); }
           @when('a') @whenNot('a') one() { this.flags.set('b'); }
           @when('b') two() { this.flags.set('c'); }
           @whenAny('c') three() {}
           @whenAny('a', 'c') four() { this.flags.clear('a'); }
           @hook('install') @hook('start') five() {}
           @collectMetrics() @when('a') six() {}
           @hook('install', 'start') @hook('start') seven() {}`,
        ),
      }),
    ).toEqual([
      'W: handler web.one can never run: it waits for "a" to be set and not to be set',
      'W: handler web.two can never run: "b" is set by handlers only that can never run themselves',
      'W: handler web.three can never run: "c" is set by handlers only that can never run themselves',
      'W: handler web.five can never run: no hook fits all of its conditions',
      'W: handler web.six can never run: in a restricted hook nothing runs that waits for more than the hook',
      'I: flag "b" is never cleared: once it is set, web.two may run in every hook',
      'I: flag "c" is never cleared: once it is set, web.three and web.four may run in every hook',
    ]);
  });

  test('have hook patterns that fit something: a hook of the unit, an endpoint, a storage, a container or an action', () => {
    const metadata = {
      ...USES_HTTP,
      storage: { data: { type: 'filesystem' } },
      containers: { app: {} },
    };
    const fitting = [
      'install',
      'db-relation-joined',
      '{requires:http}-relation-{joined,changed}',
      'data-storage-attached',
      'app-pebble-ready',
      'actions/backup',
      'secret-changed',
      'juju-info-relation-joined',
    ];
    const patterns = (names: readonly string[]) =>
      layer(`@hook(${names.map((name) => JSON.stringify(name)).join(', ')}) run() {}`);
    expect(prove({ metadata, actions: ['backup'], modules: patterns(fitting) })).toEqual([]);
    const wrong = [
      'config-change',
      'dv-relation-joined',
      'db-relation-{joined,left}',
      '{provides:http}-relation-joined',
      'actions/restore',
      '{require:http}-relation-joined',
      '{a',
    ];
    expect(prove({ metadata, actions: ['backup'], modules: patterns(wrong) })).toEqual([
      'W: hook pattern "config-change" of web.run fits no hook of the charm; did you mean "config-changed"?',
      'W: hook pattern "dv-relation-joined" of web.run fits no hook of the charm; did you mean "db-relation-joined"?',
      'W: hook pattern "db-relation-{joined,left}" of web.run: "db-relation-left" is no hook of the charm',
      'W: hook pattern "{provides:http}-relation-joined" of web.run fits no hook of the charm',
      'W: hook pattern "actions/restore" of web.run fits no hook of the charm: actions.yaml has no "restore"',
      'E: handler web.run: cannot read the hook pattern "{require:http}-relation-joined": "require" is no role; use provides, requires or peers',
      'E: handler web.run: cannot read the hook pattern "{a": a brace is not closed, or never opened',
    ]);
  });

  test('of layers below may have patterns for what a charm need not have, but no hooks that are none', () => {
    const below = (pattern: string) => ({
      'layers/below/reactive/below.ts': `import { hook, Layer } from 'charms-reactive';\nexport default class Below extends Layer { @hook('${pattern}') one() {} }\n`,
    });
    expect(prove({ modules: below('{requires:sql}-relation-joined') })).toEqual([]);
    expect(prove({ modules: below('actions/backup') })).toEqual([]);
    expect(prove({ modules: below('upgrade_charm') })).toEqual([
      'W: hook pattern "upgrade_charm" of below.one fits no hook of the charm; did you mean "upgrade-charm"?',
    ]);
  });

  test('of a layer cannot name an endpoint that is left open', () => {
    expect(prove({ modules: layer("@when('endpoint.{endpoint_name}.joined') one() {}") })).toEqual([
      'E: handler web.one waits for "endpoint.{endpoint_name}.joined": {endpoint_name} means something in an interface only',
    ]);
  });

  test('wait for options that there are', () => {
    const modules = layer("@whenConfigChanged('prot', 'name') one() {}");
    expect(prove({ options: ['port', 'name'], modules })).toEqual([
      'W: web.one waits for the option "prot", which config.yaml does not have; did you mean "port"?',
    ]);
  });
});

describe('endpoints', () => {
  const metadata = { requires: { db: { interface: 'http' }, web: { interface: 'ftp' } } };

  test('without an implementation are told of, unless some code is about them', () => {
    const code = (body: string) => ({
      ...layer(`@hook('start') run() {}\n${body}`),
      ...endpoint('requires', ''),
    });
    const found = [
      'W: endpoint "web" (requires ftp) has no implementation, and no handler is about it; include interface:ftp in layer.yaml',
    ];
    expect(prove({ metadata, modules: code('') })).toEqual(found);
    expect(prove({ metadata, modules: code("@when('endpoint.web.joined') one() {}") })).toEqual([]);
    expect(prove({ metadata, modules: code("@hook('web-relation-changed') one() {}") })).toEqual([]);
    expect(prove({ metadata, modules: code("@hook('{requires:ftp}-relation-changed') one() {}") })).toEqual(
      [],
    );
    expect(prove({ metadata, modules: code("one() { this.unit.endpoint('web', Ftp); }") })).toEqual([]);
    expect(
      prove({
        metadata: { requires: { host: { interface: 'juju-info' } } },
        modules: layer("@hook('start') run() {}"),
      }),
    ).toEqual([]);
  });

  test('that code asks for are there', () => {
    const modules = layer(
      "@hook('start') run() { this.unit.endpoint('bd', Http); this.unit.endpoint('db', Http); }",
    );
    expect(prove({ metadata: USES_HTTP, modules })).toEqual([
      'W: endpoint "bd" is asked for, and metadata.yaml has none of that name; did you mean "db"?',
    ]);
  });
});

test('the likes of a handler that sets off its own undoing are no findings', () => {
  const modules = layer(
    `override registerTriggers() { this.flags.registerTrigger({ when: 'endpoint.db.changed', clearFlag: 'web.up' }); }
     @hook('start', 'upgrade-charm') renew() { this.flags.clear('web.up'); }
     @when('endpoint.db.available') @whenNot('web.up', 'web.stopping') serve() { this.#start(); }
     @hook('stop') stop() { this.flags.setForHook('web.stopping'); }
     #start() { this.flags.set('web.up'); }`,
  );
  const http = endpoint(
    'requires',
    "override manageFlags() { this.toggleFlag('available', this.isJoined); }",
  );
  expect(prove({ metadata: USES_HTTP, modules: { ...modules, ...http } })).toEqual([]);
});
