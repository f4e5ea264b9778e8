import type { HookTool } from './hook-tool.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolFailure } from './tool-errors.ts';

/** `credential-get`: the cloud with its credential, both made up, for a charm that the operator trusts. */
export const credentialGet: HookTool = {
  name: 'credential-get',
  usage: '[options]',
  summary: 'Access cloud credentials.',
  details: "credential-get returns the cloud specification used by the unit's model.",
  format: 'smart',
  run(call) {
    refuseSurplus(call.positionals);
    if (!call.context.application.trust) {
      throw new ToolFailure('cannot access cloud credentials: permission denied');
    }
    return { value: call.format === 'json' ? CLOUD : CLOUD_IN_YAML };
  },
};

const ATTRIBUTES = {
  'client-cert': 'simulated certificate',
  'client-key': 'simulated key',
  'server-cert': 'simulated server certificate',
};

const CLOUD = new Map<string, unknown>([
  ['type', 'lxd'],
  ['name', 'localhost'],
  ['region', 'localhost'],
  ['endpoint', 'https://127.0.0.1:8443'],
  [
    'credential',
    new Map<string, unknown>([
      ['auth-type', 'certificate'],
      ['attrs', ATTRIBUTES],
    ]),
  ],
  ['is-controller-cloud', true],
]);

/** YAML has the names of Go's fields, and those that are empty too (as in Juju). */
const CLOUD_IN_YAML = new Map<string, unknown>([
  ['type', 'lxd'],
  ['name', 'localhost'],
  ['region', 'localhost'],
  ['endpoint', 'https://127.0.0.1:8443'],
  ['identityendpoint', ''],
  ['storageendpoint', ''],
  [
    'credential',
    new Map<string, unknown>([
      ['authtype', 'certificate'],
      ['attributes', ATTRIBUTES],
      ['redacted', []],
    ]),
  ],
  ['cacertificates', []],
  ['skiptlsverify', false],
  ['iscontrollercloud', true],
]);
