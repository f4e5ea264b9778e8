'use strict';
// A hook tool over a model in a JSON file, with Juju's argument rules, texts and exit codes, as a process of its own.
// Called as: node fake-hook-tool.cjs MODEL-FILE TOOL [ARGUMENT]…

const fs = require('node:fs');

const [modelFile, tool, ...rest] = process.argv.slice(2);
const model = JSON.parse(fs.readFileSync(modelFile, 'utf8'));
const application = model.unit.split('/')[0];

class Refusal extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

const malformed = (message) => new Refusal(message, 2);
const failed = (message) => new Refusal(message, 1);
const own = (map, key) => (Object.hasOwn(map, key) ? map[key] : undefined);

/** Options by long name, and what is left; `--` ends the options. */
function parse(known) {
  const options = {};
  const positionals = [];
  for (let index = 0; index < rest.length; index += 1) {
    const argument = rest[index];
    if (argument === '--') return { options, positionals: [...positionals, ...rest.slice(index + 1)] };
    if (!argument.startsWith('-') || argument === '-') {
      positionals.push(argument);
      continue;
    }
    const [, flag, glued] = /^(--?[^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const option = known[flag];
    if (!option) throw malformed(`option provided but not defined: ${flag}`);
    if (option.type === 'boolean') options[option.name] = true;
    else if (glued !== undefined) options[option.name] = glued;
    else {
      index += 1;
      if (index >= rest.length) throw malformed(`option needs an argument: ${flag}`);
      options[option.name] = rest[index];
    }
  }
  return { options, positionals };
}

const text = (name) => ({ name, type: 'text' });
const flag = (name) => ({ name, type: 'boolean' });
const FORMAT = { '--format': text('format') };
const RELATION = { '-r': text('relation'), '--relation': text('relation') };

function answer(value, format) {
  if (format !== 'json') throw malformed(`this fake answers in json only, not "${format}"`);
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function relationOf(id) {
  if (id === undefined) throw malformed('no relation id specified');
  const number = id.slice(id.lastIndexOf(':') + 1);
  if (!/^\d+$/.test(number)) throw malformed(`invalid value "${id}" for option -r: invalid relation id`);
  const key = Object.keys(model.relations).find((each) => each.endsWith(`:${number}`));
  if (!key) throw malformed(`invalid value "${id}" for option -r: relation not found`);
  return { key, relation: model.relations[key] };
}

function ownBags(key) {
  const committed = own(model.published, key) ?? {
    unit: {},
    app: model.relations[key].ownApplicationBag ?? {},
  };
  return own(model.pending, key) ?? committed;
}

function readBag({ key, relation }, member, isApp) {
  if (!isApp) {
    if (!member.includes('/')) throw malformed(`expected unit name, got application name "${member}"`);
    if (member === model.unit) return ownBags(key).unit;
    const bag = own(relation.units, member) ?? own(relation.departed ?? {}, member);
    if (bag) return bag;
    throw failed('permission denied');
  }
  if (member === application) {
    if (model.isLeader || relation.application === application) return ownBags(key).app;
    throw failed('permission denied');
  }
  if (member === relation.application) return relation.applicationBag ?? {};
  throw failed('permission denied');
}

function pairsOf(positionals) {
  const pairs = {};
  for (const argument of positionals) {
    if (argument === '') continue;
    const at = argument.indexOf('=');
    const key = argument.slice(0, at).trim();
    if (at < 0 || key === '') throw malformed(`expected "key=value", got "${argument}"`);
    if (Object.hasOwn(pairs, key)) throw malformed(`key "${key}" specified more than once`);
    pairs[key] = argument.slice(at + 1).trim();
  }
  return pairs;
}

function merge(bag, settings) {
  const merged = { ...bag, ...settings };
  for (const key of Object.keys(merged)) if (merged[key] === '') delete merged[key];
  return merged;
}

function portOf(positionals) {
  const [spec] = positionals;
  if (!spec) throw malformed('no port or range specified');
  const [, range, protocol = 'tcp'] = /^([^/]*)(?:\/(.*))?$/.exec(spec.toLowerCase());
  if (range === 'icmp' || protocol === 'icmp') return 'icmp';
  if (!['tcp', 'udp'].includes(protocol)) {
    throw malformed(`invalid protocol "${protocol}", expected "tcp", "udp", or "icmp"`);
  }
  if (!/^\d+(-\d+)?$/.test(range) || range.split('-').some((port) => Number(port) > 65535)) {
    throw malformed(`invalid port "${range}"`);
  }
  return `${range}/${protocol}`;
}

function comparePorts(a, b) {
  const [numberA, protocolA = ''] = a.split('/');
  const [numberB, protocolB = ''] = b.split('/');
  return protocolA.localeCompare(protocolB) || Number.parseInt(numberA, 10) - Number.parseInt(numberB, 10);
}

const openPorts = () => model.pendingPorts ?? model.ports;

const tools = {
  'relation-ids': () => {
    const { options, positionals } = parse(FORMAT);
    if (!positionals[0]) throw malformed('no endpoint name specified');
    const ids = Object.keys(model.relations).filter((id) => id.startsWith(`${positionals[0]}:`));
    answer(ids.sort(), options.format);
  },
  'relation-list': () => {
    const { options } = parse({ ...FORMAT, ...RELATION, '--app': flag('app') });
    const { relation } = relationOf(options.relation);
    answer(options.app ? relation.application : Object.keys(relation.units).sort(), options.format);
  },
  'relation-get': () => {
    const { options, positionals } = parse({ ...FORMAT, ...RELATION, '--app': flag('app') });
    const found = relationOf(options.relation);
    const [key = '-', member] = positionals;
    if (!member) throw malformed('no unit or application specified');
    const bag = readBag(found, member, options.app);
    answer(key === '-' ? bag : (own(bag, key) ?? null), options.format);
  },
  'relation-set': () => {
    const { options, positionals } = parse({ ...RELATION, '--app': flag('app'), '--file': text('file') });
    const { key } = relationOf(options.relation);
    if (options.app && !model.isLeader) throw failed('cannot write relation settings');
    const fromFile = options.file === undefined ? {} : readSettings(options.file);
    const now = ownBags(key);
    const side = options.app ? 'app' : 'unit';
    model.pending[key] = { ...now, [side]: merge(now[side], { ...fromFile, ...pairsOf(positionals) }) };
  },
  'config-get': () => {
    const { options, positionals } = parse({ ...FORMAT, '--all': flag('all'), '-a': flag('all') });
    if (positionals.length > 0) throw malformed('this fake gives all options or none');
    const given = Object.entries(model.config).filter(([, value]) => options.all || value !== null);
    answer(Object.fromEntries(given), options.format);
  },
  'status-set': () => {
    const { options, positionals } = parse({ '--application': flag('application') });
    const [status, message = '', ...surplus] = positionals;
    if (surplus.length > 0) throw malformed(`unrecognized args: ${JSON.stringify(surplus)}`);
    if (!['maintenance', 'blocked', 'waiting', 'active'].includes(status)) {
      throw malformed(`invalid status "${status}", expected one of [maintenance blocked waiting active]`);
    }
    if (options.application && !model.isLeader) throw failed('this unit is not the leader');
    model[options.application ? 'applicationStatus' : 'status'] = { status, message };
  },
  'status-get': () => {
    const { options } = parse({ ...FORMAT, '--include-data': flag('data') });
    const { status, message } = model.status;
    answer(options.data ? { message, status, 'status-data': {} } : { status }, options.format);
  },
  'application-version-set': () => {
    const { positionals } = parse({});
    if (positionals.length !== 1) throw malformed('no version specified');
    model.applicationVersion = positionals[0];
  },
  'is-leader': () => answer(model.isLeader, parse(FORMAT).options.format),
  'leader-get': () => answer(model.leaderSettings, parse(FORMAT).options.format),
  'leader-set': () => {
    const pairs = pairsOf(parse({}).positionals);
    if (!model.isLeader) {
      throw failed('cannot write leadership settings: cannot write settings: not the leader');
    }
    model.leaderSettings = merge(model.leaderSettings, pairs);
  },
  'open-port': () => {
    const port = portOf(parse({}).positionals);
    if (!openPorts().includes(port)) model.pendingPorts = [...openPorts(), port];
  },
  'close-port': () => {
    const port = portOf(parse({}).positionals);
    model.pendingPorts = openPorts().filter((open) => open !== port);
  },
  'opened-ports': () => answer([...openPorts()].sort(comparePorts), parse(FORMAT).options.format),
  'network-get': () => {
    const { options, positionals } = parse({ ...FORMAT, ...RELATION });
    if (!positionals[0]) throw malformed('no arguments specified');
    if (options.relation !== undefined) relationOf(options.relation);
    const { address } = model;
    answer(
      {
        'bind-addresses': [
          {
            'mac-address': '',
            'interface-name': 'eth0',
            addresses: [{ hostname: '', value: address, cidr: '' }],
          },
        ],
        'egress-subnets': [`${address}/32`],
        'ingress-addresses': [address],
      },
      options.format,
    );
  },
  'unit-get': () => {
    const { options, positionals } = parse(FORMAT);
    const [setting] = positionals;
    if (!setting) throw malformed('no setting specified');
    if (setting !== 'private-address' && setting !== 'public-address') {
      throw malformed(`unknown setting "${setting}"`);
    }
    if (!model.address) throw failed(`${setting.replace('-', ' ')} not found`);
    answer(model.address, options.format);
  },
  'juju-log': () => {
    const level = { '-l': text('level'), '--log-level': text('level'), '--debug': flag('debug') };
    const { options, positionals } = parse(level);
    if (positionals.length === 0) throw malformed('no message specified');
    model.logged.push({ level: options.level ?? 'INFO', message: positionals.join(' ') });
  },
};

/** Juju reads YAML here. What this project sends is JSON, which is YAML too; others test that it is good YAML. */
function readSettings(file) {
  const settings = JSON.parse(fs.readFileSync(file === '-' ? 0 : file, 'utf8'));
  for (const value of Object.values(settings)) {
    if (typeof value !== 'string')
      throw failed('yaml: unmarshal errors:\n  line 1: cannot unmarshal into string');
  }
  return settings;
}

try {
  tools[tool]();
  fs.writeFileSync(modelFile, JSON.stringify(model));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`ERROR ${error.message}\n`);
  process.exitCode = error.code;
}
