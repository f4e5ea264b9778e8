import { HookToolError } from './errors.ts';
import { type RunTool, runForJson } from './run-tool.ts';
import { mapOf, stringsOf } from './tool-answers.ts';

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
  /** `storage-get -s ID`. Throws while the storage is not provisioned, and where there is none ("not found"). */
  storageGet(id: string): StorageInstance;
  /**
   * `storage-add NAME=COUNT`: asks for further instances, which come attached in a later hook. Buffered until the hook
   * succeeds; Juju then fails the hook when metadata.yaml has no such storage, or not so many of it.
   */
  storageAdd(name: string, count?: number): void;
}

/** storage-list, storage-get and storage-add as processes. */
export function makeStorageTools(run: RunTool): StorageTools {
  return {
    storageList: (name) =>
      stringsOf(runForJson(run, ['storage-list', '--format=json', ...(name ? [name] : [])])),
    storageGet: (id) => {
      const command = ['storage-get', '--format=json', '-s', id];
      const { kind, location } = mapOf(runForJson(run, command));
      if (typeof location === 'string') return { kind: kind === 'block' ? kind : 'filesystem', location };
      throw new HookToolError({ command, exitCode: 0, stderr: 'its answer has no location' });
    },
    storageAdd: (name, count = 1) => {
      run(['storage-add', `${name}=${count}`]);
    },
  };
}
