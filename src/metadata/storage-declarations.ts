import { describeValue, type Field } from './field.ts';
import { APPLICATION_NAME } from './name-rules.ts';

/** A storage as metadata.yaml declares it. */
export interface StorageDeclaration {
  readonly name: string;
  readonly type: 'block' | 'filesystem';
  readonly description: string;
  readonly shared: boolean;
  readonly readOnly: boolean;
  /** How many instances a unit has. Exactly one where `multiple` is not given; no `most` means any number. */
  readonly count: { readonly least: number; readonly most?: number };
  /** Smallest size of an instance, in MiB. */
  readonly minimumSize?: number;
  /** Where a filesystem is mounted. Juju appends the instance's id where there may be several. */
  readonly location?: string;
  readonly properties: readonly string[];
}

/** Reads metadata.yaml's `storage`. The rules are Juju's. */
export function readStorage(field: Field | undefined): readonly StorageDeclaration[] {
  return (field?.entries() ?? []).map(([name, storage]) => readOne(name, storage));
}

function readOne(name: string, field: Field): StorageDeclaration {
  if (!APPLICATION_NAME.test(name)) {
    field.fault(
      `"${name}" is no storage name: use lower-case letters, digits and single dashes, begin with a letter, and have a letter in each part`,
    );
  }
  const fields = field.members();
  if (field.isMapping && !fields.has('type')) field.fault('"type" is missing: block or filesystem');
  const type = fields.get('type')?.oneOf('block', 'filesystem') ?? 'filesystem';
  const location = fields.get('location')?.string();
  if (location !== undefined && type === 'block') {
    fields.get('location')?.fault('only a filesystem has a location');
  }
  const minimumSize = readSize(fields.get('minimum-size'));
  return {
    name,
    type,
    description: fields.get('description')?.string() ?? '',
    shared: fields.get('shared')?.boolean() ?? false,
    readOnly: fields.get('read-only')?.boolean() ?? false,
    count: readCount(fields.get('multiple')?.members().get('range')),
    ...(minimumSize === undefined ? {} : { minimumSize }),
    ...(location === undefined ? {} : { location }),
    properties: (fields.get('properties')?.items() ?? []).flatMap((item) => item.oneOf('transient') ?? []),
  };
}

/** `m`, `m-n`, `m+` or `m-`. */
function readCount(field: Field | undefined): StorageDeclaration['count'] {
  if (field === undefined) return { least: 1, most: 1 };
  const match = /^(\d+)(?:([-+])|-(\d+))?$/.exec(String(scalarOf(field)));
  if (match === null) {
    field.fault(`must be a count such as 1, 1-10 or 1+, got ${describeValue(field.value)}`);
    return { least: 1, most: 1 };
  }
  const least = Number(match[1]);
  if (match[2] !== undefined) return { least };
  const most = match[3] === undefined ? least : Number(match[3]);
  if (most < 1 || most < least) field.fault(`no count lies in ${describeValue(field.value)}`);
  return { least, most };
}

/** A number of MiB, or with a suffix of M, G, T, P, E, Z or Y, each also with `B` or `iB`. */
function readSize(field: Field | undefined): number | undefined {
  if (field === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)(?:([MGTPEZY])(?:i?B)?)?$/.exec(String(scalarOf(field)));
  if (match === null) {
    field.fault(`must be a size such as 512M or 10G, got ${describeValue(field.value)}`);
    return undefined;
  }
  return Math.ceil(Number(match[1]) * 1024 ** 'MGTPEZY'.indexOf(match[2] ?? 'M'));
}

function scalarOf({ value }: Field): string | number {
  return typeof value === 'string' || typeof value === 'number' ? value : '';
}
