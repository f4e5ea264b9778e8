import { requireManaged } from '../agent/managed-secrets.ts';
import { isEmptyContent } from '../state/secret-content.ts';
import { secretUri } from '../state/secret-uri.ts';
import type { HookTool } from './hook-tool.ts';
import { readSecretArguments, requireSecretId, secretFlags } from './secret-arguments.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

/** `secret-add`: answers the id at once, and makes the secret when the hook succeeds. */
export const secretAdd: HookTool = {
  name: 'secret-add',
  usage: '[options] [key[#base64|#file]=value...]',
  summary: 'Add a new secret.',
  details:
    'Makes a secret of key values. A key that ends in #base64 has a value that is in base64 already; the value of one that\nends in #file is read from that file.\nThe secret is owned by the application, and managed by its leader, unless --owner says unit.',
  flags: () => secretFlags,
  run(call) {
    const { context, positionals, texts } = call;
    if (positionals.length === 0 && !texts.get('file')) {
      throw new ToolUsageError('missing secret value or filename');
    }
    const { owner: kind, content, settings } = readSecretArguments(call, positionals);
    if (isEmptyContent(content)) throw new ToolFailure('empty secret value not valid');
    if (kind === 'application') context.requireLeader();
    const owner = { kind, name: kind === 'unit' ? context.unit.name : context.application.name };
    return { text: `${secretUri(context.changes.secrets.add(owner, content, settings))}\n` };
  },
};

/** `secret-set`: a new revision where the content differs, one a hook, made when the hook succeeds. */
export const secretSet: HookTool = {
  name: 'secret-set',
  usage: '[options] <ID> [key[#base64|#file]=value...]',
  summary: 'Update an existing secret.',
  details:
    'Gives a secret other content, of key values as secret-add takes them, or changes what else is known of it.\nWithout key values its content stays as it is.',
  flags: () => secretFlags,
  run(call) {
    const [reference, ...pairs] = call.positionals;
    const id = requireSecretId(reference);
    const { content, settings } = readSecretArguments(call, pairs);
    call.context.changes.secrets.set(requireManaged(call.context, id), content, settings);
    return undefined;
  },
};

/** `secret-remove`: the whole secret, or one revision, when the hook succeeds. */
export const secretRemove: HookTool = {
  name: 'secret-remove',
  usage: '[options] <ID>',
  summary: 'Remove an existing secret.',
  flags: () => [
    {
      key: 'revision',
      names: ['--revision'],
      kind: 'text',
      help: 'remove the specified revision',
      fallback: '0',
      read: readInteger,
    },
  ],
  run(call) {
    const [reference, ...surplus] = call.positionals;
    const id = requireSecretId(reference);
    refuseSurplus(surplus);
    requireManaged(call.context, id);
    const revision = Number(call.texts.get('revision') ?? 0);
    call.context.changes.secrets.remove(id, revision > 0 ? revision : undefined);
    return undefined;
  },
};

function readInteger(text: string): string {
  if (/^[-+]?\d+$/.test(text)) return text;
  throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}
