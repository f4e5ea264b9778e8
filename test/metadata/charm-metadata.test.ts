import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseMetadata, readMetadata } from '../../src/metadata/charm-metadata.ts';
import { MetadataError } from '../../src/metadata/metadata-error.ts';

const HEAD = 'name: blog\nsummary: s\ndescription: d\n';

/** The faults of a metadata.yaml as `key.path: reason` lines; none when it is accepted. */
function faultsOf(text: string): readonly string[] {
  try {
    parseMetadata(text, 'metadata.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    return error.faults.map(({ keyPath, reason }) => `${keyPath}: ${reason}`);
  }
}

describe('a whole metadata.yaml', () => {
  it('is read into provides, then requires, then peers, whatever their order in the file', () => {
    const metadata = parseMetadata(
      `${HEAD}
peers:
  cluster: {interface: blog-cluster}
requires:
  database: {interface: redis, limit: 1, optional: true}
  juju-host: {interface: juju-info, scope: container}
provides:
  website: http
subordinate: true
storage:
  data: {type: filesystem, location: /srv, multiple: {range: 1-3}, minimum-size: 1G, read-only: true}
  disk: {type: block, description: raw, shared: false, multiple: {range: 2+}, properties: [transient]}
resources:
  app: {type: file, filename: app.tar, description: the application}
  image: {type: oci-image}
extra-bindings:
  admin:
series-of-tubes: ignored
`,
      'metadata.yaml',
    );
    expect(metadata).toMatchInlineSnapshot(`
      {
        "containers": [],
        "description": "d",
        "devices": [],
        "endpoints": [
          {
            "interface": "http",
            "name": "website",
            "optional": false,
            "role": "provides",
            "scope": "global",
          },
          {
            "interface": "redis",
            "limit": 1,
            "name": "database",
            "optional": true,
            "role": "requires",
            "scope": "global",
          },
          {
            "interface": "juju-info",
            "name": "juju-host",
            "optional": false,
            "role": "requires",
            "scope": "container",
          },
          {
            "interface": "blog-cluster",
            "name": "cluster",
            "optional": false,
            "role": "peers",
            "scope": "global",
          },
        ],
        "extraBindings": [
          "admin",
        ],
        "name": "blog",
        "payloads": [],
        "resources": [
          {
            "description": "the application",
            "filename": "app.tar",
            "name": "app",
            "type": "file",
          },
          {
            "description": "",
            "name": "image",
            "type": "oci-image",
          },
        ],
        "storage": [
          {
            "count": {
              "least": 1,
              "most": 3,
            },
            "description": "",
            "location": "/srv",
            "minimumSize": 1024,
            "name": "data",
            "properties": [],
            "readOnly": true,
            "shared": false,
            "type": "filesystem",
          },
          {
            "count": {
              "least": 2,
            },
            "description": "raw",
            "name": "disk",
            "properties": [
              "transient",
            ],
            "readOnly": false,
            "shared": false,
            "type": "block",
          },
        ],
        "subordinate": true,
        "summary": "s",
      }
    `);
  });

  it('is refused with every fault in one error, each with file, key path and reason', () => {
    const text = 'name: Blog\ndescription: 5\nrequires:\n  db: {scope: local}\n  "a b": http\n';
    expect(() => parseMetadata(text, 'layers/blog/metadata.yaml')).toThrowErrorMatchingInlineSnapshot(`
      [MetadataError: cannot read "layers/blog/metadata.yaml": name: "Blog" is no charm name: use lower-case letters, digits and single dashes, begin with a letter, and have a letter in each part
      cannot read "layers/blog/metadata.yaml": requires.db: "interface" is missing
      cannot read "layers/blog/metadata.yaml": requires.db.scope: must be "global" or "container", got "local"
      cannot read "layers/blog/metadata.yaml": requires."a b": "a b" is no endpoint name: use lower-case letters, digits, and single dashes or underscores between them, and begin with a letter
      cannot read "layers/blog/metadata.yaml": "summary" is missing; Juju requires it
      cannot read "layers/blog/metadata.yaml": description: must be a string, got 5]
    `);
  });

  it('tells its first fault by fields too', () => {
    try {
      parseMetadata(`${HEAD}provides: {web: {interface: ""}}`, 'm.yaml');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        file: 'm.yaml',
        keyPath: 'provides.web.interface',
        reason: 'must not be empty',
      });
    }
  });
});

