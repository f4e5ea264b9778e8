import type { EndpointDeclaration, Role } from '../metadata/charm-metadata.ts';

const ROLE_AND_INTERFACE = /\{([^:{}]+):([^{}]+)\}/;
const ALTERNATIVES = /\{([^:{}]+)\}/;
/** `peer` is the reference's documented word for what its code calls `peers`; both are understood. */
const ROLES: Readonly<Record<string, Role>> = {
  provides: 'provides',
  requires: 'requires',
  peers: 'peers',
  peer: 'peers',
};

/**
 * The hook names a pattern stands for, in this charm.
 *
 * `{role:interface}` becomes each endpoint of that role and interface (none, if the charm has none), `{a,b}` each of
 * its parts, every combination of them.
 * @throws TypeError when a role is none of provides, requires and peers, or a brace is never closed.
 */
export function expandHookPattern(pattern: string, endpoints: readonly EndpointDeclaration[]): string[] {
  refuseStrayBraces(pattern);
  const named = expand([pattern], ROLE_AND_INTERFACE, ([role = '', interfaceName = '']) =>
    endpointsOf(pattern, endpoints, role.trim(), interfaceName.trim()),
  );
  return expand(named, ALTERNATIVES, ([parts = '']) => parts.split(',').map((part) => part.trim()));
}

/** Whether the running hook is one that the patterns stand for. */
export function matchesHook(
  hook: string,
  patterns: readonly string[],
  endpoints: readonly EndpointDeclaration[],
): boolean {
  return patterns.some((pattern) => expandHookPattern(pattern, endpoints).includes(hook));
}

function refuseStrayBraces(pattern: string): void {
  let rest = pattern;
  for (let before = ''; before !== rest; rest = rest.replaceAll(/\{[^{}]+\}/g, '-')) before = rest;
  if (!/[{}]/.test(rest)) return;
  throw new TypeError(`cannot read the hook pattern "${pattern}": a brace is not closed, or never opened`);
}

function endpointsOf(
  pattern: string,
  endpoints: readonly EndpointDeclaration[],
  roleName: string,
  interfaceName: string,
): string[] {
  const role = Object.hasOwn(ROLES, roleName) ? ROLES[roleName] : undefined;
  if (!role) {
    throw new TypeError(
      `cannot read the hook pattern "${pattern}": "${roleName}" is no role; use provides, requires or peers`,
    );
  }
  return endpoints
    .filter((endpoint) => endpoint.role === role && endpoint.interface === interfaceName)
    .map((endpoint) => endpoint.name);
}

/** Replaces one group at a time, so that every combination of groups comes out. */
function expand(texts: readonly string[], group: RegExp, replace: (groups: string[]) => string[]): string[] {
  return texts.flatMap((text) => {
    const match = group.exec(text);
    if (!match) return [text];
    const rest = replace(match.slice(1)).map(
      (part) => text.slice(0, match.index) + part + text.slice(match.index + match[0].length),
    );
    return expand(rest, group, replace);
  });
}
