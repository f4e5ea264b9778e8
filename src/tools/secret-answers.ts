import type { SecretInfo } from './secret-tools.ts';
import { mapOf } from './tool-answers.ts';

/** What secret-info-get answers: one id, without `secret:`, to what is known; an empty text is what was never set. */
export function toSecretInfo(answer: unknown): SecretInfo {
  const [id = '', known] = Object.entries(mapOf(answer))[0] ?? [];
  const { revision, owner, access, ...texts } = mapOf(known);
  return {
    ...Object.fromEntries(
      Object.entries(texts).filter(([, text]) => typeof text === 'string' && text !== ''),
    ),
    id: withScheme(id),
    revision: Number(revision),
    owner: owner === 'unit' ? 'unit' : 'application',
    ...(Array.isArray(access) ? { access } : {}),
  };
}

/** A secret's id with `secret:` before it, as everything else takes it. */
export function withScheme(id: string): string {
  return id.startsWith('secret:') ? id : `secret:${id}`;
}