test.each<[what: string, yaml: string, fault: string | undefined]>([
  ['nothing but the required keys', '', undefined],
  ['keys Juju does not know', 'colour: blue\nprovides: {web: {interface: http, colour: blue}}', undefined],
  ['endpoint names with dashes and underscores', 'provides: {a-b_c9: http}', undefined],
  ['an endpoint named like a method of objects', 'provides: {constructor: http}', undefined],
  [
    '__proto__ as an endpoint',
    'provides: {__proto__: http}',
    'provides.__proto__: "__proto__" is no endpoint name',
  ],
  ['an upper-case endpoint', 'provides: {Web: http}', 'provides.Web: "Web" is no endpoint name'],
  [
    'an endpoint in two roles',
    'provides: {db: a}\nrequires: {db: b}',
    'requires.db: "db" is declared under "provides" too',
  ],
  [
    'an endpoint twice in one role',
    'provides:\n  db: a\n  db: b',
    'line 6, column 3: Map keys must be unique',
  ],
  [
    'a reserved endpoint',
    'provides: {juju-x: http}',
    'provides.juju-x: "juju-x" is a reserved endpoint name',
  ],
  [
    'a reserved endpoint, required',
    'requires: {juju: http}',
    'requires.juju: "juju" is a reserved endpoint name',
  ],
  ['a name that only begins like a reserved one', 'provides: {jujube: jujube}', undefined],
  ['a reserved interface, provided', 'provides: {x: juju-x}', 'provides.x: "juju-x" is a reserved interface'],
  ['a reserved interface, peers', 'peers: {x: {interface: juju}}', 'peers.x: "juju" is a reserved interface'],
  ['a reserved interface, required', 'requires: {host: juju-info}', undefined],
  [
    'a reserved name on a subordinate, required in container scope',
    'subordinate: true\nrequires: {juju-x: {interface: a, scope: container}}',
    undefined,
  ],
  [
    'a reserved name on a principal, required in container scope',
    'requires: {juju-x: {interface: a, scope: container}}',
    'requires.juju-x: "juju-x" is a reserved endpoint name',
  ],
  ['an empty interface', 'provides: {web: ""}', 'provides.web: must not be empty'],
  [
    'an interface that is no string',
    'provides: {web: {interface: 5}}',
    'provides.web.interface: must be a string, got 5',
  ],
  ['an endpoint with nothing after it', 'provides: {web: }', 'provides.web: must be a mapping, got nothing'],
  ['endpoints as a list', 'provides: [web]', 'provides: must be a mapping, got a list'],
  ['no limit', 'requires: {db: {interface: a, limit: null}}', undefined],
  [
    'a limit in words',
    'requires: {db: {interface: a, limit: many}}',
    'requires.db.limit: must be an integer, got "many"',
  ],
  [
    'a limit that is no whole number',
    'requires: {db: {interface: a, limit: 1.5}}',
    'requires.db.limit: must be an integer, got 1.5',
  ],
  [
    'a limit below zero',
    'requires: {db: {interface: a, limit: -1}}',
    'requires.db.limit: must not be negative',
  ],
  ['optional as a string', 'requires: {db: {interface: a, optional: "true"}}', undefined],
  [
    'optional as a word',
    'requires: {db: {interface: a, optional: maybe}}',
    'requires.db.optional: must be true or false, got "maybe"',
  ],
  [
    'a subordinate without requires',
    'subordinate: true',
    ': a subordinate charm needs at least one endpoint',
  ],
  [
    'a subordinate with a container-scoped endpoint that it provides',
    'subordinate: true\nprovides: {x: {interface: a, scope: container}}',
    ': a subordinate charm needs at least one endpoint',
  ],
  ['a storage without type', 'storage: {data: {}}', 'storage.data: "type" is missing'],
  [
    'a storage of another type',
    'storage: {data: {type: tape}}',
    'storage.data.type: must be "block" or "filesystem", got "tape"',
  ],
  [
    'a storage name that ends in a number',
    'storage: {data-1: {type: block}}',
    'storage.data-1: "data-1" is no storage name',
  ],
  [
    'a location on a block device',
    'storage: {data: {type: block, location: /srv}}',
    'storage.data.location: only a filesystem',
  ],
  ['a count of instances', 'storage: {data: {type: block, multiple: {range: 2}}}', undefined],
  [
    'any number of instances, the old way',
    'storage: {data: {type: block, multiple: {range: 0-}}}',
    undefined,
  ],
  [
    'no instance',
    'storage: {data: {type: block, multiple: {range: 0}}}',
    'storage.data.multiple.range: no count lies in 0',
  ],
  [
    'a range that runs backwards',
    'storage: {data: {type: block, multiple: {range: 3-1}}}',
    'storage.data.multiple.range: no count lies in "3-1"',
  ],
  [
    'a range in words',
    'storage: {data: {type: block, multiple: {range: some}}}',
    'storage.data.multiple.range: must be a count',
  ],
  [
    'a size in words',
    'storage: {data: {type: block, minimum-size: big}}',
    'storage.data.minimum-size: must be a size',
  ],
  [
    'a property Juju has not',
    'storage: {data: {type: block, properties: [fast]}}',
    'storage.data.properties[0]: must be "transient", got "fast"',
  ],
  [
    'a file resource without filename',
    'resources: {app: {type: file}}',
    'resources.app: "filename" is missing',
  ],
  [
    'a file resource in a folder',
    'resources: {app: {type: file, filename: a/b}}',
    "resources.app.filename: must be a file's name",
  ],
  ['a resource without type', 'resources: {app: {filename: a}}', 'resources.app: "type" is missing'],
  [
    'a resource of another type',
    'resources: {app: {type: deb, filename: a}}',
    'resources.app.type: must be "file" or "oci-image", got "deb"',
  ],
  ['no extra bindings', 'extra-bindings: {}', 'extra-bindings: must not be empty'],
  ['an extra binding with a value', 'extra-bindings: {a: b}', 'extra-bindings.a: a binding takes no value'],
  [
    'an extra binding named as an endpoint',
    'provides: {a: b}\nextra-bindings: {a: null}',
    'extra-bindings.a: "a" is an endpoint already',
  ],
  [
    'keys of both metadata formats',
    'series: [jammy]\nassumes: [juju >= 3]',
    ': ambiguous metadata: "series" cannot stand beside "assumes"',
  ],
  [
    'a container of an image',
    'resources: {i: {type: oci-image}}\ncontainers: {web: {resource: i}}',
    undefined,
  ],
  [
    'a container of no image',
    'containers: {web: {resource: i}}',
    'containers.web.resource: "i" is no resource of type oci-image',
  ],
  [
    'a mount of no storage',
    'containers: {web: {mounts: [{storage: x, location: /x}]}}',
    'containers.web.mounts[0].storage: "x" is no storage',
  ],
  [
    'a user id that Juju keeps',
    'containers: {web: {uid: 1000}}',
    'containers.web.uid: must not lie between 1000 and 9999',
  ],
  ['a payload without type', 'payloads: {p: {}}', 'payloads.p: "type" is missing'],
  [
    'a subordinate flag that is no boolean',
    'subordinate: perhaps',
    'subordinate: must be true or false, got "perhaps"',
  ],
  ['a key that is no string', 'provides: {5: http}', 'provides: keys must be strings, got 5'],
])('%s', (_, yaml, fault) => {
  const faults = faultsOf(HEAD + yaml);
  if (fault === undefined) expect(faults).toEqual([]);
  else expect(faults).toEqual([expect.stringContaining(fault)]);
});

