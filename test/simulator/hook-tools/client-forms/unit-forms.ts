import type { ClientForm } from './client-form.ts';

const PORTS_ERROR =
  'ERROR invalid port "x", expected "<port>[/<protocol>]", "<from>-<to>[/<protocol>]" or "icmp"\n';

/** How config-get is called. */
export const CONFIG_FORMS: readonly ClientForm[] = [
  {
    client: 'charm-helpers',
    argv: ['config-get', '--all', '--format=json'],
    stdout: '{"debug":false,"name":null,"port":1000000}\n',
  },
  { client: 'ops', argv: ['config-get', '--format=json'], stdout: '{"debug":false,"port":1000000}\n' },
  { client: 'ops', argv: ['config-get', '--format=json', 'port'], stdout: '1000000\n' },
  { client: 'ops', argv: ['config-get', '--format=json', 'name'], stdout: 'null\n' },
];

const STATUS_READ: readonly string[] = ['status-get', '--include-data', '--format=json'];

/** How status-set, status-get and application-version-set are called. */
export const STATUS_FORMS: readonly ClientForm[] = [
  {
    client: 'charm-helpers',
    argv: ['status-set', 'blocked', 'need a database'],
    reads: [STATUS_READ, '{"message":"need a database","status":"blocked","status-data":{}}\n'],
  },
  {
    client: 'charm-helpers',
    argv: ['status-set', '--application', 'waiting', 'for all'],
    reads: [['status-get', '--application'], 'waiting\n'],
  },
  {
    client: 'charm-helpers',
    argv: ['status-set', 'error', 'no'],
    exitCode: 2,
    stderr: 'ERROR invalid status "error", expected one of [maintenance blocked waiting active]\n',
  },
  {
    client: 'ops',
    argv: ['status-set', '--application=False', 'active', '--', '-msg'],
    reads: [STATUS_READ, '{"message":"-msg","status":"active","status-data":{}}\n'],
  },
  {
    client: 'ops',
    argv: ['status-set', '--application=True', 'active', '--', 'msg'],
    reads: [['status-get', '--application'], 'active\n'],
  },
  {
    client: 'ops',
    argv: ['status-set', '--application=False', 'maintenance'],
    reads: [STATUS_READ, '{"message":"","status":"maintenance","status-data":{}}\n'],
  },
  {
    client: 'ops',
    in: 'follower',
    argv: ['status-set', '--application=True', 'active', '--', 'msg'],
    exitCode: 1,
    stderr: 'ERROR this unit is not the leader\n',
  },
  {
    client: 'charm-helpers',
    argv: ['status-get', '--format=json', '--include-data'],
    stdout: '{"message":"ready","status":"active","status-data":{}}\n',
  },
  {
    client: 'ops',
    argv: ['status-get', '--include-data', '--format=json', '--application=false'],
    stdout: '{"message":"ready","status":"active","status-data":{}}\n',
  },
  {
    client: 'ops',
    argv: ['status-get', '--include-data', '--format=json', '--application=true'],
    stdout:
      '{"application-status":{"message":"ready","status":"active","status-data":{},"units":{"wp/0":{"message":"ready","status":"active","status-data":{}},"wp/1":{"message":"ready","status":"active","status-data":{}}}}}\n',
  },
  { client: 'charm-helpers', argv: ['application-version-set', '1.2'] },
  { client: 'ops', argv: ['application-version-set', '--', '-1.2'] },
];

/** How is-leader, leader-get and leader-set are called. */
export const LEADERSHIP_FORMS: readonly ClientForm[] = [
  { client: 'both', argv: ['is-leader', '--format=json'], stdout: 'true\n' },
  { client: 'both', in: 'follower', argv: ['is-leader', '--format=json'], stdout: 'false\n' },
  { client: 'charm-helpers', argv: ['leader-get', '--format=json', '-'], stdout: '{}\n' },
  { client: 'charm-helpers', argv: ['leader-get', '--format=json', 'key'], stdout: 'null\n' },
  {
    client: 'charm-helpers',
    argv: ['leader-set', 'key=value', 'gone='],
    reads: [['leader-get', '--format=json', '-'], '{"key":"value"}\n'],
  },
  {
    client: 'charm-helpers',
    in: 'follower',
    argv: ['leader-set', 'key=value'],
    exitCode: 1,
    stderr: 'ERROR cannot write leadership settings: cannot write settings: not the leader\n',
  },
];

