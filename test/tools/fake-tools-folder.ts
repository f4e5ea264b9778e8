import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeProcessTools } from '../../src/tools/process-tools.ts';
import type { ToolsModel, ToolsUnderTest } from '../contracts/hook-tools.contract.ts';

const PROGRAM = fileURLToPath(new URL('./fake-hook-tool.cjs', import.meta.url));

const TOOL_NAMES = [
  'relation-ids',
  'relation-list',
  'relation-get',
  'relation-set',
  'config-get',
  'status-set',
  'status-get',
  'application-version-set',
  'is-leader',
  'leader-get',
  'leader-set',
  'open-port',
  'close-port',
  'opened-ports',
  'network-get',
  'unit-get',
  'juju-log',
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
  const quoted = [process.execPath, PROGRAM, file].map((part) => `'${part}'`).join(' ');
  for (const name of TOOL_NAMES) writeScript(folder, name, `exec ${quoted} ${name} "$@"`);
  const read = (): FakeModel => JSON.parse(readFileSync(file, 'utf8'));
  const write = (state: FakeModel): void => writeFileSync(file, JSON.stringify(state));
  write({
    ...model,
    published: {},
    pending: {},
    ports: [],
    pendingPorts: null,
    logged: [],
    status: { status: 'unknown', message: '' },
    applicationStatus: { status: 'unknown', message: '' },
    applicationVersion: '',
  });
  return {
    tools: makeProcessTools(),
    commit: () => {
      const state = read();
      const published = { ...state.published, ...state.pending };
      write({
        ...state,
        published,
        pending: {},
        ports: state.pendingPorts ?? state.ports,
        pendingPorts: null,
      });
    },
    rollback: () => write({ ...read(), pending: {}, pendingPorts: null }),
    told: () => {
      const { logged, applicationVersion, applicationStatus } = read();
      return { logged, applicationVersion, applicationStatus };
    },
    close: putOnPath(folder),
  };
}

type FakeModel = ToolsModel &
  ReturnType<ToolsUnderTest['told']> & {
    readonly published: Readonly<Record<string, unknown>>;
    readonly pending: Readonly<Record<string, unknown>>;
    readonly ports: readonly string[];
    readonly pendingPorts: readonly string[] | null;
    readonly status: { readonly status: string; readonly message: string };
  };
