import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeProcessTools } from '../../src/tools/process-tools.ts';
import type { Told, ToolsModel, ToolsUnderTest } from '../contracts/tools-under-test.ts';

const AGENT = fileURLToPath(new URL('./fake-agent.cjs', import.meta.url));

const { endHook } = createRequire(import.meta.url)('./fake-hook-end.cjs') as {
  endHook(model: FakeModel, hasSucceeded: boolean): FakeModel;
};

const TOOL_NAMES = [
  ...['relation-ids', 'relation-list', 'relation-get', 'relation-set', 'relation-model-get'],
  ...['config-get', 'status-set', 'status-get', 'application-version-set'],
  ...['is-leader', 'leader-get', 'leader-set'],
  ...['open-port', 'close-port', 'opened-ports', 'network-get', 'unit-get', 'juju-log'],
  ...['storage-list', 'storage-get', 'storage-add', 'state-get', 'state-set', 'state-delete'],
  ...['action-get', 'action-set', 'action-fail', 'action-log'],
  ...['secret-add', 'secret-set', 'secret-get', 'secret-info-get', 'secret-ids'],
  ...['secret-grant', 'secret-revoke', 'secret-remove'],
  ...['goal-state', 'credential-get', 'resource-get', 'juju-reboot', 'add-metric'],
  ...['payload-register', 'payload-unregister', 'payload-status-set'],
  ...['k8s-spec-set', 'k8s-spec-get', 'k8s-raw-set', 'k8s-raw-get'],
];

/** Puts a folder first on PATH; the answer takes it off again and removes it. */
export function putOnPath(folder: string): () => void {
  const former = process.env.PATH ?? '';
  process.env.PATH = `${folder}${path.delimiter}${former}`;
  return () => {
    process.env.PATH = former;
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
  const folder = mkdtempSync(path.join(tmpdir(), 'hook tools '));
  const file = path.join(folder, 'model.json');
  writeScript(folder, 'any-tool', callAgent(file));
  for (const name of TOOL_NAMES) symlinkSync('any-tool', path.join(folder, name));
  const read = (): FakeModel => JSON.parse(readFileSync(file, 'utf8'));
  const write = (state: FakeModel): void => writeFileSync(file, JSON.stringify(state));
  write(fakeModel(model));
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
    close: putOnPath(folder),
  };
}

/** The agent of this process, once there is one, and the folder in which it looks for calls. */
let agent: { readonly pid: number | undefined; readonly calls: string } | undefined;

function startAgent(): NonNullable<typeof agent> {
  const calls = mkdtempSync(path.join(tmpdir(), 'hook-tool-calls-'));
  const child = spawn(process.execPath, [AGENT, calls], { stdio: ['pipe', 'ignore', 'inherit'] });
  // It ends with this process, which must not wait for it.
  child.unref();
  (child.stdin as Socket).unref();
  return { pid: child.pid, calls };
}

/** What a hook tool is: a client that hands its call to the agent, and prints what the agent says. */
function callAgent(modelFile: string): string {
  agent ??= startAgent();
  return `
call='${agent.calls}'/$$
kill -0 ${agent.pid} || exit 70
mkfifo "$call.code"
cat > "$call.stdin"
printf '%s\\0' '${modelFile}' "\${0##*/}" "$@" > "$call.new"
mv "$call.new" "$call.call"
read -r code < "$call.code"
cat "$call.stdout"
cat "$call.stderr" >&2
rm "$call".*
exit "$code"`;
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
