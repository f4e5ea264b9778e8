import type { Architecture } from './architecture.ts';
import { BuildError } from './build-error.ts';

/** A system that a charm runs on: `ubuntu@24.04`. */
export interface Base {
  readonly name: string;
  readonly channel: string;
}

/** What a charm is for where nobody says otherwise. */
export const DEFAULT_BASE = 'ubuntu@24.04';

/** Takes a user's word for a base. Throws `BuildError` for what is none. */
export function readBase(text: string): Base {
  const [, name, channel] = /^([a-z][a-z0-9-]*)@(\d+(?:\.\d+)*)$/.exec(text) ?? [];
  if (name !== undefined && channel !== undefined) return { name, channel };
  throw new BuildError(
    `cannot pack for "${text}": a base is a system and its version, such as ${DEFAULT_BASE}`,
  );
}

/** The text of the `manifest.yaml` that tells Juju where a packed charm runs. */
export function writeBases({ name, channel }: Base, architecture: Architecture): string {
  return `bases:\n- name: ${name}\n  channel: "${channel}"\n  architectures:\n  - ${architecture}\n`;
}
