import { managedSecrets, secretNotFound } from '../agent/managed-secrets.ts';
import type { SecretFacts } from '../agent/secret-changes.ts';
import { readSecret } from '../agent/secret-reader.ts';
import { describeAccess } from '../report/secret-grants.ts';
import { decodeContent } from '../state/secret-content.ts';
import type { HookTool, ToolCall } from './hook-tool.ts';
import { readSecretId, textFlag } from './secret-arguments.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

/** `secret-get`: the revision that this unit tracks, or the newest. */
export const secretGet: HookTool = {
  name: 'secret-get',
  usage: '[options] <ID> [key[#base64]]',
  summary: 'Get the content of a secret.',
  details:
    'Prints the content of a secret, or the value of one key, in base64 where #base64 follows the key.\nWhat is read first is the latest revision, and from then on the same one. --peek reads the latest just this once, and\n--refresh from now on. A label given with the ID stands for it from now on.',
  format: 'yaml',
  flags: () => [
    textFlag('label', 'a label used to identify the secret in hooks'),
    switchFlag('peek', 'get the latest revision just this time'),
    switchFlag('refresh', 'get the latest revision and also get this same revision for subsequent calls'),
  ],
  run(call) {
    const [reference, key, ...surplus] = call.positionals;
    const id = reference === undefined ? undefined : readSecretId(reference);
    const label = call.texts.get('label') ?? '';
    if (id === undefined && label === '') throw new ToolUsageError(NEITHER);
    const revision = readRevisionChoice(call);
    refuseSurplus(surplus);
    const content = readSecret(call.context, { ...(id === undefined ? {} : { id }), label, revision });
    if (key === undefined) return { value: decodeContent(content) };
    const name = key.replace(/#base64$/, '');
    const value = Object.hasOwn(content, name) ? content[name] : undefined;
    if (value === undefined) throw new ToolFailure(`secret key value ${JSON.stringify(name)} not found`);
    return { value: name === key ? decodeContent({ [name]: value })[name] : value };
  },
};

/** `secret-info-get`: what is known of a secret but for its content, for who may change it. */
export const secretInfoGet: HookTool = {
  name: 'secret-info-get',
  usage: '[options] <ID>',
  summary: "Get a secret's metadata info.",
  details: 'Prints what is known of a secret, by its ID or its label, to who may change it.',
  format: 'yaml',
  flags: () => [textFlag('label', 'a label used to identify the secret')],
  run(call) {
    const [reference, ...surplus] = call.positionals;
    const id = reference === undefined ? undefined : readSecretId(reference);
    const label = call.texts.get('label') ?? '';
    if (id === undefined && label === '') throw new ToolUsageError(NEITHER);
    if (id !== undefined && label !== '') {
      throw new ToolUsageError('specify either a secret URI or label but not both');
    }
    refuseSurplus(surplus);
    const isMeant = (facts: SecretFacts) => (id === undefined ? facts.label === label : facts.id === id);
    const facts = managedSecrets(call.context).find(isMeant);
    if (facts === undefined) throw secretNotFound(id ?? label);
    return { value: { [facts.id]: describeSecret(call, facts) } };
  },
};

/** `secret-ids`: of the secrets that this unit may change, without `secret:`, in no order. */
export const secretIds: HookTool = {
  name: 'secret-ids',
  usage: '[options]',
  summary: 'Print secret IDs.',
  format: 'smart',
  run(call) {
    refuseSurplus(call.positionals);
    const ids = managedSecrets(call.context).map(({ id }) => id);
    // Juju has no list at all where there is nothing, which only JSON shows.
    return { value: ids.length === 0 && call.format === 'json' ? null : ids };
  },
};

const NEITHER = 'require either a secret URI or label';

function switchFlag(name: string, help: string) {
  return { key: name, names: [`--${name}`], kind: 'boolean', help, fallback: 'false' } as const;
}

function readRevisionChoice({ switches }: ToolCall): 'tracked' | 'peek' | 'refresh' {
  const [isPeek, isRefresh] = [switches.has('peek'), switches.has('refresh')];
  if (isPeek && isRefresh) throw new ToolUsageError('specify one of --peek or --refresh but not both');
  if (isRefresh) return 'refresh';
  return isPeek ? 'peek' : 'tracked';
}

/** In the order of Juju's fields; what was never set is not there, but for the label. */
function describeSecret({ context }: ToolCall, facts: SecretFacts): ReadonlyMap<string, unknown> {
  const { description, rotate, expire, nextRotate } = facts;
  const access = describeAccess(context.state, facts.grants);
  return new Map<string, unknown>([
    ['revision', facts.latest],
    ['label', facts.label],
    ['owner', facts.owner.kind],
    ...(description === '' ? [] : [['description', description] as const]),
    ...(rotate === 'never' ? [] : [['rotation', rotate] as const]),
    ...(expire === null ? [] : [['expiry', new Date(expire)] as const]),
    ...(nextRotate === null ? [] : [['rotates', new Date(nextRotate)] as const]),
    ...(access.length === 0 ? [] : [['access', access.map((one) => new Map(Object.entries(one)))] as const]),
  ]);
}
