import type { CharmMetadata, Role } from '../metadata/charm-metadata.ts';
import type { ConfigOptions } from '../metadata/config-options.ts';

/** A module with handlers, as the entry imports it. */
export interface LayerModule {
  /** The layer's name. */
  readonly name: string;
  /** Relative to the layer: `reactive/redis.ts`. */
  readonly file: string;
  /** Where it is, absolute. */
  readonly source: string;
}

/** A module with the code of one role of an interface, as the entry imports it. */
export interface InterfaceModule {
  readonly role: Role;
  readonly interface: string;
  /** `interfaces/redis/provides.ts`. */
  readonly file: string;
  /** Where it is, absolute. */
  readonly source: string;
}

/** All that is settled about a charm when it is built. */
export interface CharmEntry {
  readonly metadata: CharmMetadata;
  readonly config: ConfigOptions;
  /** Values of the layers' options, defaults filled in, by layer name. */
  readonly options: Readonly<Record<string, unknown>>;
  /** In the order in which their handlers register. */
  readonly layers: readonly LayerModule[];
  readonly interfaces: readonly InterfaceModule[];
}

/** What the entry imports for stack traces in the layers' own lines; it comes first, to be there for all others. */
export const STACK_TRACES = 'charm:stack-traces';

/** What the charm's copy of the SQLite addon is called; it lies beside `charm.js`. */
export const NATIVE_ADDON = 'better_sqlite3.node';

/** The module with the framework's `main` of the command `charms.reactive`, as the entry imports it. */
export const COMMAND_MAIN = 'charm:command';

/**
 * The text of the module that a charm's bundle starts from: it hands everything known at build time to the framework's
 * `main`, which reads the hook and runs it, or to that of the command `charms.reactive`. The text depends on its input alone.
 */
export function writeCharmEntry(
  entry: CharmEntry,
  mainModule: 'charms-reactive' | typeof COMMAND_MAIN = 'charms-reactive',
): string {
  return [
    `import '${STACK_TRACES}';`,
    `import { main } from '${mainModule}';`,
    ...importModules(entry),
    '',
    'void main({',
    ...writeDefinition(entry),
    `  nativeBinding: \`\${import.meta.dirname}/${NATIVE_ADDON}\`,`,
    '});',
    '',
  ].join('\n');
}

/** The text of a module that exports the same as `charm`, and runs nothing: for tests. */
export function writeCharmModule(entry: CharmEntry): string {
  return [...importModules(entry), '', 'export const charm = {', ...writeDefinition(entry), '};', ''].join(
    '\n',
  );
}

function importModules({ layers, interfaces }: CharmEntry): readonly string[] {
  return [
    ...layers.map(({ source }, index) => importAll(`layer${index}`, source)),
    ...interfaces.map(({ source }, index) => importAll(`interface${index}`, source)),
  ];
}

/** The fields of a `CharmDefinition`. */
function writeDefinition({ metadata, config, options, layers, interfaces }: CharmEntry): readonly string[] {
  return [
    `  metadata: ${writeLiteral(metadata)},`,
    `  config: ${writeLiteral(config)},`,
    `  options: ${writeLiteral(options)},`,
    ...writeList(
      'layers',
      layers.map(({ name, file }, index) => `{ ${writeFields({ name, file })}, exports: layer${index} }`),
    ),
    ...writeList(
      'interfaces',
      interfaces.map(
        ({ role, interface: name, file }, index) =>
          `{ ${writeFields({ role, interface: name, file })}, exports: interface${index} }`,
      ),
    ),
  ];
}

function importAll(name: string, source: string): string {
  return `import * as ${name} from ${JSON.stringify(source)};`;
}

function writeList(key: string, items: readonly string[]): readonly string[] {
  return items.length === 0
    ? [`  ${key}: [],`]
    : [`  ${key}: [`, ...items.map((item) => `    ${item},`), '  ],'];
}

function writeFields(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(', ');
}

/**
 * Data as JavaScript that makes the same data: JSON, except that an object without a prototype stays one, and that
 * `__proto__` is a key (in a literal it would set the prototype unless computed).
 */
function writeLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).map(
    ([key, field]) =>
      `${key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)}: ${writeLiteral(field)}`,
  );
  const bare = Object.getPrototypeOf(value) === null ? ['__proto__: null'] : [];
  return `{ ${[...bare, ...fields].join(', ')} }`;
}
