import type { StatusRecord } from '../state/model-state.ts';
import { formatStatusTime } from './juju-time.ts';

/** A status as `juju status --format json` has it. */
export interface StatusInfo {
  readonly current: string;
  readonly message?: string;
  readonly since?: string;
  /** Of the agent whose status it is. */
  readonly version?: string;
  /** Of a machine that is not alive. */
  readonly life?: string;
}

/** A status for showing, without the message where there is none. */
export function reportStatusRecord(record: StatusRecord, utc = false): StatusInfo {
  const { status, message, since } = record;
  return {
    current: status,
    ...(message === '' ? {} : { message }),
    since: formatStatusTime(since, utc),
  };
}
