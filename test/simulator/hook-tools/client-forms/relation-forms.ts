import type { ClientForm } from './client-form.ts';

const MYSQL_BAG =
  '{"egress-subnets":"127.0.0.1/32","host":"h","ingress-address":"127.0.0.1","port":"3306","private-address":"127.0.0.1"}\n';

/** How relation-get is called. */
export const RELATION_GET_FORMS: readonly ClientForm[] = [
  { client: 'both', in: 'relation', argv: ['relation-get', '--format=json', '-'], stdout: MYSQL_BAG },
  {
    client: 'charm-helpers',
    argv: ['relation-get', '--format=json', '-r', 'db:1', '-', 'mysql/0'],
    stdout: MYSQL_BAG,
  },
  {
    client: 'charm-helpers',
    in: 'relation',
    argv: ['relation-get', '--format=json', 'port', 'mysql/0'],
    stdout: '"3306"\n',
  },
  {
    client: 'charm-helpers',
    argv: ['relation-get', '--format=json', '--app', '-r', 'db:1', '-', 'mysql'],
    stdout: '{"version":"8"}\n',
  },
  {
    client: 'charm-helpers',
    argv: ['relation-get', '--format=json', '--app', '-r', 'db:1', 'version', 'mysql/0'],
    stdout: '"8"\n',
  },
  {
    client: 'charm-helpers',
    in: 'broken',
    argv: ['relation-get', '--format=json', '-'],
    stdout: '{"version":"8"}\n',
  },
  {
    client: 'charm-helpers',
    argv: ['relation-get', '--format=json', '-'],
    exitCode: 2,
    stderr: 'ERROR no relation id specified\n',
  },
  {
    client: 'charm-helpers',
    in: 'relation',
    argv: ['relation-get', '--format=json', '-', 'mysql'],
    exitCode: 2,
    stderr: 'ERROR expected unit name, got application name "mysql"\n',
  },
  {
    client: 'charm-helpers',
    in: 'relation',
    argv: ['relation-get', '--format=json', 'none', 'mysql/0'],
    stdout: 'null\n',
  },
  { client: 'ops', argv: ['relation-get', '--format=json', '-r', '1', '-', 'mysql/0'], stdout: MYSQL_BAG },
  {
    client: 'ops',
    argv: ['relation-get', '--format=json', '-r', '1', '--app', '-', 'mysql'],
    stdout: '{"version":"8"}\n',
  },
  {
    client: 'ops',
    argv: ['relation-get', '--format=json', '-r', '99', '-', 'mysql/0'],
    exitCode: 2,
    stderr: 'ERROR invalid value "99" for option -r: relation not found\n',
  },
  {
    client: 'ops',
    in: 'follower',
    argv: ['relation-get', '--format=json', '-r', '1', '--app', '-', 'wp'],
    exitCode: 1,
    stderr: 'ERROR permission denied\n',
  },
];

const OWN_BAG: readonly string[] = ['relation-get', '--format=json', '-r', '1', '-', 'wp/0'];
const ADDRESSES = '"egress-subnets":"127.0.0.1/32","ingress-address":"127.0.0.1"';

/** How relation-set is called. */
export const RELATION_SET_FORMS: readonly ClientForm[] = [
  {
    client: 'charm-helpers',
    argv: ['relation-set', '-r', 'db:1', '--file', 'settings.yaml'],
    reads: [OWN_BAG, `{${ADDRESSES},"port":"80","private-address":"127.0.0.1"}\n`],
  },
  {
    client: 'charm-helpers',
    in: 'relation',
    argv: ['relation-set', '--file', 'settings.yaml'],
    reads: [OWN_BAG, `{${ADDRESSES},"port":"80","private-address":"127.0.0.1"}\n`],
  },
  {
    client: 'charm-helpers',
    argv: ['relation-set', '--app', '-r', 'db:1', '--file', 'settings.yaml'],
    reads: [['relation-get', '--format=json', '-r', '1', '--app', '-', 'wp'], '{"port":"80"}\n'],
  },
  {
    client: 'charm-helpers',
    argv: ['relation-set', '-r', 'db:1', 'a=1', 'private-address='],
    reads: [OWN_BAG, `{"a":"1",${ADDRESSES}}\n`],
  },
  {
    client: 'ops',
    argv: ['relation-set', '-r', '1', '--file', '-'],
    stdin: '{"a": "é\\n", "private-address": ""}',
    reads: [OWN_BAG, `{"a":"é\\n",${ADDRESSES}}\n`],
  },
  {
    client: 'ops',
    argv: ['relation-set', '-r', '1', '--app', '--file', '-'],
    stdin: '{"a": "1"}',
    reads: [['relation-get', '--format=json', '-r', '1', '--app', 'a', 'wp'], '"1"\n'],
  },
  {
    client: 'ops',
    in: 'follower',
    argv: ['relation-set', '-r', '1', '--app', '--file', '-'],
    stdin: '{}',
    exitCode: 1,
    stderr: 'ERROR cannot write relation settings\n',
  },
];

/** How relation-ids and relation-list are called. */
export const RELATION_LIST_FORMS: readonly ClientForm[] = [
  { client: 'charm-helpers', argv: ['relation-ids', '--format=json', 'db'], stdout: '["db:1"]\n' },
  { client: 'charm-helpers', in: 'relation', argv: ['relation-ids', '--format=json'], stdout: '["db:1"]\n' },
  { client: 'charm-helpers', in: 'broken', argv: ['relation-ids', '--format=json', 'db'], stdout: '[]\n' },
  { client: 'ops', argv: ['relation-ids', 'db', '--format=json'], stdout: '["db:1"]\n' },
  { client: 'ops', argv: ['relation-ids', 'none', '--format=json'], stdout: '[]\n' },
  {
    client: 'charm-helpers',
    in: 'relation',
    argv: ['relation-list', '--format=json'],
    stdout: '["mysql/0"]\n',
  },
  {
    client: 'charm-helpers',
    argv: ['relation-list', '--format=json', '-r', 'db:1'],
    stdout: '["mysql/0"]\n',
  },
  {
    client: 'charm-helpers',
    in: 'peer-relation',
    argv: ['relation-list', '--format=json', '--app'],
    stdout: '"wp"\n',
  },
  {
    client: 'charm-helpers',
    in: 'broken',
    argv: ['relation-list', '--format=json', '--app'],
    stdout: '"mysql"\n',
  },
  { client: 'ops', argv: ['relation-list', '--format=json', '-r', '1'], stdout: '["mysql/0"]\n' },
  { client: 'ops', argv: ['relation-list', '--format=json', '--app', '-r', '1'], stdout: '"mysql"\n' },
  {
    client: 'ops',
    argv: ['relation-list', '--format=json', '-r', '7'],
    exitCode: 2,
    stderr: 'ERROR invalid value "7" for option -r: relation not found\n',
  },
];
