import type { CharmState } from '../state/model-state.ts';

/** An operating system and its version. */
export interface Base {
  readonly name: string;
  readonly channel: string;
}

/** Stands for the machine that everything runs on, where a charm does not say what it is for. */
const LOCAL_BASE: Base = { name: 'local', channel: '' };

/** What a charm runs on, its channel without the risk where that is stable (Juju's rule). */
export function baseOf(charm: CharmState | undefined): Base {
  if (charm?.base === undefined) return LOCAL_BASE;
  return { name: charm.base.name, channel: charm.base.channel.replace(/\/stable$/, '') };
}

/** `ubuntu@24.04`. */
export function formatBase(base: Base): string {
  return base.channel === '' ? base.name : `${base.name}@${base.channel}`;
}
