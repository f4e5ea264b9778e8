import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { writeTools } from '../../src/simulator/hook-tools/tools-folder.ts';
import { makeProcessTools } from '../../src/tools/process-tools.ts';
import type { Told, ToolsModel, ToolsUnderTest } from '../contracts/tools-under-test.ts';

const AGENT = fileURLToPath(new URL('./fake-agent.ts', import.meta.url));

const { endHook } = createRequire(import.meta.url)('./fake-hook-end.cjs') as {
  endHook(model: FakeModel, hasSucceeded: boolean): FakeModel;
};

/** Puts a folder first on PATH; the answer takes it off again and removes it. */
export function putOnPath(folder: string): () => void {
  const restore = setVariables({ PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}` });
  return () => {
    restore();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Writes an executable shell script. */
export function writeScript(folder: string, name: string, body: string): void {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

/** The hook tools as real processes, found on PATH, over a model in a JSON file. */
export function makeToolsOnPath(model: ToolsModel): ToolsUnderTest {
  agent ??= startAgent();
  const { tools, socket } = agent;
  const folder = mkdtempSync(path.join(tmpdir(), 'hook model '));
  const file = path.join(folder, 'model.json');
  const read = (): FakeModel => JSON.parse(readFileSync(file, 'utf8'));
  const write = (state: FakeModel): void => writeFileSync(file, JSON.stringify(state));
  write(fakeModel(model));
  const restore = setVariables({
    PATH: `${tools}${path.delimiter}${process.env.PATH ?? ''}`,
    JUJU_CONTEXT_ID: file,
    JUJU_AGENT_SOCKET_ADDRESS: socket,
  });
  return {
    tools: makeProcessTools(),
    commit: () => write(endHook(read(), true)),
    rollback: () => write(endHook(read(), false)),
    told: () => {
      const { stored, action, ...told } = read();
      return { ...told, requestedStorage: stored.requestedStorage, action: action ?? undefined };
    },
    revise: (id, content) => {
      const state = read();
      state.stored.secrets[id]?.revisions.push(encode(content));
      write(state);
    },
    close: () => {
      restore();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The agent of this process, once there is one, and the tools that call it. */
let agent: { readonly tools: string; readonly socket: string } | undefined;

function startAgent(): NonNullable<typeof agent> {
  const tools = mkdtempSync(path.join(inject('sharedFolder'), 'hook tools '));
  writeTools(tools);
  const socket = path.join(tools, 'agent.socket');
  const child = spawn(process.execPath, [AGENT, socket], { stdio: ['pipe', 'ignore', 'inherit'] });
  // It ends with this process, which must not wait for it.
  child.unref();
  (child.stdin as Socket).unref();
  while (!existsSync(socket)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  return { tools, socket };
}

/** Sets variables of this process; the answer puts them back. */
function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const former = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

interface FakeSecret {
  readonly revisions: Readonly<Record<string, string>>[];
}

/** What the program reads and writes: what is stored, what the hook wants stored, and what is told at once. */
interface FakeModel extends Omit<Told, 'requestedStorage' | 'action'> {
  readonly stored: {
    readonly requestedStorage: Told['requestedStorage'];
    readonly secrets: Readonly<Record<string, FakeSecret>>;
    readonly [name: string]: unknown;
  };
  readonly pending: Readonly<Record<string, unknown>>;
  readonly action: Exclude<Told['action'], undefined> | null;
}

function fakeModel({ state, secrets, action, ...model }: ToolsModel): FakeModel {
  const encoded = Object.entries(secrets).map(([id, { revisions, ...secret }]) => {
    return [id, { ...secret, revisions: revisions.map(encode) }] as const;
  });
  const fake = {
    ...model,
    stored: {
      ...{ published: {}, ports: [], state, requestedStorage: [] },
      ...{ secrets: Object.fromEntries(encoded), spec: '', rawSpec: '' },
    },
    pending: {},
    action: action && { parameters: action, results: {}, log: [] },
    ...{ logged: [], applicationVersion: '', reboots: [], metrics: [], payloads: {} },
    ...{ tracked: {}, labels: {}, made: 0 },
    status: { status: 'unknown', message: '' },
    applicationStatus: { status: 'unknown', message: '' },
  };
  return fake;
}

function encode(content: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(content).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return Object.fromEntries(entries);
}
