import { type RunTool, runForJson } from './run-tool.ts';
import { stringsOf } from './tool-answers.ts';

/** A storage instance attached to the unit. */
export interface StorageInstance {
  readonly kind: 'block' | 'filesystem';
  /** The mount point, or the device. */
  readonly location: string;
}

/** The hook tools about storage. */
export interface StorageTools {
  /** `storage-list [NAME]`: ids such as `data/0`. */
  storageList(name?: string): string[];
  /** `storage-get -s ID`. Throws while the storage is not provisioned, or not known. */
  storageGet(id: string): StorageInstance;
  /** `storage-add NAME=COUNT`: asks for further instances, which come attached in a later hook. Buffered. */
  storageAdd(name: string, count?: number): void;
}

/** storage-list, storage-get and storage-add as processes. */
export function makeStorageTools(run: RunTool): StorageTools {
  return {
    storageList: (name) =>
      stringsOf(runForJson(run, ['storage-list', '--format=json', ...(name ? [name] : [])])),
    storageGet: (id) => {
      const { kind, location } = Object(runForJson(run, ['storage-get', '--format=json', '-s', id]));
      return { kind: kind === 'block' ? 'block' : 'filesystem', location: String(location ?? '') };
    },
    storageAdd: (name, count = 1) => {
      run(['storage-add', `${name}=${count}`]);
    },
  };
}
