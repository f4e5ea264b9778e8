import type { Field } from './field.ts';
import type { StorageDeclaration } from './storage-declarations.ts';

/** A resource as metadata.yaml declares it. */
export interface ResourceDeclaration {
  readonly name: string;
  readonly type: 'file' | 'oci-image';
  /** What Juju calls the file on a unit: a bare name, given for `file` and absent for `oci-image`. */
  readonly filename?: string;
  readonly description: string;
}

/** A workload container (Kubernetes). Its name begins the names of its Pebble hooks. */
export interface ContainerDeclaration {
  readonly name: string;
  /** The `oci-image` resource it runs; absent where `bases` say what to run. */
  readonly resource?: string;
}

/** A payload or a device: of some type that Juju does not look into. */
export interface ExtraDeclaration {
  readonly name: string;
  readonly type: string;
}

/** Reads metadata.yaml's `resources`. The rules are Juju's. */
export function readResources(field: Field | undefined): readonly ResourceDeclaration[] {
  return namedEntries(field, 'resource').map(([name, resource]) => {
    const fields = resource.members();
    if (resource.isMapping && !fields.has('type')) resource.fault('"type" is missing: file or oci-image');
    const type = fields.get('type')?.oneOf('file', 'oci-image') ?? 'file';
    const filename = fields.get('filename')?.nonEmptyString();
    if (fields.get('type')?.value === 'file' && !fields.has('filename')) {
      resource.fault('"filename" is missing; a resource of type file needs one');
    }
    if (filename?.includes('/')) {
      fields.get('filename')?.fault(`must be a file's name without a folder, got "${filename}"`);
    }
    const description = fields.get('description')?.string() ?? '';
    return filename === undefined ? { name, type, description } : { name, type, filename, description };
  });
}

/** Reads metadata.yaml's `containers`, which refer to resources and storage. The rules are Juju's. */
export function readContainers(
  field: Field | undefined,
  declared: {
    readonly resources: readonly ResourceDeclaration[];
    readonly storage: readonly StorageDeclaration[];
  },
): readonly ContainerDeclaration[] {
  return namedEntries(field, 'container').map(([name, container]) => {
    // A container may be declared with nothing said about it.
    const fields = container.isNull ? new Map<string, Field>() : container.members();
    const resource = fields.get('resource')?.nonEmptyString();
    if (resource !== undefined && !declared.resources.some(isImage(resource))) {
      fields.get('resource')?.fault(`"${resource}" is no resource of type oci-image`);
    }
    for (const mount of fields.get('mounts')?.items() ?? []) refuseBadMount(mount, declared.storage);
    for (const key of ['uid', 'gid']) {
      const id = fields.get(key)?.integer();
      if (id !== undefined && id >= 1000 && id <= 9999) {
        fields.get(key)?.fault(`must not lie between 1000 and 9999, got ${id}; Juju keeps those for itself`);
      }
    }
    return resource === undefined ? { name } : { name, resource };
  });
}

/** Reads metadata.yaml's `payloads`. */
export function readPayloads(field: Field | undefined): readonly ExtraDeclaration[] {
  return readTyped(field, 'payload');
}

/** Reads metadata.yaml's `devices`. */
export function readDevices(field: Field | undefined): readonly ExtraDeclaration[] {
  return readTyped(field, 'device');
}

function readTyped(field: Field | undefined, kind: string): readonly ExtraDeclaration[] {
  return namedEntries(field, kind).map(([name, entry]) => {
    const type = entry.members().get('type');
    if (type === undefined && entry.isMapping) entry.fault('"type" is missing');
    return { name, type: type?.nonEmptyString() ?? '' };
  });
}

function namedEntries(field: Field | undefined, kind: string): ReturnType<Field['entries']> {
  const entries = field?.entries() ?? [];
  for (const [name, entry] of entries) if (name === '') entry.fault(`a ${kind} needs a name`);
  return entries;
}

function isImage(name: string): (resource: ResourceDeclaration) => boolean {
  return (resource) => resource.name === name && resource.type === 'oci-image';
}

function refuseBadMount(mount: Field, storage: readonly StorageDeclaration[]): void {
  const field = mount.members().get('storage');
  if (field === undefined) {
    if (mount.isMapping) mount.fault('"storage" is missing');
    return;
  }
  const name = field.nonEmptyString();
  const declared = storage.find((one) => one.name === name);
  if (name === undefined) return;
  if (declared === undefined) field.fault(`"${name}" is no storage of this charm`);
  else if (declared.type !== 'filesystem')
    field.fault(`"${name}" is a block device, which cannot be mounted`);
}
