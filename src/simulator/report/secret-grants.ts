import type { ModelState } from '../state/model-state.ts';
import { relationKey } from '../state/relation-scope.ts';
import type { SecretGrant } from '../state/secret-state.ts';

/** That somebody may read a secret, as Juju shows it: everybody by their tag, `application-redis`, `unit-redis-0`. */
export interface SecretAccess {
  readonly target: string;
  /** What the grant lasts as long as: `relation-web.db#redis.server`, or `model-<uuid>`. */
  readonly scope: string;
  readonly role: 'view';
}

/** Who was granted a secret, in the order of Juju's fields. */
export function describeAccess(state: ModelState, grants: readonly SecretGrant[]): SecretAccess[] {
  return grants.map(({ subject, relation }) => ({
    target: `${subject.kind}-${subject.name.replace('/', '-')}`,
    scope: relation === null ? `model-${state.uuid}` : relationTag(state, relation),
    role: 'view',
  }));
}

function relationTag(state: ModelState, id: number): string {
  const relation = state.relations[id];
  const key = relation === undefined ? '' : relationKey(relation);
  return `relation-${key.replaceAll(':', '.').replace(' ', '#')}`;
}
