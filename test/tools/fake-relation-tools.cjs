'use strict';
// The fake hook tools about relations and their databags.

const call = require('./fake-tool-call.cjs');
const { FORMAT, RELATION, failed, flag, malformed, now, own, relationOf, text } = call;

const applicationOf = (model) => model.unit.split('/')[0];

function ownBags(model, key) {
  return own(now(model, 'published'), key) ?? { unit: {}, app: model.relations[key].ownApplicationBag ?? {} };
}

function readBag(model, { key, relation }, member, isApp) {
  if (!isApp) {
    if (!member.includes('/')) throw malformed(`expected unit name, got application name "${member}"`);
    if (member === model.unit) return ownBags(model, key).unit;
    const bag = own(relation.units, member) ?? own(relation.departed ?? {}, member);
    if (bag) return bag;
    throw failed('permission denied');
  }
  const application = applicationOf(model);
  if (member === application) {
    if (model.isLeader || relation.application === application) return ownBags(model, key).app;
    throw failed('permission denied');
  }
  if (member === relation.application) return relation.applicationBag ?? {};
  throw failed('permission denied');
}

function merge(bag, settings) {
  const merged = { ...bag, ...settings };
  for (const key of Object.keys(merged)) if (merged[key] === '') delete merged[key];
  return merged;
}

module.exports = {
  'relation-ids': ({ model, parse, answer }) => {
    const { options, positionals } = parse(FORMAT);
    if (!positionals[0]) throw malformed('no endpoint name specified');
    const ids = Object.keys(model.relations).filter((id) => id.startsWith(`${positionals[0]}:`));
    answer(ids.sort(), options.format);
  },
  'relation-list': ({ model, parse, answer }) => {
    const { options } = parse({ ...FORMAT, ...RELATION, '--app': flag('app') });
    const { relation } = relationOf(model, options.relation);
    answer(options.app ? relation.application : Object.keys(relation.units).sort(), options.format);
  },
  'relation-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse({ ...FORMAT, ...RELATION, '--app': flag('app') });
    const found = relationOf(model, options.relation);
    const [key = '-', member] = positionals;
    if (!member) throw malformed('no unit or application specified');
    const bag = readBag(model, found, member, options.app);
    answer(key === '-' ? bag : (own(bag, key) ?? null), options.format);
  },
  'relation-set': ({ model, parse, read }) => {
    const { options, positionals } = parse({ ...RELATION, '--app': flag('app'), '--file': text('file') });
    const { key } = relationOf(model, options.relation);
    if (options.app && !model.isLeader) throw failed('cannot write relation settings');
    const fromFile = options.file === undefined ? {} : call.parseSettings(read(options.file));
    const bags = ownBags(model, key);
    const side = options.app ? 'app' : 'unit';
    const written = merge(bags[side], { ...fromFile, ...call.pairsOf(positionals) });
    model.pending.published = { ...now(model, 'published'), [key]: { ...bags, [side]: written } };
  },
  'relation-model-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse({ ...FORMAT, ...RELATION });
    const { key } = relationOf(model, options.relation);
    call.atMost(0, positionals);
    answer({ uuid: own(model.relationModels, key) ?? '' }, options.format);
  },
};
