'use strict';
// The fake hook tools about secrets.

const call = require('./fake-tool-call.cjs');
const {
  change,
  changeOf,
  changesOf,
  idOf,
  managed,
  refuseUnlessManaged,
} = require('./fake-secret-model.cjs');
const { FORMAT, RELATION, atMost, failed, flag, malformed, own, relationOf, text } = call;

const UPSERT = {
  '--expire': text('expire'),
  '--rotate': text('rotate'),
  '--description': text('description'),
  '--label': text('label'),
  '--owner': text('owner'),
};

const labelled = (secrets, label) =>
  Object.entries(secrets).find(([, secret]) => secret.label === label)?.[0];

function readContent(model, { uri, label, refresh, peek }) {
  if (!uri && !label) throw malformed('require either a secret URI or label');
  if (peek && refresh) throw malformed('specify one of --peek or --refresh but not both');
  const id = uri ? idOf(uri) : (labelled(managed(model), label) ?? own(model.labels, label));
  if (!id) throw failed(`consumer label "${label}" not found`);
  const { creates, updates, trackLatest } = changesOf(model);
  const stored = own(model.stored.secrets, id);
  if (!stored && !own(creates, id)) throw failed(`secret "${id}" not found`);
  if (uri && label) model.labels[label] = id;
  if (!stored) return creates[id].content;
  if ((peek || refresh) && own(updates, id)?.content) {
    if (refresh) change(model, { trackLatest: [...trackLatest, id] });
    return updates[id].content;
  }
  const revision = peek || refresh ? stored.revisions.length : (model.tracked[id] ?? stored.revisions.length);
  if (!peek) model.tracked[id] = revision;
  const content = stored.revisions[revision - 1];
  if (!content) throw failed(`secret revision ${revision} not found`);
  return content;
}

function shareWith(model, options) {
  const { key, relation } = relationOf(model, options.relation);
  const { unit } = options;
  const { application } = relation;
  if (unit && unit.split('/')[0] !== application)
    throw malformed(`cannot specify unit "${unit}" in relation to application "${application}"`);
  const target = unit ? `unit-${unit.replace('/', '-')}` : `application-${application}`;
  return { target, scope: `relation-${key}`, role: 'view' };
}

function setAccess(model, id, access) {
  const { creates, updates } = changesOf(model);
  if (own(creates, id)) change(model, { creates: { ...creates, [id]: { ...creates[id], access } } });
  else change(model, { updates: { ...updates, [id]: { ...own(updates, id), access } } });
}

const decode = (encoded) => Buffer.from(encoded, 'base64').toString();

