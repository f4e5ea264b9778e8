import type { Life } from './model-state.ts';

/** An instance of a storage: a folder (or, for a block device, a file) inside the model's folder. */
export interface StorageState {
  /** `data/0`; the numbers are one sequence for the whole model (Juju's rule). */
  readonly id: string;
  /** The name in the charm's metadata: `data`. */
  readonly name: string;
  readonly kind: 'filesystem' | 'block';
  /** Where the charm finds it: an absolute path inside the model's folder. */
  readonly location: string;
  /** `dying` until its unit has run storage-detaching. */
  life: Life;
  /** The unit it belongs to; null once detached and kept. */
  unit: string | null;
}
