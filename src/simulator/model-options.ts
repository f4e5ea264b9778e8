import type { ModelEvent } from './agent/hook-record.ts';
import type { FaultSource } from './faults/fault.ts';
import type { AddressPlan, ModelRules } from './state/model-state.ts';

/** How a model is made. */
export interface ModelOptions {
  /**
   * Where the model's files go: a folder that is empty, or made, and that `destroy` keeps. One in the temporary folder if not
   * given.
   */
  readonly folder?: string;
  /** JUJU_MODEL_NAME; `dev` if not given. */
  readonly name?: string;
  /** Decides the order where Juju promises none. The same seed gives the same order; 1 if not given. */
  readonly seed?: number;
  /** How many hooks run side by side; as many as there are processors if not given. With 1 a run repeats exactly. */
  readonly concurrency?: number;
  /** Every unit at 127.0.0.1 (`loopback`, if not given), or each at a loopback address of its own. */
  readonly addresses?: AddressPlan;
  /**
   * Where units' own loopback addresses begin: `127.9.1.0` puts the first machine at 127.9.1.2. Models that run side by side
   * and bind ports each need a base of their own. 127.0.0.0 if not given.
   */
  readonly addressBase?: string;
  /** Where sources about Juju disagree: limits are enforced and reads are as in Juju's source if not given. */
  readonly rules?: Partial<ModelRules>;
  /**
   * Whether hooks may change this machine. If not, and none is given, `apt-get`, `systemctl` and the like are recorded and
   * do nothing.
   */
  readonly host?: boolean;
  /** Hooks' PATH, after the hook tools; Debian's usual one if not given. */
  readonly path?: string;
  /** Decides what goes wrong on purpose, in place of `planFault`. */
  readonly faults?: FaultSource;
  /** Told of each hook as it starts and ends, and of each line of the debug log. */
  readonly onEvent?: (event: ModelEvent) => void;
}

/** How a model that is there already is opened: what is not part of its state. */
export type OpenOptions = Pick<ModelOptions, 'concurrency' | 'path' | 'faults' | 'onEvent'>;
