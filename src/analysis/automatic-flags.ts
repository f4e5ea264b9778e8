import type { Node } from '@babel/types';
import type { ClassFinder } from './class-finder.ts';
import type { CodeSources } from './code-sources.ts';
import type { Evaluator } from './evaluator.ts';
import { ANYTHING, type FlagText, joinTexts, known } from './flag-text.ts';
import { isClass } from './syntax-tree.ts';

/** What the framework keeps for an endpoint of each kind, beyond `joined`, `departed` and `changed`. */
const BY_CLASS: Readonly<Record<string, readonly string[]>> = {
  RequesterEndpoint: ['has_responses', 'all_responses', 'malformed_responses'],
  ResponderEndpoint: ['has_requests', 'new_requests', 'malformed_requests'],
};

/** The flags that the framework keeps itself, of a charm's endpoints and of a series that is being upgraded. */
export function automaticFlags(
  code: CodeSources,
  evaluator: Evaluator,
  classes: ClassFinder,
): readonly FlagText[] {
  const special = new Map(code.roles.map((role) => [role, specialFlags(role.path, evaluator, classes)]));
  const ofEndpoints = code.endpoints.flatMap((endpoint) => {
    const own = code.roles
      .filter((role) => role.interface === endpoint.interface && role.role === endpoint.role)
      .flatMap((role) => special.get(role) ?? []);
    const names = ['joined', 'departed', 'broken', 'changed', ...own];
    const prefix = known(`endpoint.${endpoint.name}.`);
    return [
      ...names.map((name) => joinTexts(prefix, known(name))),
      joinTexts(prefix, known('changed.'), ANYTHING),
    ];
  });
  return [...ofEndpoints, known('upgrade.series.in-progress')];
}

/** A class may be made by a function of the framework's: `RequesterEndpoint.of(CertRequest)`. */
function specialFlags(path: string, evaluator: Evaluator, classes: ClassFinder): readonly string[] {
  const tree = evaluator.sources.treeAt(path);
  const hosts = tree?.nodes.filter((node: Node) => isClass(node)) ?? [];
  return hosts.flatMap((node) => {
    const framework = tree && classes.ancestryOf({ tree, node }).framework;
    return framework !== undefined && Object.hasOwn(BY_CLASS, framework) ? (BY_CLASS[framework] ?? []) : [];
  });
}
