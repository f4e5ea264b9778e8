import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { HookRecord } from '../../src/simulator/agent/hook-record.ts';
import { Model } from '../../src/simulator/model.ts';
import type { ModelOptions } from '../../src/simulator/model-options.ts';

/** A charm in bash, to be written into a folder. */
export interface BashCharm {
  readonly name: string;
  /** More of metadata.yaml than the name. */
  readonly metadata?: string;
  readonly config?: string;
  /** The body of the `dispatch` script. */
  readonly dispatch?: string;
  /** Bodies of scripts in `hooks`, by name. */
  readonly hooks?: Readonly<Record<string, string>>;
}

/** Models and charms of one test, with real processes; `clean` ends and removes all of them. */
export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'workshop-'));
  readonly #models: Model[] = [];

  async model(options: ModelOptions = {}): Promise<Model> {
    const model = await Model.create(options);
    this.#models.push(model);
    return model;
  }

  charm(charm: BashCharm): string {
    const folder = mkdtempSync(join(this.#folder, `${charm.name}-`));
    const metadata = `name: ${charm.name}\nsummary: s\ndescription: d\n${charm.metadata ?? ''}`;
    writeFileSync(join(folder, 'metadata.yaml'), metadata);
    if (charm.config !== undefined) writeFileSync(join(folder, 'config.yaml'), charm.config);
    if (charm.dispatch !== undefined) writeScript(join(folder, 'dispatch'), charm.dispatch);
    for (const [name, body] of Object.entries(charm.hooks ?? {})) {
      writeScript(join(folder, 'hooks', name), body);
    }
    return folder;
  }

  /** A folder that goes with the workshop. */
  folder(name: string): string {
    const folder = join(this.#folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  async clean(): Promise<void> {
    for (const model of this.#models) await model.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The hooks of a unit as `name remote-unit`, in order. */
export function hooksOf(unit: string, records: readonly HookRecord[]): string[] {
  return records
    .filter((record) => record.unit === unit)
    .map((record) => [record.hook, record.remoteUnit].filter(Boolean).join(' '));
}

/** What the charm logged with juju-log and printed, without the agent's own lines. */
export function saidBy(record: HookRecord | undefined): string[] {
  const lines = record?.log.filter((line) => line.logger.startsWith('unit.')) ?? [];
  return lines.map((line) => `${line.level} ${line.message}`);
}

/** The only record of a hook on a unit. */
export function recordOf(records: readonly HookRecord[], unit: string, hook: string): HookRecord {
  const [record, ...more] = records.filter((one) => one.unit === unit && one.hook === hook);
  if (record === undefined || more.length > 0) throw new Error(`${more.length} more of ${unit} ${hook}`);
  return record;
}

function writeScript(file: string, body: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/bash\n${body}\n`);
  chmodSync(file, 0o755);
}
