import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HookContext } from '../../../src/simulator/agent/hook-context.ts';
import { TOOL_NAMES } from '../../../src/simulator/hook-tools/tools-folder.ts';
import { addRelation } from '../../../src/simulator/operator/integration.ts';
import { addUnit } from '../../../src/simulator/operator/lifecycle.ts';
import { attachResource } from '../../../src/simulator/operator/resources.ts';
import { DryModel } from '../dry-model.ts';
import { runningAction } from '../running-action.ts';
import { callTool } from '../tool-caller.ts';
import type { ClientForm } from './client-forms/client-form.ts';
import {
  ACTION_FORMS,
  GOAL_FORMS,
  LOG_FORMS,
  REBOOT_FORMS,
  STATE_FORMS,
  STORAGE_FORMS,
} from './client-forms/other-forms.ts';
import {
  RELATION_GET_FORMS,
  RELATION_LIST_FORMS,
  RELATION_SET_FORMS,
} from './client-forms/relation-forms.ts';
import {
  CONFIG_FORMS,
  LEADERSHIP_FORMS,
  NETWORK_FORMS,
  PORT_FORMS,
  STATUS_FORMS,
} from './client-forms/unit-forms.ts';

const SINCE = '2026-01-02T03:04:05.000Z';
let model: DryModel;
let folder: string;

/** wp (two units, wp/0 leads) and mysql are related; wp has peers, storage, a resource, and all files in `folder`. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clients-'));
  writeFileSync(join(folder, 'settings.yaml'), "port: '80'\nhost: null\n");
  writeFileSync(join(folder, 'software.zip'), 'zip');
  model = new DryModel();
  model.deploy('mysql', { metadata: 'provides:\n  server: mysql\n' });
  model.deploy('wp', {
    metadata:
      'requires:\n  db: mysql\npeers:\n  cluster: wp\nstorage:\n  data: {type: filesystem, multiple: {range: 0+}}\nresources:\n  software: {type: file, filename: software.zip}\n',
    config:
      'options:\n  port: {type: int, default: 1000000}\n  name: {type: string}\n  debug: {type: boolean, default: false}\n',
    units: 0,
  });
  const wp = model.state.applications.wp;
  if (wp === undefined) throw new Error('no wp');
  for (const _ of ['wp/0', 'wp/1']) addUnit(model.state, wp, { folder: join(folder, 'agents') });
  attachResource(wp, { name: 'software', file: join(folder, 'software.zip'), folder, isDeployment: true });
  addRelation(model.state, 'wp', 'mysql');
  model.settle();
  const writer = model.context('mysql/0', { kind: 'update-status', name: 'update-status' });
  writer.changes.write({ relationId: 1, isApplication: false }, { host: 'h', port: '3306' });
  writer.changes.write({ relationId: 1, isApplication: true }, { version: '8' });
  writer.changes.commit();
  for (const unit of Object.values(model.state.units)) {
    unit.workload = { status: 'active', message: 'ready', since: SINCE };
    unit.agent.status = { status: 'idle', message: '', since: SINCE };
  }
  model.state.storage['data/0'] = {
    ...{ id: 'data/0', name: 'data', kind: 'filesystem', location: '/storage/data-0' },
    ...{ life: 'alive', unit: 'wp/0' },
  };
});

afterEach(() => rmSync(folder, { recursive: true }));

function contextFor(where: ClientForm['in']): HookContext {
  const db = { id: 1, endpoint: 'db', remoteApplication: 'mysql' };
  switch (where) {
    case 'relation':
      return model.context('wp/0', {
        kind: 'relation-changed',
        name: 'db-relation-changed',
        relation: { ...db, remoteUnit: 'mysql/0', version: 0 },
      });
    case 'peer-relation':
      return model.context('wp/0', {
        kind: 'relation-changed',
        name: 'cluster-relation-changed',
        relation: { id: 0, endpoint: 'cluster', remoteApplication: 'wp', remoteUnit: 'wp/1', version: 0 },
      });
    case 'broken':
      return model.context('wp/0', { kind: 'relation-broken', name: 'db-relation-broken', relation: db });
    case 'follower':
      return model.context('wp/1', { kind: 'config-changed', name: 'config-changed' });
    case 'storage':
      return model.context('wp/0', {
        kind: 'storage-attached',
        name: 'data-storage-attached',
        storage: 'data/0',
      });
    case 'action':
      return runningAction(model, 'wp/0', { name: 'backup', parameters: { out: 'x', deep: { level: 9 } } });
    default:
      return model.context('wp/0', { kind: 'config-changed', name: 'config-changed' });
  }
}

describe('a hook tool, as Python charms call it,', () => {
  it.each(
    [
      ...[RELATION_GET_FORMS, RELATION_SET_FORMS, RELATION_LIST_FORMS, CONFIG_FORMS, STATUS_FORMS],
      ...[LEADERSHIP_FORMS, NETWORK_FORMS, PORT_FORMS, LOG_FORMS, STORAGE_FORMS, STATE_FORMS, GOAL_FORMS],
      ...[ACTION_FORMS, REBOOT_FORMS],
    ]
      .flat()
      .map((form): [string, string, ClientForm] => [form.client, describeForm(form), form]),
  )('answers %s %s', (_client, _command, form) => {
    const context = contextFor(form.in);
    const stdin = form.stdin === undefined ? {} : { stdin: form.stdin };
    expect(callTool(context, form.argv, { cwd: folder, ...stdin })).toEqual({
      exitCode: form.exitCode ?? 0,
      stdout: form.stdout ?? '',
      stderr: form.stderr ?? '',
    });
    if (form.reads === undefined) return;
    const [argv, stdout] = form.reads;
    expect(callTool(context, argv)).toEqual({ exitCode: 0, stdout, stderr: '' });
  });

  it('tells charm-helpers in its help that relation-set takes a file', () => {
    const { exitCode, stdout, stderr } = callTool(contextFor(undefined), ['relation-set', '--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('--file');
  });

  it('is not there under the names that charm-helpers tries before it falls back', () => {
    for (const name of ['function-get', 'function-set', 'function-fail', 'function-log', 'juju-run']) {
      expect(TOOL_NAMES).not.toContain(name);
    }
  });

  it('prints the path of a resource without a line end, which charm-helpers does not strip', () => {
    const { stdout, exitCode } = callTool(contextFor(undefined), ['resource-get', 'software']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(join(folder, 'agents', 'unit-wp-0', 'resources', 'software', 'software.zip'));
    expect(callTool(contextFor(undefined), ['resource-get', 'none'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'ERROR could not download resource: resource "none" not found\n',
    });
  });
});

function describeForm({ argv, in: where }: ClientForm): string {
  return `${argv.join(' ').slice(0, 100)} (${where ?? 'config-changed'})`;
}