test.each([
  ['blog', true],
  ['b2', true],
  ['my-blog-2nd', true],
  ['juju-gui', true],
  ['my-2', false],
  ['-blog', false],
  ['blog-', false],
  ['a--b', false],
  ['2blog', false],
  ['my_blog', false],
  ['blog\n', false],
])('a charm may be called %j: %s', (name, isGood) => {
  const read = () => readMetadata({ name, summary: '', description: '' }, 'metadata.yaml');
  if (isGood) expect(read().name).toBe(name);
  else expect(read).toThrow(/is no charm name/);
});

it('lets a charm of Juju itself use reserved names', () => {
  const metadata = parseMetadata(
    'name: juju-gui\nsummary: s\ndescription: d\nprovides: {juju-web: juju-http}',
    'm',
  );
  expect(metadata.endpoints.map(({ name }) => name)).toEqual(['juju-web']);
});

test.each([
  ['nothing', '', 'm: must be a mapping, got nothing'],
  ['a list', '- a', 'm: must be a mapping, got a list'],
  ['a word', 'blog', 'm: must be a mapping, got "blog"'],
  ['a quote left open', 'name: "blog\nsummary: s\n', 'm: line 3, column 1: Missing closing "quote'],
  ['a tab', 'name: blog\nprovides:\n\tweb: http', 'm: line 3, column 1: Tabs are not allowed as indentation'],
  ['two documents', 'name: a\n---\nname: b', 'm: line 2, column 1: Source contains multiple documents'],
  ['a dangling alias', 'name: *gone', 'm: Unresolved alias'],
])('a file with %s is refused with its place', (_, text, fault) => {
  expect(() => parseMetadata(text, 'm')).toThrow(MetadataError);
  expect(() => parseMetadata(text, 'm')).toThrow(fault.replace(/^m: /, 'cannot read "m": '));
});

it('refuses aliases that would fill the memory', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  expect(() => parseMetadata(lines.join('\n'), 'm')).toThrow(MetadataError);
});

it('refuses nesting too deep for the parser', () => {
  expect(() => parseMetadata(`name: ${'['.repeat(20_000)}`, 'm')).toThrow(MetadataError);
});

it('throws nothing but MetadataError, whatever it is given', () => {
  const key = fc.constantFrom(
    'provides',
    'requires',
    'storage',
    'resources',
    'name',
    'interface',
    '__proto__',
    'constructor',
  );
  const anything = fc.anything({ key: fc.oneof(key, fc.string()), withNullPrototype: true, withMap: true });
  const shaped = fc.dictionary(
    key,
    fc.oneof(anything, fc.dictionary(fc.string(), fc.dictionary(key, anything))),
  );
  fc.assert(
    fc.property(fc.oneof(anything, shaped), (value) => {
      expect(faultsOrResult(() => readMetadata(value, 'm'))).toBe(true);
    }),
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom(...'a:-[]{}&*!|>\n "\'') })),
      (text) => {
        expect(faultsOrResult(() => parseMetadata(text, 'm'))).toBe(true);
      },
    ),
  );
});

function faultsOrResult(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    return error instanceof MetadataError && error.faults.length > 0;
  }
}
