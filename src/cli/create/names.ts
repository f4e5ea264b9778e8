import { APPLICATION_NAME, ENDPOINT_NAME, isReservedName } from '../../metadata/name-rules.ts';
import { CommandFailure } from '../sim/command-failure.ts';

/** What can be created. */
export type CreatedKind = 'charm' | 'layer' | 'interface';

/**
 * Throws where a name is none that a charm, layer or interface can have: for a charm Juju's rule, for an interface what
 * charms can provide, for a layer what can be included, and imported, by that name.
 */
export function checkName(kind: CreatedKind, name: string): void {
  const rule = RULES[kind];
  if (!rule.pattern.test(name)) {
    throw new CommandFailure(
      `cannot create the ${kind} "${name}": that is no ${kind}'s name; ${rule.remedy}`,
    );
  }
  if (kind !== 'layer' && isReservedName(name)) {
    throw new CommandFailure(
      `cannot create the ${kind} "${name}": Juju keeps "juju" and "juju-…" for itself; choose another name`,
    );
  }
}

const RULES: Readonly<Record<CreatedKind, { readonly pattern: RegExp; readonly remedy: string }>> = {
  charm: {
    pattern: APPLICATION_NAME,
    remedy:
      'use lower-case letters, digits and single dashes, begin with a letter, and have a letter in each part',
  },
  layer: {
    pattern: ENDPOINT_NAME,
    remedy: 'use lower-case letters, digits and single dashes or underscores, and begin with a letter',
  },
  interface: {
    pattern: ENDPOINT_NAME,
    remedy: 'use lower-case letters, digits and single dashes or underscores, and begin with a letter',
  },
};

/** How a name begins classes' names: `my-app-b2` is `MyAppB2`. */
export function toIdentifier(name: string): string {
  return partsOf(name).join('');
}

/** How people read a name: `my-app` is `My App`. */
export function toTitle(name: string): string {
  return partsOf(name).join(' ');
}

/** How flags of a charm or a layer begin: by its name, unless flags that begin so have another meaning. */
export function toFlagPrefix(kind: CreatedKind, name: string): string {
  return ['config', 'endpoint'].includes(name) ? `${name}-${kind}` : name;
}

function partsOf(name: string): readonly string[] {
  return name.split(/[-_]/).map((part) => part.slice(0, 1).toUpperCase() + part.slice(1));
}
