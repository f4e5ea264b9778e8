import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HookContext } from '../../src/simulator/agent/hook-context.ts';
import { ToolServer } from '../../src/simulator/hook-tools/tool-server.ts';
import {
  type ToolLanguage,
  writeHostTools,
  writeTools,
} from '../../src/simulator/hook-tools/tools-folder.ts';
import { DryModel } from './dry-model.ts';

/** What a script said, and how it ended. */
export interface ScriptEnd {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/**
 * An update-status hook of `web/0` that a real server serves, with tools on disk and no charm: `run` runs scripts in it. No
 * program of this machine is on their PATH, but those that a test puts there.
 */
export class ServedHook {
  readonly folder = mkdtempSync(join(tmpdir(), 'served-'));
  readonly tools = join(this.folder, 'tools');
  readonly hostTools = join(this.folder, 'host-tools');
  /** Stands for the host's own folder of programs. */
  readonly host = join(this.folder, 'host');
  readonly context: HookContext;
  readonly server: ToolServer;

  static async start(language?: ToolLanguage): Promise<ServedHook> {
    const context = serveWeb();
    const folder = mkdtempSync(join(tmpdir(), 'server-'));
    const hook = new ServedHook(context, await ToolServer.start(folder), folder);
    mkdirSync(hook.host);
    writeTools(hook.tools, language);
    writeHostTools(hook.hostTools, hook.host, language);
    hook.server.open(context, () => true);
    return hook;
  }

  readonly #serverFolder: string;

  private constructor(context: HookContext, server: ToolServer, serverFolder: string) {
    this.context = context;
    this.server = server;
    this.#serverFolder = serverFolder;
  }

  get env(): Record<string, string> {
    return {
      PATH: `${this.tools}:${this.hostTools}:${this.host}`,
      JUJU_CONTEXT_ID: this.context.id,
      JUJU_AGENT_SOCKET_ADDRESS: this.server.address,
    };
  }

  /** Puts a program on the host, in bash. */
  writeProgram(name: string, body: string): void {
    writeFileSync(join(this.host, name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(this.host, name), 0o755);
  }

  /** Runs a script, not with spawnSync: the server lives in this process. */
  async run(script: string, env: Readonly<Record<string, string>> = {}): Promise<ScriptEnd> {
    const child = spawn('/bin/bash', ['-c', script], {
      env: { ...this.env, ...env },
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (chunk: Buffer) => output[name].push(chunk));
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return {
      stdout: Buffer.concat(output.stdout),
      stderr: Buffer.concat(output.stderr).toString(),
      exitCode,
    };
  }

  async stop(): Promise<void> {
    await this.server.stop();
    for (const folder of [this.folder, this.#serverFolder]) rmSync(folder, { recursive: true, force: true });
  }
}

function serveWeb(): HookContext {
  const model = new DryModel();
  model.deploy('web', {});
  return model.context('web/0', { kind: 'update-status', name: 'update-status' });
}
