'use strict';
// The fake hook tools about the unit: config, status, leadership, ports, addresses, the log.

const call = require('./fake-tool-call.cjs');
const { FORMAT, RELATION, failed, flag, malformed, now, text } = call;

function portOf(positionals) {
  const [spec] = positionals;
  if (!spec) throw malformed('no port or range specified');
  const [, range, protocol = 'tcp'] = /^([^/]*)(?:\/(.*))?$/.exec(spec.toLowerCase());
  if (range === 'icmp' || protocol === 'icmp') return { protocol: 'icmp', from: 0, to: 0 };
  if (!['tcp', 'udp'].includes(protocol)) {
    throw malformed(`invalid protocol "${protocol}", expected "tcp", "udp", or "icmp"`);
  }
  const [from, to = from] = range.split('-').map(Number);
  if (!/^\d+(-\d+)?$/.test(range) || to > 65535 || from > to) throw malformed(`invalid port "${range}"`);
  return { protocol, from, to };
}

function nameOf({ protocol, from, to }) {
  if (protocol === 'icmp') return 'icmp';
  return from === to ? `${from}/${protocol}` : `${from}-${to}/${protocol}`;
}

const isSame = (a, b) => nameOf(a) === nameOf(b);
const overlaps = (a, b) => a.protocol === b.protocol && a.from <= b.to && b.from <= a.to;
const comparePorts = (a, b) => a.protocol.localeCompare(b.protocol) || a.from - b.from;

/** Ports, each with the endpoints that it is open for; none is all of them. */
function parsePort({ parse }) {
  const { options, positionals } = parse({ '--endpoints': text('endpoints') });
  const endpoints = options.endpoints ? options.endpoints.split(',') : [''];
  return { port: portOf(positionals), endpoints };
}

function details({ status, message }, withData) {
  return withData ? { message, status, 'status-data': {} } : { status };
}

module.exports = {
  'config-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse({ ...FORMAT, '--all': flag('all'), '-a': flag('all') });
    if (positionals.length > 0) throw malformed('this fake gives all options or none');
    const given = Object.entries(model.config).filter(([, value]) => options.all || value !== null);
    answer(Object.fromEntries(given), options.format);
  },
  'status-set': ({ model, parse }) => {
    const { options, positionals } = parse({ '--application': flag('application') });
    const [status, message = ''] = call.atMost(2, positionals);
    if (!['maintenance', 'blocked', 'waiting', 'active'].includes(status)) {
      throw malformed(`invalid status "${status}", expected one of [maintenance blocked waiting active]`);
    }
    if (options.application && !model.isLeader) throw failed('this unit is not the leader');
    model[options.application ? 'applicationStatus' : 'status'] = { status, message };
  },
  'status-get': ({ model, parse, answer }) => {
    const { options } = parse({
      ...FORMAT,
      '--include-data': flag('data'),
      '--application': flag('application'),
    });
    if (!options.application) return answer(details(model.status, options.data), options.format);
    if (!model.isLeader) throw failed('finding application status: this unit is not the leader');
    const units = Object.entries(model.unitStatuses).map(([unit, status]) => [
      unit,
      details(status, options.data),
    ]);
    const status = { ...details(model.applicationStatus, options.data), units: Object.fromEntries(units) };
    return answer({ 'application-status': status }, options.format);
  },
  'application-version-set': ({ model, parse }) => {
    const { positionals } = parse();
    if (positionals.length !== 1) throw malformed('no version specified');
    model.applicationVersion = positionals[0];
  },
  'is-leader': ({ model, parse, answer }) => answer(model.isLeader, parse(FORMAT).options.format),
  'leader-get': ({ model, parse, answer }) => answer(model.leaderSettings, parse(FORMAT).options.format),
  'leader-set': ({ model, parse }) => {
    const pairs = call.pairsOf(parse().positionals);
    if (!model.isLeader) {
      throw failed('cannot write leadership settings: cannot write settings: not the leader');
    }
    const kept = Object.entries({ ...model.leaderSettings, ...pairs }).filter(([, value]) => value !== '');
    model.leaderSettings = Object.fromEntries(kept);
  },
  'open-port': ({ model, parse }) => {
    const { port, endpoints } = parsePort({ parse });
    const ports = now(model, 'ports');
    const conflict = ports.find((open) => !isSame(open, port) && overlaps(open, port));
    if (conflict) {
      const why = `port range conflicts with ${nameOf(conflict)} (unit "${model.unit}")`;
      throw failed(`cannot open ${nameOf(port)} (unit "${model.unit}"): ${why}`);
    }
    const opened = endpoints.map((endpoint) => ({ ...port, endpoint }));
    const isOpen = (one) => ports.some((open) => isSame(open, one) && open.endpoint === one.endpoint);
    model.pending.ports = [...ports, ...opened.filter((one) => !isOpen(one))];
  },
  'close-port': ({ model, parse }) => {
    const { port, endpoints } = parsePort({ parse });
    const isClosed = (open) =>
      isSame(open, port) && (endpoints.includes('') || endpoints.includes(open.endpoint));
    model.pending.ports = now(model, 'ports').filter((open) => !isClosed(open));
  },
  'opened-ports': ({ model, parse, answer }) => {
    const names = [...now(model, 'ports')].sort(comparePorts).map(nameOf);
    answer([...new Set(names)], parse(FORMAT).options.format);
  },
  'network-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse({ ...FORMAT, ...RELATION });
    if (!positionals[0]) throw malformed('no arguments specified');
    if (options.relation !== undefined) call.relationOf(model, options.relation);
    const { address } = model;
    const device = {
      'mac-address': '',
      'interface-name': 'eth0',
      addresses: [{ hostname: '', value: address, cidr: '' }],
    };
    const found = {
      'bind-addresses': [device],
      'egress-subnets': [`${address}/32`],
      'ingress-addresses': [address],
    };
    answer(found, options.format);
  },
  'unit-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse(FORMAT);
    const [setting] = positionals;
    if (!setting) throw malformed('no setting specified');
    if (setting !== 'private-address' && setting !== 'public-address') {
      throw malformed(`unknown setting "${setting}"`);
    }
    if (!model.address) throw failed(`${setting.replace('-', ' ')} not found`);
    answer(model.address, options.format);
  },
  'juju-log': ({ model, parse }) => {
    const level = { '-l': text('level'), '--log-level': text('level'), '--debug': flag('debug') };
    const { options, positionals } = parse(level);
    if (positionals.length === 0) throw malformed('no message specified');
    model.logged.push({ level: options.level ?? 'INFO', message: positionals.join(' ') });
  },
};
