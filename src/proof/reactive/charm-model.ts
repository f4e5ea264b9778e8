import type { ReactiveModel } from '../../analysis/reactive-model.ts';
import type { EndpointDeclaration, StorageDeclaration } from '../../metadata/charm-metadata.ts';
import type { Finding } from '../finding.ts';
import type { FlagTable } from './flag-table.ts';

/** A charm's flags and handlers, and what of its metadata they are about. */
export interface CharmModel {
  readonly model: ReactiveModel;
  readonly flags: FlagTable;
  readonly endpoints: readonly EndpointDeclaration[];
  readonly storage: readonly StorageDeclaration[];
  readonly containers: readonly string[];
  readonly actions: readonly string[];
  readonly options: readonly string[];
  /** The interfaces and roles that have code: `redis/requires`. */
  readonly implemented: ReadonlySet<string>;
  /** Whether it is a charm, and not a layer for others to build on: those may do what it leaves undone. */
  readonly isCharm: boolean;
}

/** Looks for one kind of fault in a charm's code. */
export type ModelCheck = (charm: CharmModel) => readonly Finding[];
