import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { handlersOf, type TrialUnit } from '../charm/trial-unit.ts';

/** What a charm wrote to Juju's log itself: neither the framework's lines nor their level. */
function said(unit: TrialUnit): string[] {
  const lines = unit.logLines().filter((line) => !line.startsWith('INFO running '));
  unit.tools.logged.length = 0;
  return lines.map((line) => line.slice(line.indexOf(' ') + 1));
}

/** The handlers of the charm itself that ran, without the name of the layer. */
function names(report: Parameters<typeof handlersOf>[0]): string[] {
  return handlersOf(report)
    .filter((id) => !id.includes('/'))
    .map((id) => id.replace(/^web\./, ''));
}

/** The flags that are no automatic ones. */
function ownFlags(unit: TrialUnit): string[] {
  return unit.flags().filter((flag) => !flag.startsWith('endpoint.'));
}

/** What each snippet of the guide does, whatever its form; by what it shows. */
export const SCENARIOS: Readonly<Record<string, (unit: TrialUnit) => Promise<void>>> = {
  ladder: async (unit) => {
    expect(names(await unit.run('install'))).toEqual(['install', 'wait']);
    expect(unit.tools.status).toEqual({ status: 'blocked', message: 'needs a database' });
    expect(names(await unit.join('database:0', 'mysql/0'))).toEqual(['start']);
    expect(unit.tools.status).toEqual({ status: 'active', message: 'serving' });
    expect(ownFlags(unit)).toEqual(['web.installed', 'web.started']);
    expect(names(await unit.run('update-status'))).toEqual([]);
  },

  conditions: async (unit) => {
    unit.presetFlags('web.installed', 'web.configured', 'web.broken');
    expect(names(await unit.run('install'))).toEqual(['ready', 'rewrite', 'explain', 'explain']);
    expect(ownFlags(unit)).toEqual(['web.broken', 'web.installed', 'web.ready']);
    unit.presetFlags('web.running');
    expect(names(await unit.run('update-status'))).toEqual([]);
    expect(said(unit)).toEqual(['not there yet', 'not there yet']);
  },

  hooks: async (unit) => {
    unit.presetFlags('web.configured');
    expect(names(await unit.run('install'))).toEqual([]);
    expect(names(await unit.run('config-changed'))).toEqual(['renew']);
    expect(ownFlags(unit)).toEqual([]);
    said(unit);
    await unit.join('database:0', 'mysql/0');
    await unit.depart('database:0', 'mysql/0');
    expect(said(unit)).toEqual(['database is there']);
  },

  arguments: async (unit) => {
    await unit.run('install');
    expect(said(unit)).toEqual(['nobody looks']);
    await unit.join('website:1', 'proxy/0');
    await unit.join('database:0', 'mysql/0', { host: '"10.0.0.9"', port: '3306' });
    unit.presetFlags('web.installed');
    said(unit);
    await unit.run('update-status');
    expect(said(unit)).toEqual(['using 10.0.0.9:3306', '1 answer']);
    await unit.run('update-status');
    expect(said(unit)).toEqual(['using 10.0.0.9:3306']);
    expect(ownFlags(unit)).toContain('web.probed');
  },

  loop: async (unit) => {
    unit.presetFlags('web.https.wanted');
    await unit.run('update-status');
    expect(ownFlags(unit)).toEqual(['web.https.serving', 'web.https.wanted']);
  },

  guard: async (unit) => {
    await unit.run('install');
    expect(unit.stored('web.')).toEqual({});
    unit.presetFlags('web.installed');
    await unit.run('update-status');
    expect(unit.stored('web.')).toEqual({ 'web.page': '<h1>Hello</h1>' });
  },

  early: async (unit) => {
    await unit.run('install');
    expect(unit.tools.status).toEqual({ status: 'waiting', message: 'for packages' });
    expect(ownFlags(unit)).toEqual([]);
    unit.presetFlags('web.packages');
    await unit.run('update-status');
    expect(ownFlags(unit)).toEqual(['web.installed', 'web.packages']);
  },

  flags: async (unit) => {
    await unit.run('install');
    expect(ownFlags(unit)).toEqual(['web.alone', 'web.configured', 'web.named']);
    expect(said(unit)).toEqual(['still missing: web.installed,web.keys']);
    unit.presetFlags('web.started');
    await unit.join('database:0', 'mysql/0');
    expect(names(await unit.run('update-status'))).toEqual([]);
    unit.tools.model.config = { ...unit.tools.model.config, title: '' };
    expect(names(await unit.run('config-changed'))).toEqual(['configure']);
    expect(ownFlags(unit)).toEqual(['web.configured', 'web.started']);
    await unit.depart('database:0', 'mysql/0');
    expect(ownFlags(unit)).toEqual(['web.configured']);
  },

  'for-hook': async (unit) => {
    const { changes } = await unit.join('cluster:0', 'web/1', { address: 'a' });
    expect(changes.map(({ flag, to }) => `${to} ${flag}`)).toContain('set web.members.changed');
    expect(ownFlags(unit)).toEqual([]);
    expect(unit.flags()).not.toContain('endpoint.cluster.changed');
  },

  hookenv: async (unit) => {
    unit.tools.model.isLeader = true;
    await unit.run('install');
    expect(unit.tools.ports).toEqual(['8080/tcp']);
    expect(unit.tools.status).toEqual({ status: 'active', message: 'web/0 on 10.0.0.1:8080' });
    expect(unit.tools.applicationVersion).toBe('1.2');
    expect(said(unit)).toEqual(['moved to 8080']);
    unit.tools.model.config = { ...unit.tools.model.config, port: 9090 };
    await unit.run('config-changed');
    expect(unit.tools.ports).toEqual(['9090/tcp']);
    expect(unit.tools.logged.find(({ message }) => message === 'moved to 9090')?.level).toBe('WARNING');
    expect({ ...unit.tools.model.leaderSettings }).toEqual({});
    await unit.run('leader-elected');
    expect({ ...unit.tools.model.leaderSettings }).toEqual({ password: 'a new one' });
  },

  unitdata: async (unit) => {
    unit.presetFlags('web.started');
    await unit.run('install');
    await unit.run('update-status');
    expect(unit.stored('web.')).toEqual({ 'web.seen.first': 1, 'web.seen.last': 2, 'web.starts': 2 });
    said(unit);
    await unit.run('update-status');
    expect(unit.stored('web.')).toEqual({ 'web.seen.last': 3, 'web.starts': 3 });
    expect(said(unit)).toEqual(['last']);
  },

  endpoint: async (unit) => {
    await unit.join('database:0', 'mysql/0');
    expect(unit.published('database:0').unit).toEqual({ user: '"web"' });
    expect(unit.flags()).toEqual(['endpoint.database.joined']);
    await unit.change('database:0', 'mysql/0', { host: '"10.0.0.9"' });
    expect(unit.flags()).toEqual([
      'database.available',
      'endpoint.database.changed.host',
      'endpoint.database.joined',
    ]);
    await unit.depart('database:0', 'mysql/0');
    expect(ownFlags(unit)).toEqual([]);
  },

  provides: async (unit) => {
    await unit.join('website:1', 'proxy/0');
    expect(ownFlags(unit)).toEqual(['website.available']);
    await unit.depart('website:1', 'proxy/0');
    expect(unit.flags()).toEqual(['endpoint.website.departed']);
  },

  peers: async (unit) => {
    unit.tools.model.isLeader = true;
    await unit.join('cluster:0', 'web/1', { address: '"10.0.0.2"' });
    expect(unit.published('cluster:0').app).toEqual({ members: '2' });
    said(unit);
    await unit.join('cluster:0', 'web/2');
    expect(unit.published('cluster:0').app).toEqual({ members: '3' });
    await unit.depart('cluster:0', 'web/1');
    expect(said(unit)).toContain('web/1 left 10.0.0.2');
    expect(unit.flags()).toEqual([
      'endpoint.cluster.changed',
      'endpoint.cluster.changed.address',
      'endpoint.cluster.joined',
    ]);
    expect(unit.stored('reactive.endpoints.departed.')).toEqual({});
  },

  'relation-base': async (unit) => {
    await unit.join('database:0', 'mysql/0', { host: 'a' });
    expect(unit.flags()).toEqual(['database.connected']);
    await unit.change('database:0', 'mysql/0', { host: 'a', 'db-name': 'orders' });
    expect(unit.flags()).toEqual(['database.available', 'database.connected']);
    await unit.depart('database:0', 'mysql/0');
    expect(unit.flags()).toEqual([]);
  },

  'relation-base-use': async (unit) => {
    await unit.join('database:0', 'mysql/0');
    expect(unit.published('database:0').unit).toEqual({ database: 'orders', user: 'web' });
    expect(unit.stored('reactive.conversations.database.global.local-data.')).toEqual({
      'reactive.conversations.database.global.local-data.asked': 'orders',
    });
    expect(names(await unit.change('database:0', 'mysql/0', { host: 'a', 'db-name': 'b' }))).not.toContain(
      'ask',
    );
  },

  conversations: async (unit) => {
    await unit.join('website:1', 'proxy/0');
    expect(unit.published('website:1').unit).toEqual({ for: 'proxy/0', port: '80' });
    await unit.join('website:1', 'proxy/1');
    expect(unit.published('website:1').unit).toEqual({ for: 'proxy/1', port: '80' });
    expect(unit.flags()).toEqual([]);
  },

  requests: async (unit) => {
    await unit.join('certs:0', 'ca/0');
    await unit.run('update-status');
    const published = unit.published('certs:0').unit;
    const [key = '', ...others] = Object.keys(published);
    expect(others).toEqual([]);
    expect(JSON.parse(published[key] ?? '')).toEqual({
      common_name: 'web',
      request_id: key.replace('request_', ''),
      sans: ['a', 'b'],
    });
    await unit.change('certs:0', 'ca/0', { [key.replace('request', 'response')]: '{"cert": "pem"}' });
    expect(unit.flags()).toContain('endpoint.certs.has_responses');
  },

  'requests-use': async (unit) => {
    await unit.join('certs:0', 'ca/0');
    const [key = ''] = Object.keys(unit.published('certs:0').unit);
    said(unit);
    await unit.change('certs:0', 'ca/0', { [key.replace('request', 'response')]: '{"cert": "pem"}' });
    expect(said(unit)).toContain('the certificate is pem');
  },

  changes: async (unit) => {
    unit.presetFlags('web.installed');
    await unit.run('install');
    expect(said(unit).sort()).toEqual(['migrating', 'rendering', 'seeding']);
    await unit.run('update-status');
    expect(said(unit)).toEqual([]);
    for (const file of ['web.conf', 'keys.txt']) writeFileSync(path.join(unit.charmDir, file), 'new');
    await unit.run('update-status');
    expect(said(unit).sort()).toEqual(['new keys', 'reloading']);
    unit.tools.model.config = { ...unit.tools.model.config, port: 1 };
    await unit.run('config-changed');
    expect(said(unit)).toEqual(['rendering']);
  },

  options: async (unit) => {
    await unit.run('install');
    expect(said(unit)).toEqual([`hello from ${unit.charmDir}`]);
    expect(ownFlags(unit)).toEqual(['web.greeted']);
  },

  actions: async (unit) => {
    const results: Record<string, string> = {};
    unit.tools.action = { parameters: { name: 'all' }, results, log: [] };
    await unit.run('actions/backup');
    expect(unit.tools.action.failure).toBe('nothing runs');
    unit.presetFlags('web.started');
    await unit.run('actions/backup');
    expect(results).toEqual({ file: '/srv/all.tar' });
  },
};