/** How unit-get and network-get are called. */
export const NETWORK_FORMS: readonly ClientForm[] = [
  {
    client: 'charm-helpers',
    argv: ['unit-get', '--format=json', 'private-address'],
    stdout: '"127.0.0.1"\n',
  },
  { client: 'charm-helpers', argv: ['unit-get', '--format=json', 'public-address'], stdout: '"127.0.0.1"\n' },
  { client: 'charm-helpers', argv: ['network-get', '--primary-address', 'db'], stdout: '127.0.0.1\n' },
  {
    client: 'charm-helpers',
    argv: ['network-get', '--primary-address', 'none'],
    exitCode: 1,
    stderr: 'ERROR no network config found for binding "none"\n',
  },
  ...[
    ['network-get', 'db', '--format', 'yaml'],
    ['network-get', 'db', '--format', 'yaml', '-r', 'db:1'],
  ].map(
    (argv): ClientForm => ({
      client: 'charm-helpers',
      argv,
      stdout: `bind-addresses:
- mac-address: "00:00:00:00:00:00"
  interface-name: lo
  addresses:
  - hostname: ""
    address: 127.0.0.1
    value: 127.0.0.1
    cidr: 127.0.0.0/8
  macaddress: "00:00:00:00:00:00"
  interfacename: lo
egress-subnets:
- 127.0.0.1/32
ingress-addresses:
- 127.0.0.1
`,
    }),
  ),
  ...[
    ['network-get', '--format=json', 'db'],
    ['network-get', '--format=json', '-r', '1', 'db'],
  ].map(
    (argv): ClientForm => ({
      client: 'ops',
      argv,
      stdout:
        '{"bind-addresses":[{"mac-address":"00:00:00:00:00:00","interface-name":"lo","addresses":[{"hostname":"","value":"127.0.0.1","cidr":"127.0.0.0/8"}]}],"egress-subnets":["127.0.0.1/32"],"ingress-addresses":["127.0.0.1"]}\n',
    }),
  ),
];

const OPENED: readonly string[] = ['opened-ports', '--format=json'];

/** How open-port, close-port and opened-ports are called. */
export const PORT_FORMS: readonly ClientForm[] = [
  { client: 'charm-helpers', argv: ['open-port', '80/TCP'], reads: [OPENED, '["80/tcp"]\n'] },
  { client: 'charm-helpers', argv: ['open-port', 'ICMP'], reads: [OPENED, '["icmp"]\n'] },
  { client: 'charm-helpers', argv: ['open-port', '1000-2000/UDP'], reads: [OPENED, '["1000-2000/udp"]\n'] },
  { client: 'charm-helpers', argv: ['close-port', '80/TCP'], reads: [OPENED, '[]\n'] },
  { client: 'charm-helpers', argv: ['close-port', 'ICMP'], reads: [OPENED, '[]\n'] },
  { client: 'charm-helpers', argv: ['opened-ports', '--format=json'], stdout: '[]\n' },
  { client: 'ops', argv: ['open-port', '80/tcp'], reads: [OPENED, '["80/tcp"]\n'] },
  { client: 'ops', argv: ['open-port', 'icmp'], reads: [OPENED, '["icmp"]\n'] },
  { client: 'ops', argv: ['open-port', '80-90'], reads: [OPENED, '["80-90/tcp"]\n'] },
  {
    client: 'ops',
    argv: ['open-port', '--endpoints', 'db,cluster', '80/tcp'],
    reads: [['opened-ports', '--endpoints', '--format=json'], '["80/tcp (cluster, db)"]\n'],
  },
  { client: 'ops', argv: ['close-port', '--endpoints', 'db', '80/tcp'], reads: [OPENED, '[]\n'] },
  { client: 'ops', argv: ['opened-ports', '--endpoints', '--format=json'], stdout: '[]\n' },
  { client: 'ops', argv: ['open-port', 'x'], exitCode: 2, stderr: PORTS_ERROR },
];
