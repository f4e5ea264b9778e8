import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';
import { HookToolError } from '../../src/tools/errors.ts';
import { MemoryTools } from '../../src/tools/memory-tools.ts';
import { makeProcessTools } from '../../src/tools/process-tools.ts';

const DOCUMENT = readFileSync(new URL('../../docs/hook-tools.md', import.meta.url), 'utf8');
const ROWS = DOCUMENT.split('\n').filter((line) => line.startsWith('| `'));

/** Every hook tool of Juju 3. */
const JUJU_TOOLS = [
  ...['relation-get', 'relation-set', 'relation-ids', 'relation-list', 'relation-model-get'],
  ...['config-get', 'status-get', 'status-set', 'application-version-set', 'is-leader', 'leader-get'],
  ...['leader-set', 'goal-state', 'juju-log', 'juju-reboot', 'unit-get', 'credential-get', 'resource-get'],
  ...['network-get', 'open-port', 'close-port', 'opened-ports', 'state-get', 'state-set', 'state-delete'],
  ...['storage-add', 'storage-get', 'storage-list', 'secret-add', 'secret-get', 'secret-set'],
  ...['secret-grant', 'secret-revoke', 'secret-remove', 'secret-ids', 'secret-info-get'],
  ...['payload-register', 'payload-unregister', 'payload-status-set'],
  ...['action-get', 'action-set', 'action-fail', 'action-log'],
  ...['k8s-spec-set', 'k8s-spec-get', 'k8s-raw-set', 'k8s-raw-get', 'pod-spec-set', 'pod-spec-get'],
  'add-metric',
];

it('the document has one row for every tool of Juju', () => {
  for (const tool of JUJU_TOOLS) {
    const rows = ROWS.filter((row) => row.split('|')[1]?.includes(`\`${tool}\``));
    expect(rows, tool).toHaveLength(1);
  }
});

it('the document names every function once, and none that is not there', () => {
  const functions = ROWS.flatMap((row) => /^ `(\w+)\(/.exec(row.split('|')[2] ?? '')?.[1] ?? []);
  const { askAhead, askNextTime, settle, ...tools } = makeProcessTools();
  expect([askAhead, askNextTime, settle]).not.toContain(undefined);
  expect(functions.sort()).toEqual(Object.keys(tools).sort());
});

it('the document says "when the hook succeeds" of what is held back, and of nothing else', () => {
  const buffered = ROWS.filter((row) => row.trimEnd().endsWith('when the hook succeeds |'));
  const tools = buffered.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z0-9-]+)`/g)]);
  expect(tools.map(([, tool]) => tool).sort()).toEqual(
    [
      ...['relation-set', 'open-port', 'close-port', 'state-set', 'state-delete', 'storage-add'],
      ...['secret-add', 'secret-set', 'secret-grant', 'secret-revoke', 'secret-remove'],
      ...['k8s-spec-set', 'pod-spec-set', 'k8s-raw-set'],
    ].sort(),
  );
});

it('every example runs', () => {
  const examples = [...DOCUMENT.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
  expect(examples).toHaveLength(8);
  for (const example of examples) {
    const body = example.replace(/^import .*$/gm, '');
    const { code } = transformSync(body, { loader: 'ts' });
    const { unit } = makeUnit();
    new Function('unit', 'HookToolError', 'MemoryTools', code)(unit, HookToolError, MemoryTools);
  }
});

/** As much of a unit as the examples use, with everything that they ask for. */
function makeUnit() {
  const tools = new MemoryTools({
    unit: 'web/0',
    isLeader: true,
    relations: { 'db:1': { application: 'redis', units: { 'redis/0': { a: '1' } } } },
  });
  tools.resources = { image: '/srv/image' };
  tools.storage = { 'data/0': { kind: 'filesystem', location: '/srv/data' } };
  tools.goal = { units: { 'web/0': { status: 'active' } }, relations: {} };
  tools.action = { parameters: {}, results: {}, log: [] };
  tools.reboot = () => undefined;
  const ignore = () => undefined;
  const unit = {
    tools,
    isLeader: true,
    address: tools.unitGet('private-address'),
    status: { active: ignore, waiting: ignore },
    ports: { open: (port: number) => tools.openPort(String(port)) },
    log: { info: ignore },
    setApplicationVersion: (version: string) => tools.applicationVersionSet(version),
    ingressAddress: (endpoint: string) => tools.networkGet(endpoint)['ingress-addresses']?.[0],
  };
  return { unit };
}