module.exports = {
  'secret-add': ({ model, parse, write }) => {
    const { options, positionals } = parse(UPSERT);
    if (positionals.length === 0) throw malformed('missing secret value or filename');
    const { owner = 'application' } = options;
    if (owner !== 'application' && owner !== 'unit') throw malformed(`secret owner "${owner}" not valid`);
    const secret = { owner, access: [], ...changeOf(options, positionals) };
    if (owner === 'application' && !model.isLeader) throw failed('this unit is not the leader');
    if (secret.label && labelled(managed(model), secret.label))
      throw failed(`secret with label "${secret.label}" already exists`);
    model.made += 1;
    const id = `made${String(model.made).padStart(16, '0')}`;
    change(model, { creates: { ...changesOf(model).creates, [id]: secret } });
    write(`secret:${id}\n`);
  },
  'secret-set': ({ model, parse }) => {
    const { options, positionals } = parse(UPSERT);
    if (positionals.length === 0) throw malformed('missing secret URI');
    const id = idOf(positionals[0]);
    const { content, ...settings } = changeOf(options, positionals.slice(1));
    refuseUnlessManaged(model, id);
    const { creates, updates, removals } = changesOf(model);
    const latest = own(model.stored.secrets, id)?.revisions.at(-1);
    const sorted = (bag) => JSON.stringify(Object.entries(bag ?? {}).sort());
    const update = { ...settings, ...(content && sorted(content) !== sorted(latest) ? { content } : {}) };
    const { [id]: _, ...others } = removals;
    if (own(creates, id)) change(model, { creates: { ...creates, [id]: { ...creates[id], ...update } } });
    else {
      const updated = { ...updates, [id]: { ...own(updates, id), ...update } };
      change(model, { updates: updated, removals: others });
    }
  },
  'secret-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse({
      ...FORMAT,
      '--label': text('label'),
      '--peek': flag('peek'),
      '--refresh': flag('refresh'),
    });
    const [uri, key] = atMost(2, positionals);
    const content = readContent(model, { ...options, uri });
    if (key === undefined) {
      const decoded = Object.entries(content).map(([name, value]) => [name, decode(value)]);
      return answer(Object.fromEntries(decoded), options.format);
    }
    const name = key.replace(/#base64$/, '');
    const value = own(content, name);
    if (value === undefined) throw failed(`secret key value "${name}" not found`);
    return answer(name === key ? decode(value) : value, options.format);
  },
  'secret-info-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse({ ...FORMAT, '--label': text('label') });
    const [uri] = atMost(1, positionals);
    if (!uri && !options.label) throw malformed('require either a secret URI or label');
    if (uri && options.label) throw malformed('specify either a secret URI or label but not both');
    const all = managed(model);
    const id = uri ? idOf(uri) : labelled(all, options.label);
    const secret = id ? own(all, id) : undefined;
    if (!secret) throw failed(`secret "${id ?? options.label}" not found`);
    const { revision, label = '', owner, description, rotation, expiry, access = [] } = secret;
    const known = { revision, label, owner, description, rotation, expiry };
    answer({ [id]: { ...known, ...(access.length > 0 ? { access } : {}) } }, options.format);
  },
  'secret-ids': ({ model, parse, answer }) => {
    const ids = Object.keys(managed(model));
    answer(ids.length > 0 ? ids.reverse() : null, parse(FORMAT).options.format);
  },
  'secret-grant': ({ model, parse }) => {
    const { options, positionals } = parse({ ...RELATION, '--unit': text('unit') });
    if (positionals.length === 0) throw malformed('missing secret URI');
    const id = idOf(atMost(1, positionals)[0]);
    const grant = shareWith(model, options);
    refuseUnlessManaged(model, id);
    const { access = [] } = managed(model)[id];
    const related = access.filter(({ scope }) => scope === grant.scope);
    if (related.some(({ target }) => target === grant.target || target.startsWith('application-'))) return;
    if (related.length > 0 && grant.target.startsWith('application-')) {
      const why = 'any unit level grants need to be revoked before granting access to the corresponding';
      throw failed(`${why} application`);
    }
    setAccess(model, id, [...access, grant]);
  },
  'secret-revoke': ({ model, parse }) => {
    const { options, positionals } = parse({
      ...RELATION,
      '--unit': text('unit'),
      '--app': text('application'),
      '--application': text('application'),
    });
    if (positionals.length === 0) throw malformed('missing secret URI');
    const id = idOf(atMost(1, positionals)[0]);
    const { relation, application, unit } = options;
    if (application && unit) throw malformed('specify only one of application or unit');
    if (relation && application) throw malformed('do not specify both relation and app');
    if (!relation && !application && !unit) throw malformed('missing relation or application or unit');
    const app = relation ? relationOf(model, relation).relation.application : application;
    refuseUnlessManaged(model, id);
    const revoked = unit ? `unit-${unit.replace('/', '-')}` : `application-${app}`;
    const { access = [] } = managed(model)[id];
    setAccess(
      model,
      id,
      access.filter(({ target }) => target !== revoked),
    );
  },
  'secret-remove': ({ model, parse }) => {
    const { options, positionals } = parse({ '--revision': text('revision') });
    if (positionals.length === 0) throw malformed('missing secret URI');
    const id = idOf(atMost(1, positionals)[0]);
    const revision = options.revision === undefined ? 0 : Number(options.revision);
    if (!Number.isInteger(revision)) throw malformed(`invalid value "${options.revision}"`);
    refuseUnlessManaged(model, id);
    const { creates, updates, removals, trackLatest } = changesOf(model);
    const { [id]: _made, ...otherCreates } = creates;
    const { [id]: _updated, ...otherUpdates } = updates;
    change(model, {
      creates: otherCreates,
      updates: otherUpdates,
      removals: { ...removals, [id]: revision },
      trackLatest: trackLatest.filter((other) => other !== id),
    });
  },
};
