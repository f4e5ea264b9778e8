import type { ClassMethod, ClassPrivateMethod, Node } from '@babel/types';
import type { Ancestry, ClassFinder, FoundClass } from './class-finder.ts';
import { type CodeSources, endpointsOf } from './code-sources.ts';
import { readCondition } from './condition-reader.ts';
import type { Evaluator } from './evaluator.ts';
import { mapText } from './flag-text.ts';
import type { HandlerList } from './handler-list.ts';
import type { ModelCondition } from './reactive-model.ts';
import { isClass, isMethod, keyName, type SyntaxTree } from './syntax-tree.ts';

/** The methods that the framework calls at certain times. */
const TIMES = [
  'registerTriggers',
  'beforeStart',
  'atStart',
  'atExit',
  'manageFlags',
  'register_triggers',
  'manage_flags',
];

interface Reading {
  readonly code: CodeSources;
  readonly evaluator: Evaluator;
  readonly classes: ClassFinder;
}

/** Whose the handlers of a class are. */
interface Host {
  readonly group: string;
  readonly endpoint?: string;
  readonly identify: (method: string) => string;
}

/** Adds the decorated methods of the classes that a layer's module exports. */
export function addLayerHandlers(
  reading: Reading,
  list: HandlerList,
  { name, path }: { readonly name: string; readonly path: string },
): void {
  for (const ancestry of exportedClasses(reading, path)) {
    addClass(reading, list, ancestry, { group: name, identify: (method) => `${name}.${method}` });
  }
}

/** Adds those of a class that implements a role of an interface, once for each endpoint. */
export function addRoleHandlers(
  reading: Reading,
  list: HandlerList,
  role: CodeSources['roles'][number],
): void {
  for (const ancestry of exportedClasses(reading, role.path)) {
    for (const { name: endpoint } of endpointsOf(role.path, reading.code)) {
      addClass(reading, list, ancestry, {
        group: `interface:${role.interface}`,
        endpoint,
        identify: (method) => `${role.interface}/${role.role}.${method}@${endpoint}`,
      });
    }
  }
}

/** Classes that a module exports, without those that another of them extends. */
function exportedClasses({ evaluator, classes }: Reading, path: string): readonly Ancestry[] {
  const tree = evaluator.sources.treeAt(path);
  if (!tree) return [];
  const found = exportedNames(tree).flatMap((name): readonly FoundClass[] => {
    const definition = evaluator.sources.exported(tree, name);
    if (!definition || !('binding' in definition) || definition.binding.kind !== 'class') return [];
    return [{ tree: definition.tree, node: definition.binding.node }];
  });
  const each = [...new Map(found.map((one) => [one.node, one])).values()].map((one) =>
    classes.ancestryOf(one),
  );
  return each.filter((ancestry) => {
    const own = ancestry.classes.at(-1)?.node;
    return !each.some((other) => other !== ancestry && other.classes.some(({ node }) => node === own));
  });
}

interface FoundMethod {
  readonly tree: SyntaxTree;
  readonly node: ClassMethod | ClassPrivateMethod;
  readonly conditions: readonly ModelCondition[];
}

function addClass(reading: Reading, list: HandlerList, ancestry: Ancestry, host: Host): void {
  const { group, endpoint, identify } = host;
  const [lowest] = ancestry.classes;
  if (ancestry.hasUnknown && lowest) {
    list.note({ ...lowest, of: 'set', reason: 'a class extends what is not among the sources' });
  }
  for (const [name, { tree, node, conditions }] of findMethods(reading, ancestry)) {
    const runner = { id: identify(name), ...(endpoint === undefined ? {} : { endpoint }) };
    if (TIMES.includes(name)) list.run(node, { ...runner, isHandler: false });
    // A decorator of the charm's own may be a condition, or nothing of the kind.
    if (conditions.some(({ kind }) => kind === 'unknown')) {
      list.note({ tree, node, of: 'read', reason: `what decorates "${name}" cannot be told` });
    }
    if (conditions.every(({ kind }) => kind === 'unknown')) continue;
    list.run(node, { ...runner, isHandler: true });
    list.handlers.push({
      ...runner,
      group,
      conditions: endpoint === undefined ? conditions : conditions.map((one) => fillEndpoint(one, endpoint)),
      place: tree.placeOf(node),
    });
  }
}

/** The methods of a class and those below it; the higher one's where both have it. */
function findMethods({ evaluator }: Reading, { classes }: Ancestry): ReadonlyMap<string, FoundMethod> {
  const methods = new Map<string, FoundMethod>();
  for (const { tree, node } of classes) {
    for (const member of node.body.body) {
      const name = isMethod(member) ? keyName(member.key, member.computed === true) : undefined;
      if (!isMethod(member) || name === undefined) continue;
      const own = readDecorators(evaluator, tree, member);
      // A version without decorators of its own keeps those of the class below.
      const conditions = own.length > 0 ? own : (methods.get(name)?.conditions ?? []);
      methods.set(name, { tree, node: member, conditions });
    }
  }
  return methods;
}

function readDecorators(
  evaluator: Evaluator,
  tree: SyntaxTree,
  { decorators }: ClassMethod | ClassPrivateMethod,
): readonly ModelCondition[] {
  return (decorators ?? []).flatMap(({ expression }): readonly ModelCondition[] => {
    const read = readCondition({ evaluator, tree }, expression);
    if (read === undefined) return [{ kind: 'unknown' }];
    return 'condition' in read ? [read.condition] : [];
  });
}

/** Fills an endpoint's name into a condition. */
function fillEndpoint(condition: ModelCondition, endpoint: string): ModelCondition {
  const fill = (text: string): string =>
    text.replaceAll('{endpoint_name}', endpoint).replaceAll('{relation_name}', endpoint);
  if ('flags' in condition)
    return { ...condition, flags: condition.flags.map((flag) => mapText(flag, fill)) };
  if (condition.kind !== 'hook') return condition;
  return { kind: 'hook', patterns: condition.patterns.map((pattern) => mapText(pattern, fill)) };
}

function exportedNames(tree: SyntaxTree): readonly string[] {
  const body: readonly Node[] = tree.program.type === 'Program' ? tree.program.body : [];
  return body.flatMap((statement): readonly string[] => {
    if (statement.type === 'ExportDefaultDeclaration') return ['default'];
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const { declaration } = statement;
    const names = statement.specifiers.flatMap((one) =>
      one.type === 'ExportSpecifier' ? (keyName(one.exported) ?? []) : [],
    );
    if (isClass(declaration) && declaration.id) return [...names, declaration.id.name];
    if (declaration?.type !== 'VariableDeclaration') return names;
    return [
      ...names,
      ...declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? id.name : [])),
    ];
  });
}
