import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CharmDefinition, JsonValue } from 'charms-reactive';
import { type MemoryTools, SqliteStore } from 'charms-reactive/testing';
import { onTestFinished } from 'vitest';
import { runCommand } from '../../src/charm/command/run-command.ts';
import { makeCharm } from '../charm/trial-unit.ts';
import { ENDPOINTS } from './external-unit.ts';

/** How the command ended, and what it printed. */
export interface CommandEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A unit of a charm between hooks, on which the command is run within this process. */
export class CommandTrial {
  readonly charm: CharmDefinition;
  readonly charmDir = mkdtempSync(path.join(tmpdir(), 'command-'));
  environment: Record<string, string>;
  tools: MemoryTools | undefined;

  constructor(charm: CharmDefinition = makeCharm({ metadata: ENDPOINTS })) {
    this.charm = charm;
    this.environment = { CHARM_DIR: this.charmDir };
    onTestFinished(() => rmSync(this.charmDir, { recursive: true, force: true }));
  }

  async run(...words: readonly string[]): Promise<CommandEnd> {
    let out = '';
    let err = '';
    const code = await runCommand(this.charm, {
      words,
      environment: this.environment,
      charmDir: '/nowhere',
      ...(this.tools ? { tools: this.tools } : {}),
      print: (text) => {
        out += text;
      },
      complain: (line) => {
        err += `${line}\n`;
      },
    });
    return { code, out, err };
  }

  /** Runs a sub-command that must end with 0, and answers what it printed. */
  async out(...words: readonly string[]): Promise<string> {
    const { code, out, err } = await this.run(...words);
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}`);
    return out;
  }

  /** Whether a test is true; nothing may be printed. */
  async isTrue(...words: readonly string[]): Promise<boolean> {
    const { code, out, err } = await this.run(...words);
    if (out !== '' || err !== '' || code > 1)
      throw new Error(`${words.join(' ')}: ${code} "${out}" "${err}"`);
    return code === 0;
  }

  stored(prefix = ''): Record<string, JsonValue> {
    const store = new SqliteStore({ path: path.join(this.charmDir, '.unit-state.db') });
    try {
      return { ...store.getRange(prefix) };
    } finally {
      store.close();
    }
  }

  store(values: Readonly<Record<string, JsonValue>>): void {
    const store = new SqliteStore({ path: path.join(this.charmDir, '.unit-state.db') });
    store.update(values);
    store.flush();
    store.close();
  }
}
