import type { ModelState } from '../state/model-state.ts';
import type { StorageState } from '../state/storage-state.ts';
import { formatStatusTime } from './juju-time.ts';
import type { StatusInfo } from './status-info.ts';
import { sortNaturally, unlessEmpty } from './structured-text.ts';

/** A model's storage as `juju storage --format json` has it. */
export interface StorageReport {
  readonly storage?: Readonly<Record<string, StorageDetails>>;
  readonly filesystems?: Readonly<Record<string, FilesystemDetails>>;
  readonly volumes?: Readonly<Record<string, VolumeDetails>>;
}

/** A storage instance as `juju show-storage` has it. */
export interface StorageDetails {
  readonly kind: string;
  readonly life: string;
  readonly status: StatusInfo;
  readonly persistent: boolean;
  readonly attachments?: { readonly units: Readonly<Record<string, UnitAttachment>> };
}

/** Where a unit has a storage instance. */
export interface UnitAttachment {
  readonly machine: string;
  readonly location: string;
  readonly life: string;
}

/** The filesystem that a storage instance is. */
export interface FilesystemDetails {
  readonly 'provider-id': string;
  readonly storage: string;
  /** In Juju's JSON it has this name, and another in its YAML. */
  readonly Attachments: {
    readonly machines: Readonly<
      Record<string, { readonly 'mount-point': string; readonly 'read-only': boolean; readonly life: string }>
    >;
    readonly units: Readonly<Record<string, UnitAttachment>>;
  } | null;
  readonly pool: string;
  /** In MiB. */
  readonly size: number;
  readonly life: string;
  readonly status: StatusInfo;
}

/** The volume that a storage instance is, where that is a block device. */
export interface VolumeDetails {
  readonly 'provider-id': string;
  readonly storage: string;
  readonly attachments?: {
    readonly machines: Readonly<
      Record<string, { readonly device: string; readonly 'read-only': boolean; readonly life: string }>
    >;
    readonly units: Readonly<Record<string, UnitAttachment>>;
  };
  readonly pool: string;
  /** In MiB. */
  readonly size: number;
  readonly persistent: boolean;
  readonly life: string;
  readonly status: StatusInfo;
}

/** What Juju makes where nothing is said, in MiB. */
const DEFAULT_SIZE = 1024;

/** All storage of a model, and what it consists of. Empty parts are left out. */
export function reportStorage(state: ModelState, utc = false): StorageReport {
  const all = Object.values(state.storage);
  const reports = <Details>(kind: StorageState['kind'], report: (storage: StorageState) => Details) =>
    sortNaturally(
      Object.fromEntries(
        all
          .filter((storage) => storage.kind === kind)
          .map((storage) => [backingId(storage), report(storage)]),
      ),
    );
  return {
    ...unlessEmpty('storage', sortNaturally(detailsOf(state, all, utc))),
    ...unlessEmpty(
      'filesystems',
      reports('filesystem', (storage) => filesystemOf(state, storage, utc)),
    ),
    ...unlessEmpty(
      'volumes',
      reports('block', (storage) => volumeOf(state, storage, utc)),
    ),
  };
}

/** `juju show-storage`: some storage instances by id. Throws, in Juju's words, for one that there is not. */
export function reportStorageDetails(
  state: ModelState,
  ids: readonly string[],
  utc = false,
): Record<string, StorageDetails> {
  const wanted = ids.map((id) => {
    if (!/^[a-z][a-z0-9-]*\/\d+$/.test(id)) throw new Error(`invalid storage ID ${id}`);
    const storage = state.storage[id];
    if (storage === undefined) throw new Error(`storage instance "${id}" not found`);
    return storage;
  });
  return sortNaturally(detailsOf(state, wanted, utc));
}

function detailsOf(
  state: ModelState,
  all: readonly StorageState[],
  utc: boolean,
): Record<string, StorageDetails> {
  return Object.fromEntries(
    all.map((storage) => {
      const units = unitAttachments(state, storage);
      const details = {
        kind: storage.kind,
        life: storage.life,
        status: statusOf(state, storage, utc),
        persistent: false,
        ...(units === undefined ? {} : { attachments: { units } }),
      };
      return [storage.id, details];
    }),
  );
}

function filesystemOf(state: ModelState, storage: StorageState, utc: boolean): FilesystemDetails {
  const units = unitAttachments(state, storage);
  const machines = machineAttachments(state, storage, {
    'mount-point': storage.location,
    'read-only': false,
    life: storage.life,
  });
  return {
    'provider-id': backingId(storage),
    storage: storage.id,
    Attachments: units === undefined ? null : { machines, units },
    pool: 'rootfs',
    size: sizeOf(state, storage),
    life: storage.life,
    status: statusOf(state, storage, utc),
  };
}

function volumeOf(state: ModelState, storage: StorageState, utc: boolean): VolumeDetails {
  const units = unitAttachments(state, storage);
  const machines = machineAttachments(state, storage, {
    device: `loop${backingId(storage)}`,
    'read-only': false,
    life: storage.life,
  });
  return {
    'provider-id': `volume-${backingId(storage)}`,
    storage: storage.id,
    ...(units === undefined ? {} : { attachments: { machines, units } }),
    pool: 'loop',
    size: sizeOf(state, storage),
    persistent: false,
    life: storage.life,
    status: statusOf(state, storage, utc),
  };
}

/** The filesystem, or volume, has the number of its storage, since each has one of its own. */
function backingId(storage: StorageState): string {
  return storage.id.slice(storage.id.lastIndexOf('/') + 1);
}

function unitAttachments(
  state: ModelState,
  storage: StorageState,
): Record<string, UnitAttachment> | undefined {
  const unit = storage.unit === null ? undefined : state.units[storage.unit];
  if (unit === undefined) return undefined;
  return { [unit.name]: { machine: unit.machine, location: storage.location, life: storage.life } };
}

function machineAttachments<Attachment>(
  state: ModelState,
  storage: StorageState,
  attachment: Attachment,
): Record<string, Attachment> {
  const unit = storage.unit === null ? undefined : state.units[storage.unit];
  return unit === undefined ? {} : { [unit.machine]: attachment };
}

/** `attached` once its attached hook has run. */
function statusOf(state: ModelState, storage: StorageState, utc: boolean): StatusInfo {
  const unit = storage.unit === null ? undefined : state.units[storage.unit];
  if (unit === undefined) return { current: 'detached' };
  const since = state.machines[unit.machine]?.since;
  const attached = unit.agent.storage.includes(storage.id) ? 'attached' : 'pending';
  return {
    current: storage.life === 'dying' ? 'detaching' : attached,
    ...(since === undefined ? {} : { since: formatStatusTime(since, utc) }),
  };
}

function sizeOf(state: ModelState, storage: StorageState): number {
  const unit = storage.unit === null ? undefined : state.units[storage.unit];
  const application = unit === undefined ? undefined : state.applications[unit.application];
  const declared = application?.charm.metadata.storage.find(({ name }) => name === storage.name);
  return declared?.minimumSize ?? DEFAULT_SIZE;
}
