'use strict';
// The fake hook tools about storage, state and the model, and those that stand alone.

const call = require('./fake-tool-call.cjs');
const { FORMAT, atMost, failed, flag, malformed, now, own, text } = call;

function refuseTooLong(key, value) {
  if (Buffer.byteLength(key) > 256)
    throw failed('max allowed key length (256) exceeded quota limit exceeded');
  if (Buffer.byteLength(value) > 65_536)
    throw failed('max allowed value length (65536) exceeded quota limit exceeded');
}

function readSpec({ model, parse, read }) {
  const { options, positionals } = parse({ '--file': text('file'), '--k8s-resources': text('resources') });
  atMost(0, positionals);
  const spec = read(options.file ?? '-');
  if (spec === '')
    throw failed('no k8s spec specified: pipe k8s spec to command, or specify a file with --file');
  if (!model.isLeader) throw failed('this unit is not the leader');
  return spec + (options.resources === undefined ? '' : read(options.resources));
}

function threeArguments(positionals) {
  if (positionals.length < 3) throw malformed('missing required arguments');
  return positionals;
}

module.exports = {
  'storage-list': ({ model, parse, answer }) => {
    const { options, positionals } = parse(FORMAT);
    const [name] = atMost(1, positionals);
    const ids = Object.keys(model.storage).filter((id) => name === undefined || id.split('/')[0] === name);
    answer(ids.sort(), options.format);
  },
  'storage-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse({ ...FORMAT, '-s': text('storage') });
    if (options.storage === undefined) throw malformed('no storage instance specified');
    const storage = own(model.storage, options.storage);
    if (!storage) throw malformed(`invalid value "${options.storage}" for option -s: storage not found`);
    const [key] = atMost(1, positionals);
    if (key === undefined) return answer(storage, options.format);
    if (!own(storage, key)) throw failed(`invalid storage attribute "${key}"`);
    return answer(storage[key], options.format);
  },
  'storage-add': ({ model, parse }) => {
    const { positionals } = parse();
    if (positionals.length === 0) throw malformed('storage add requires a storage directive');
    const added = positionals.map((directive) => {
      const [name, count = '1'] = directive.split('=');
      if (!/^\d+$/.test(count) || Number(count) < 1)
        throw malformed(`cannot parse directive for storage "${name}": count must be greater than zero`);
      return [name, Number(count)];
    });
    model.pending.requestedStorage = [...now(model, 'requestedStorage'), ...added];
  },
  'state-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse({ ...FORMAT, '--strict': flag('strict') });
    const [key = '-'] = atMost(1, positionals);
    const state = now(model, 'state');
    if (key === '-' || key === '')
      return answer(Object.keys(state).length > 0 ? state : null, options.format);
    if (own(state, key) === undefined && options.strict) throw failed(`"${key}" not found`);
    return answer(own(state, key) ?? '', options.format);
  },
  'state-set': ({ model, parse, read }) => {
    const { options, positionals } = parse({ '--file': text('file') });
    const fromFile = options.file === undefined ? {} : call.parseSettings(read(options.file));
    const settings = { ...fromFile, ...call.pairsOf(positionals) };
    for (const [key, value] of Object.entries(settings)) refuseTooLong(key, value);
    model.pending.state = { ...now(model, 'state'), ...settings };
  },
  'state-delete': ({ model, parse }) => {
    const [key] = atMost(1, parse().positionals);
    if (!key) throw malformed('missing required key');
    const { [key]: _, ...others } = now(model, 'state');
    model.pending.state = others;
  },
  'goal-state': ({ model, parse, answer }) => answer(model.goal, parse(FORMAT).options.format),
  'credential-get': ({ model, parse, answer }) => {
    const { options } = parse(FORMAT);
    if (!model.credential) throw failed('cannot access cloud credentials: permission denied');
    answer(model.credential, options.format);
  },
  'resource-get': ({ model, parse, write }) => {
    const [name] = atMost(1, parse().positionals);
    if (name === undefined) throw malformed('missing required resource name');
    const file = own(model.resources, name);
    if (!file) throw failed(`could not download resource: resource "${name}" not found`);
    write(file);
  },
  'juju-reboot': ({ model, parse }) => {
    const { options, positionals } = parse({ '--now': flag('now') });
    atMost(0, positionals);
    if (model.action) throw failed('juju-reboot is not supported when running an action.');
    if (options.now) model.reboots.push('now');
    else model.pending.reboots = ['after'];
  },
  'add-metric': ({ model, parse }) => {
    const { options, positionals } = parse({ '-l': text('labels'), '--labels': text('labels') });
    if (positionals.length === 0) throw malformed('no metrics specified');
    const labels = options.labels ? call.pairsOf(options.labels.split(',')) : {};
    model.metrics.push({ values: call.pairsOf(positionals), labels });
  },
  'payload-register': ({ model, parse }) => {
    const [type, name, id, ...tags] = threeArguments(parse().positionals);
    const expected = own(model.payloadClasses, name);
    if (!expected) throw failed(`payload "${name}" not found in metadata.yaml`);
    if (expected !== type)
      throw failed(`incorrect type "${type}" for payload "${name}", expected "${expected}"`);
    model.payloads[`${name}/${id}`] = 'running';
    model.payloadTags = tags;
  },
  'payload-unregister': ({ model, parse }) => {
    const [name, id] = atMost(2, parse().positionals);
    if (!id) throw malformed('missing required arguments');
    delete model.payloads[`${name}/${id}`];
  },
  'payload-status-set': ({ model, parse }) => {
    const [name, id, status] = atMost(3, threeArguments(parse().positionals));
    if (!['running', 'starting', 'stopped', 'stopping'].includes(status))
      throw failed(`status "${status}" not supported; expected one of […]`);
    if (!own(model.payloads, `${name}/${id}`)) throw failed(`payload "${name}/${id}" not found`);
    model.payloads[`${name}/${id}`] = status;
  },
  'k8s-spec-set': ({ model, parse, read }) => {
    model.pending.spec = readSpec({ model, parse, read });
  },
  'k8s-spec-get': ({ model, write }) => write(model.stored.spec),
  'k8s-raw-set': ({ model, parse, read }) => {
    model.pending.rawSpec = readSpec({ model, parse, read });
  },
  'k8s-raw-get': ({ model, write }) => write(model.stored.rawSpec),
};
