import { expect, test } from 'vitest';
import { writeCharmEntry } from '../../src/builder/charm-entry.ts';
import { parseMetadata } from '../../src/metadata/charm-metadata.ts';
import { parseConfigOptions } from '../../src/metadata/config-options.ts';
import { toRecord } from '../../src/metadata/field.ts';

test('the entry hands everything known at build time to main', () => {
  const entry = writeCharmEntry({
    metadata: parseMetadata('name: redis\nsummary: "s\u2028"\ndescription: d\nprovides: {db: redis}', 'm'),
    config: parseConfigOptions('options: {port: {type: int, default: 6379}, __proto__: {}}', 'c'),
    options: toRecord([['basic', toRecord([['packages', ['curl']]])]]),
    layers: [
      { name: 'basic', file: 'reactive/basic.ts', source: '/l/basic/reactive/basic.ts' },
      { name: 'redis', file: 'reactive/redis.ts', source: '/l/it\'s "redis"/reactive/redis.ts' },
    ],
    interfaces: [
      {
        role: 'provides',
        interface: 'redis',
        file: 'interfaces/redis/provides.ts',
        source: '/i/redis/provides.ts',
      },
    ],
  });
  expect(entry).toMatchInlineSnapshot(`
    "import 'charm:stack-traces';
    import { main } from 'charms-reactive';
    import * as layer0 from "/l/basic/reactive/basic.ts";
    import * as layer1 from "/l/it's \\"redis\\"/reactive/redis.ts";
    import * as interface0 from "/i/redis/provides.ts";

    void main({
      metadata: { "name": "redis", "summary": "s ", "description": "d", "subordinate": false, "endpoints": [{ "name": "db", "role": "provides", "interface": "redis", "scope": "global", "optional": false }], "storage": [], "resources": [], "extraBindings": [], "containers": [], "payloads": [], "devices": [] },
      config: { __proto__: null, "port": { "type": "int", "default": 6379 }, ["__proto__"]: { "type": "string" } },
      options: { __proto__: null, "basic": { __proto__: null, "packages": ["curl"] } },
      layers: [
        { name: "basic", file: "reactive/basic.ts", exports: layer0 },
        { name: "redis", file: "reactive/redis.ts", exports: layer1 },
      ],
      interfaces: [
        { role: "provides", interface: "redis", file: "interfaces/redis/provides.ts", exports: interface0 },
      ],
      nativeBinding: \`\${import.meta.dirname}/better_sqlite3.node\`,
    });
    "
  `);
});

test('a charm without layers’ code or interfaces has an entry too', () => {
  const entry = writeCharmEntry({
    metadata: parseMetadata('name: bare\nsummary: s\ndescription: d', 'm'),
    config: toRecord([]),
    options: toRecord([]),
    layers: [],
    interfaces: [],
  });
  expect(entry).toContain(
    '  config: { __proto__: null },\n  options: { __proto__: null },\n  layers: [],\n  interfaces: [],\n',
  );
});
