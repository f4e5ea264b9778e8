import { parseAllDocuments } from 'yaml';
import { CommandFailure } from './command-failure.ts';

/** A bundle: applications, and how they are related. */
export interface Bundle {
  readonly applications: Readonly<Record<string, BundleApplication>>;
  /** Both ends of each relation, `application` or `application:endpoint`. */
  readonly relations: readonly (readonly [string, string])[];
  /** The machines that it has numbers for. */
  readonly machines: readonly string[];
  /** What it says that means nothing to a model. */
  readonly ignored: readonly string[];
}

/** An application of a bundle. */
export interface BundleApplication {
  /** As the bundle says it: a path from the bundle's folder. */
  readonly charm: string;
  /** Undefined where nothing is said: 1, or none of a subordinate. */
  readonly units?: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** Where each unit goes; the last is for all further units. */
  readonly to: readonly string[];
  readonly expose: boolean;
  readonly trust: boolean;
  readonly resources: Readonly<Record<string, string>>;
  readonly storage: Readonly<Record<string, string>>;
}

type YamlMap = Readonly<Record<string, unknown>>;

const IGNORED_IN_BUNDLE = [
  'name',
  'description',
  'docs',
  'website',
  'issues',
  'source',
  'tags',
  'type',
  'bundle',
  'series',
  'default-base',
];
const IGNORED_IN_APPLICATION = [
  'constraints',
  'annotations',
  'bindings',
  'series',
  'base',
  'channel',
  'revision',
  'architecture',
  'devices',
  'plan',
  'exposed-endpoints',
  'requires',
];

/**
 * Reads a bundle and what is laid over it: texts of YAML, each with the name that errors are to have. Documents after a
 * bundle's first are laid over it too. Throws for what is no bundle, naming what is wrong and where.
 */
export function parseBundle(texts: readonly { readonly file: string; readonly text: string }[]): Bundle {
  const documents = texts.flatMap(({ file, text }) => readDocuments(text, file));
  const file = texts[0]?.file ?? 'bundle.yaml';
  const whole = documents.map(normalize).reduce(layOver, {});
  const ignored: string[] = [];
  refuseUnknown(whole, {
    file,
    known: ['applications', 'relations', 'machines'],
    ignorable: IGNORED_IN_BUNDLE,
  });
  const applications = Object.entries(asMap(whole.applications, `${file}: applications`)).map(
    ([name, value]) => {
      const where = `${file}: application "${name}"`;
      return [name, readApplication(asMap(value, where), where, ignored)] as const;
    },
  );
  if (applications.length === 0) throw new CommandFailure(`${file}: a bundle needs applications`);
  const names = new Set(applications.map(([name]) => name));
  return {
    applications: Object.fromEntries(applications),
    relations: asList(whole.relations, `${file}: relations`).flatMap((entry) =>
      readRelation(entry, file, names),
    ),
    machines: Object.keys(asMap(whole.machines, `${file}: machines`)),
    ignored: [...new Set(ignored)],
  };
}

function readDocuments(text: string, file: string): YamlMap[] {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new CommandFailure(`cannot read "${file}": ${error.message}`);
    return asMap(document.toJS(), file);
  });
}

/** Older bundles say `services` for applications, and newer ones of Kubernetes `scale` for their units. */
function normalize(document: YamlMap): YamlMap {
  const { services, ...rest } = document;
  return services === undefined ? document : { applications: services, ...rest };
}

/** Lays one bundle over another: null takes an application away, and relations are added (Juju's rules). */
function layOver(below: YamlMap, above: YamlMap): YamlMap {
  const relations = [below, above].flatMap((document) =>
    Array.isArray(document.relations) ? (document.relations as unknown[]) : [],
  );
  const isListless = (document: YamlMap) =>
    document.relations === undefined || document.relations === null || Array.isArray(document.relations);
  const merged = mergeMaps(below, above);
  return [below, above].every(isListless) ? { ...merged, relations } : merged;
}

function mergeMaps(below: YamlMap, above: YamlMap): YamlMap {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const former = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isMap(former) && isMap(value) ? mergeMaps(former, value) : value;
  }
  return merged;
}

function readApplication(fields: YamlMap, where: string, ignored: string[]): BundleApplication {
  const known = [
    'charm',
    'num_units',
    'scale',
    'options',
    'to',
    'expose',
    'trust',
    'resources',
    'storage',
    'placement',
  ];
  refuseUnknown(fields, { file: where, known, ignorable: IGNORED_IN_APPLICATION });
  ignored.push(...IGNORED_IN_APPLICATION.filter((key) => fields[key] !== undefined));
  const { charm } = fields;
  if (typeof charm !== 'string' || charm === '') throw new CommandFailure(`${where}: it needs a "charm"`);
  const units = fields.num_units ?? fields.scale;
  if (units !== undefined && (!Number.isInteger(units) || Number(units) < 0)) {
    throw new CommandFailure(`${where}: "num_units" must be a whole number from 0`);
  }
  return {
    charm,
    ...(units === undefined ? {} : { units: Number(units) }),
    options: asMap(fields.options, `${where}: options`),
    to: readPlaces(fields.to),
    expose: fields.expose === true,
    trust: fields.trust === true,
    resources: asTexts(asMap(fields.resources, `${where}: resources`)),
    storage: asTexts(asMap(fields.storage, `${where}: storage`)),
  };
}

/** `to` may be a list, a number, or a text with commas. */
function readPlaces(to: unknown): string[] {
  if (to === undefined || to === null) return [];
  const places = Array.isArray(to) ? to : String(to).split(',');
  return places.map((place) => String(place).trim());
}

/** A pair; or, as older bundles have it, one with all that is related to it. */
function readRelation(
  entry: unknown,
  file: string,
  names: ReadonlySet<string>,
): (readonly [string, string])[] {
  const fault = (why: string) => new CommandFailure(`${file}: relation ${JSON.stringify(entry)}: ${why}`);
  const [first, second, ...more] = asList(entry, `${file}: relations`);
  const others = Array.isArray(second) ? (second as unknown[]) : [second];
  if (typeof first !== 'string' || more.length > 0 || others.length === 0) {
    throw fault('give two ends, as in [web:db, redis:db]');
  }
  return others.map((other) => {
    if (typeof other !== 'string') throw fault('give two ends, as in [web:db, redis:db]');
    for (const end of [first, other]) {
      const [application = ''] = end.split(':');
      if (!names.has(application)) throw fault(`application "${application}" is not in the bundle`);
    }
    return [first, other] as const;
  });
}

function refuseUnknown(
  fields: YamlMap,
  rule: { readonly file: string; readonly known: readonly string[]; readonly ignorable: readonly string[] },
): void {
  const unknown = Object.keys(fields).filter(
    (key) => !rule.known.includes(key) && !rule.ignorable.includes(key),
  );
  if (unknown.length === 0) return;
  const names = unknown.map((key) => `"${key}"`).join(', ');
  throw new CommandFailure(`${rule.file}: ${names} is not simulated, or no part of a bundle; remove it`);
}

function isMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asMap(value: unknown, where: string): YamlMap {
  if (value === undefined || value === null) return {};
  if (!isMap(value)) throw new CommandFailure(`${where}: expected a mapping`);
  return value;
}

function asList(value: unknown, where: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new CommandFailure(`${where}: expected a list`);
  return value;
}

function asTexts(fields: YamlMap): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
}
