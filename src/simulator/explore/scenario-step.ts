import { resolve } from 'node:path';
import type { Field } from '../../metadata/field.ts';
import type { DeployOptions } from '../model-applications.ts';

/** One thing that an operator does. `place` is where the file says so: `steps[2].integrate`. */
export type Step = StepKind & { readonly place: string };

type StepKind =
  | {
      readonly kind: 'deploy';
      /** As the file has it. */
      readonly charm: string;
      /** The charm's folder, or its layer's. */
      readonly folder: string;
      readonly options: DeployOptions;
    }
  | { readonly kind: 'integrate' | 'remove-relation'; readonly endpoints: readonly [string, string] }
  | {
      readonly kind: 'config';
      readonly application: string;
      readonly settings: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'add-unit'; readonly application: string; readonly count: number }
  | { readonly kind: 'remove-unit' | 'elect'; readonly unit: string }
  | { readonly kind: 'run'; readonly unit: string; readonly action: string; readonly params: Parameters }
  | { readonly kind: 'fire'; readonly unit: string; readonly hook: string }
  | {
      readonly kind: 'refresh';
      readonly application: string;
      readonly charm: string;
      readonly folder: string;
    }
  /** Waits until no hook is due, in every run. */
  | { readonly kind: 'settle' };

type Parameters = Readonly<Record<string, unknown>>;

/** The steps of one item of the list: several where it names several applications. Notes what is wrong as faults. */
export function readStep(item: Field, folder: string): readonly Step[] {
  if (item.value === 'settle') return [{ kind: 'settle', place: item.path }];
  const [entry, ...more] = item.entries();
  if (entry === undefined || more.length > 0) {
    if (item.isMapping) item.fault('must be one step, such as "integrate: [web, db]", or settle');
    return [];
  }
  const [kind, field] = entry;
  const read = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  if (read === undefined) {
    field.fault(`is no step: there are ${Object.keys(READERS).join(', ')}`);
    return [];
  }
  return read(field, folder).map((step) => ({ ...step, place: field.path }));
}

/** A step as an operator would type it. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'deploy':
      return ['deploy', step.charm, step.options.application, describeCount(step.options.units)]
        .filter(Boolean)
        .join(' ');
    case 'integrate':
    case 'remove-relation':
      return `${step.kind} ${step.endpoints.join(' ')}`;
    case 'config':
      return `config ${step.application} ${describeValues(step.settings)}`;
    case 'add-unit':
      return `add-unit ${step.application} ${describeCount(step.count)}`.trimEnd();
    case 'remove-unit':
    case 'elect':
      return `${step.kind} ${step.unit}`;
    case 'run':
      return `run ${step.unit} ${step.action} ${describeValues(step.params)}`.trimEnd();
    case 'fire':
      return `fire ${step.unit} ${step.hook}`;
    case 'refresh':
      return `refresh ${step.application} ${step.charm}`;
    case 'settle':
      return 'settle';
  }
}

function describeCount(count: number | undefined): string {
  return count === undefined || count === 1 ? '' : `-n ${count}`;
}

function describeValues(values: Parameters): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

type StepReader = (field: Field, folder: string) => readonly StepKind[];

const READERS: Readonly<Record<string, StepReader>> = {
  deploy: (field, folder) => [readDeploy(field, folder)],
  integrate: (field) => readPair(field).map((endpoints) => ({ kind: 'integrate', endpoints })),
  'remove-relation': (field) => readPair(field).map((endpoints) => ({ kind: 'remove-relation', endpoints })),
  config: (field) =>
    field
      .entries()
      .map(([application, values]) => ({ kind: 'config', application, settings: readValues(values) })),
  'add-unit': (field) =>
    field
      .entries()
      .map(([application, count]) => ({ kind: 'add-unit', application, count: readCount(count, 1) })),
  'remove-unit': (field) => [{ kind: 'remove-unit', unit: readUnit(field) }],
  elect: (field) => [{ kind: 'elect', unit: readUnit(field) }],
  run: (field) => [readRun(field)],
  fire: (field) => [readFire(field)],
  refresh: (field, folder) =>
    field
      .entries()
      .map(([application, charm]) => ({ kind: 'refresh', application, ...readCharm(charm, folder) })),
  settle: () => [{ kind: 'settle' }],
};

function readDeploy(field: Field, folder: string): StepKind {
  if (typeof field.value === 'string') return { kind: 'deploy', ...readCharm(field, folder), options: {} };
  const fields = readFields(field, ['charm', 'application', 'units', 'config', 'to', 'trust']);
  const application = fields.get('application')?.nonEmptyString();
  const units = fields.get('units');
  const config = fields.get('config');
  const to = fields.get('to');
  const trust = fields.get('trust')?.boolean();
  return {
    kind: 'deploy',
    ...readCharm(need(field, fields, 'charm'), folder),
    options: {
      ...(application === undefined ? {} : { application }),
      ...(units === undefined ? {} : { units: readCount(units, 0) }),
      ...(config === undefined ? {} : { config: readValues(config) }),
      ...(to === undefined ? {} : { to: to.strings() }),
      ...(trust === undefined ? {} : { trust }),
    },
  };
}

function readRun(field: Field): StepKind {
  const fields = readFields(field, ['unit', 'action', 'params']);
  const params = fields.get('params');
  return {
    kind: 'run',
    unit: readUnit(need(field, fields, 'unit')),
    action: need(field, fields, 'action')?.nonEmptyString() ?? '',
    params: params === undefined ? {} : readValues(params),
  };
}

function readFire(field: Field): StepKind {
  const fields = readFields(field, ['unit', 'hook']);
  return {
    kind: 'fire',
    unit: readUnit(need(field, fields, 'unit')),
    hook: need(field, fields, 'hook')?.nonEmptyString() ?? '',
  };
}

function readFields(field: Field, known: readonly string[]): ReadonlyMap<string, Field> {
  const fields = field.members();
  for (const [key, given] of fields) {
    if (!known.includes(key)) given.fault(`is not known here: there are ${known.join(', ')}`);
  }
  return fields;
}

function need(field: Field, fields: ReadonlyMap<string, Field>, key: string): Field | undefined {
  const found = fields.get(key);
  if (found === undefined && field.isMapping) field.fault(`must have "${key}"`);
  return found;
}

function readCharm(
  field: Field | undefined,
  folder: string,
): { readonly charm: string; readonly folder: string } {
  const charm = field?.nonEmptyString() ?? '';
  return { charm, folder: resolve(folder, charm) };
}

function readPair(field: Field): readonly (readonly [string, string])[] {
  const [first, second, ...more] = field.items().flatMap((item) => item.nonEmptyString() ?? []);
  if (first !== undefined && second !== undefined && more.length === 0) return [[first, second]];
  field.fault('must be a list of two, each an application or application:endpoint');
  return [];
}

function readUnit(field: Field | undefined): string {
  const unit = field?.nonEmptyString() ?? '';
  if (unit !== '' && !/^[^/\s]+\/(\d+|leader)$/.test(unit)) {
    field?.fault(`"${unit}" is no unit: give one such as web/0 or web/leader`);
  }
  return unit;
}

function readCount(field: Field, least: number): number {
  const count = field.integer() ?? least;
  if (count < least) field.fault(`must be at least ${least}`);
  return count;
}

function readValues(field: Field): Parameters {
  if (field.isMapping) return field.plain() as Parameters;
  field.fault('must be a mapping from names to values');
  return {};
}
