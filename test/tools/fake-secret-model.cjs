'use strict';
// The secrets behind the fake hook tools. As in Juju, what a hook does is recorded as creations, updates and removals
// until it ends; contents are kept in base64; ids are kept without "secret:".

const fs = require('node:fs');
const { failed, malformed, own } = require('./fake-tool-call.cjs');

const KEY = /^([a-z](?:-?[a-z0-9]){2,})$/;
const ROTATIONS = ['never', 'hourly', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly'];
const NO_CHANGES = { creates: {}, updates: {}, removals: {}, trackLatest: [] };
function idOf(uri) {
  const [, id] = /^(?:secret:)?([0-9a-z]{20})$/.exec(uri) ?? [];
  if (!id) throw malformed(`secret URI "${uri}" not valid`);
  return id;
}

function expiryOf(spec) {
  const [, hours] = /^(\d+)h$/.exec(spec) ?? [];
  const time = hours ? Date.now() + Number(hours) * 3_600_000 : Date.parse(spec);
  if (Number.isNaN(time)) throw malformed(`expire time or duration "${spec}" not valid`);
  return new Date(time).toISOString().replace(/\.000Z$/, 'Z');
}

function contentOf(pairs) {
  const content = {};
  for (const pair of pairs) {
    const at = pair.replace(/=+$/, '').indexOf('=');
    if (at < 1) throw malformed(`key value "${pair}" not valid`);
    let key = pair.slice(0, at);
    let value = Buffer.from(pair.slice(at + 1));
    if (key.endsWith('#file')) {
      key = key.slice(0, -'#file'.length);
      value = fs.readFileSync(value.toString());
    }
    if (key.endsWith('#base64')) {
      key = key.slice(0, -'#base64'.length);
      value = Buffer.from(value.toString(), 'base64');
    }
    if (!KEY.test(key)) throw malformed(`key "${key}" not valid`);
    content[key] = value.toString('base64');
    const size = content[key].length;
    if (size > 1_000_000) {
      throw malformed(`base64 encoded secret content for key "${key}" too large: ${size} bytes`);
    }
  }
  return content;
}

/** What a change says; an empty text says nothing. */
function changeOf(options, pairs) {
  const { label, description, rotate, expire } = options;
  if (rotate && !ROTATIONS.includes(rotate)) throw malformed(`rotate policy "${rotate}" not valid`);
  const content = contentOf(pairs);
  return {
    ...(label ? { label } : {}),
    ...(description ? { description } : {}),
    ...(rotate ? { rotation: rotate } : {}),
    ...(expire ? { expiry: expiryOf(expire) } : {}),
    ...(Object.keys(content).length > 0 ? { content } : {}),
  };
}

const changesOf = (model) => model.pending.secrets ?? NO_CHANGES;

function change(model, part) {
  model.pending.secrets = { ...changesOf(model), ...part };
}

/** What this unit may manage, with what this hook makes of it, but for contents. */
function managed(model) {
  const { creates, updates, removals } = changesOf(model);
  const made = Object.entries(creates).map(([id, secret]) => [id, { revision: 1, ...secret }]);
  const stored = Object.entries(model.stored.secrets)
    .filter(([id]) => !(id in removals))
    .map(([id, secret]) => [id, { ...secret, revision: secret.revisions.length, ...own(updates, id) }]);
  const mine = ([, { owner }]) => owner === 'unit' || (owner === 'application' && model.isLeader);
  return Object.fromEntries([...made, ...stored].filter(mine));
}

function refuseUnlessManaged(model, id) {
  const secret = own(model.stored.secrets, id) ?? own(changesOf(model).creates, id);
  if (!secret || secret.owner === 'other') throw failed(`secret "${id}" not found`);
  if (!own(managed(model), id) && secret.owner === 'application' && !model.isLeader)
    throw failed('this unit is not the leader');
}

/** What a hook that succeeded makes of the secrets. */
function storeSecrets(model) {
  const { creates, updates, removals, trackLatest } = changesOf(model);
  const { secrets } = model.stored;
  for (const [id, { content, ...secret }] of Object.entries(creates)) {
    secrets[id] = { ...secret, revisions: [content] };
  }
  for (const [id, { content, ...settings }] of Object.entries(updates)) {
    const revisions = content ? [...secrets[id].revisions, content] : secrets[id].revisions;
    secrets[id] = { ...secrets[id], ...settings, revisions };
  }
  for (const [id, revision] of Object.entries(removals)) {
    if (revision === 0) delete secrets[id];
    else if (secrets[id]?.revisions[revision - 1]) secrets[id].revisions[revision - 1] = null;
  }
  for (const id of trackLatest) model.tracked[id] = secrets[id]?.revisions.length ?? 0;
}

module.exports = { change, changeOf, changesOf, idOf, managed, refuseUnlessManaged, storeSecrets };
