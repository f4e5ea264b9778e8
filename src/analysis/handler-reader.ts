import type { Node } from '@babel/types';
import type { EndpointDeclaration } from '../metadata/charm-metadata.ts';
import type { Ancestry, ClassFinder, FoundClass } from './class-finder.ts';
import { type CodeSources, endpointsOf, groupOf } from './code-sources.ts';
import { readCondition } from './condition-reader.ts';
import { type Evaluator, nameOfFunction } from './evaluator.ts';
import { mapText } from './flag-text.ts';
import { frameworkName } from './framework-names.ts';
import type { ModelCondition, ModelHandler, Unknown } from './reactive-model.ts';
import {
  bareOf,
  type FunctionNode,
  isClass,
  isFunction,
  isMethod,
  keyName,
  readCall,
  readMember,
  type SyntaxTree,
} from './syntax-tree.ts';

/** Who runs a function: a handler, or the framework at a certain time. */
export interface Runner {
  readonly id: string;
  readonly isHandler: boolean;
  readonly endpoint?: string;
}

/** The handlers of a charm's modules. */
export interface ReadHandlers {
  readonly handlers: readonly ModelHandler[];
  /** The functions that run as them, and at certain times. */
  readonly runners: ReadonlyMap<FunctionNode, readonly Runner[]>;
  readonly unknowns: readonly Unknown[];
}

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

/** Finds the handlers: decorated methods of classes that are exported, plain functions, and compat's. */
export function readHandlers(code: CodeSources, evaluator: Evaluator, classes: ClassFinder): ReadHandlers {
  const reader = new HandlerReader(code, evaluator, classes);
  for (const layer of code.layers) reader.readLayer(layer.name, layer.path);
  for (const tree of evaluator.sources.trees) reader.readFunctions(tree);
  for (const role of code.roles) reader.readRole(role.path);
  return reader;
}

class HandlerReader implements ReadHandlers {
  readonly handlers: ModelHandler[] = [];
  readonly runners = new Map<FunctionNode, Runner[]>();
  readonly unknowns: Unknown[] = [];
  readonly #code: CodeSources;
  readonly #evaluator: Evaluator;
  readonly #classes: ClassFinder;
  /** Functions that compat's decorators made handlers of, to add what further decorators say. */
  readonly #registered = new Map<Node, ModelCondition[]>();

  constructor(code: CodeSources, evaluator: Evaluator, classes: ClassFinder) {
    this.#code = code;
    this.#evaluator = evaluator;
    this.#classes = classes;
  }

  readLayer(name: string, path: string): void {
    for (const ancestry of this.#exportedClasses(path)) {
      this.#readClass({ ancestry, group: name, identify: (method) => `${name}.${method}` });
    }
  }

  readRole(path: string): void {
    const role = this.#code.roles.find((one) => one.path === path);
    if (!role) return;
    const endpoints = endpointsOf(path, this.#code);
    for (const ancestry of this.#exportedClasses(path)) {
      for (const endpoint of endpoints) {
        this.#readClass({
          ancestry,
          group: `interface:${role.interface}`,
          endpoint,
          identify: (method) => `${role.interface}/${role.role}.${method}@${endpoint.name}`,
        });
      }
    }
  }

  /** The handlers made of plain functions: `handler(when('a'), …)`, and `when('a')(function …)` of compat. */
  readFunctions(tree: SyntaxTree): void {
    for (const node of tree.nodes) {
      const call = readCall(node);
      if (!call) continue;
      const name = frameworkName(this.#evaluator.sources, tree, call.callee);
      if (name === 'handler') this.#readFunction(tree, node, call.given);
      else if (name === 'defineLayer') this.#readTimes(tree, call.given);
      else if (name === 'only_once' && call.given.length > 0) this.#register(tree, node);
      else if (readCall(bareOf(call.callee))) this.#register(tree, node);
    }
  }

  /** Classes that a module exports, without those that another of them extends. */
  #exportedClasses(path: string): readonly Ancestry[] {
    const tree = this.#evaluator.sources.treeAt(path);
    if (!tree) return [];
    const found = exportedNames(tree).flatMap((name): readonly FoundClass[] => {
      const definition = this.#evaluator.sources.exported(tree, name);
      if (!definition || !('binding' in definition) || definition.binding.kind !== 'class') return [];
      return [{ tree: definition.tree, node: definition.binding.node }];
    });
    const each = [...new Map(found.map((one) => [one.node, one])).values()].map((one) =>
      this.#classes.ancestryOf(one),
    );
    return each.filter((ancestry) => {
      const own = ancestry.classes.at(-1)?.node;
      return !each.some((other) => other !== ancestry && other.classes.some(({ node }) => node === own));
    });
  }

  #readClass(options: {
    readonly ancestry: Ancestry;
    readonly group: string;
    readonly endpoint?: EndpointDeclaration;
    readonly identify: (method: string) => string;
  }): void {
    const { ancestry, group, endpoint, identify } = options;
    const methods = new Map<
      string,
      { readonly tree: SyntaxTree; readonly node: Node; conditions: ModelCondition[] }
    >();
    for (const { tree, node } of ancestry.classes) {
      if (ancestry.hasUnknown && node === ancestry.classes[0]?.node) {
        this.#note({ tree, node, of: 'set', reason: 'a class extends what is not among the sources' });
      }
      for (const member of node.body.body) {
        if (!isMethod(member)) continue;
        const name = keyName(member.key, 'computed' in member && member.computed);
        if (name === undefined) continue;
        const conditions = this.#readDecorators(tree, member);
        const earlier = methods.get(name);
        methods.set(name, {
          tree,
          node: member,
          // A version without decorators of its own keeps those of the class below.
          conditions: conditions.length > 0 ? conditions : (earlier?.conditions ?? []),
        });
      }
    }
    for (const [name, { tree, node, conditions }] of methods) {
      if (!isMethod(node)) continue;
      const runner = { id: identify(name), ...(endpoint ? { endpoint: endpoint.name } : {}) };
      if (TIMES.includes(name)) this.#run(node, { ...runner, isHandler: false });
      // A decorator of the charm's own may be a condition, or nothing of the kind.
      if (conditions.some(({ kind }) => kind === 'unknown')) {
        this.#note({ tree, node, of: 'read', reason: `what decorates "${name}" cannot be told` });
      }
      if (conditions.every(({ kind }) => kind === 'unknown')) continue;
      this.#run(node, { ...runner, isHandler: true });
      this.handlers.push({
        id: runner.id,
        group,
        ...(endpoint ? { endpoint: endpoint.name } : {}),
        conditions: endpoint ? conditions.map((one) => fillEndpoint(one, endpoint.name)) : conditions,
        place: tree.placeOf(node),
      });
    }
  }

  #readDecorators(tree: SyntaxTree, member: Extract<Node, { decorators?: unknown }>): ModelCondition[] {
    const decorators = 'decorators' in member ? (member.decorators ?? []) : [];
    return decorators.flatMap((decorator): readonly ModelCondition[] => {
      if (typeof decorator !== 'object' || !('expression' in decorator)) return [];
      const read = readCondition({ evaluator: this.#evaluator, tree }, decorator.expression);
      if (read === undefined) return [{ kind: 'unknown' }];
      return 'condition' in read ? [read.condition] : [];
    });
  }

  #readFunction(tree: SyntaxTree, node: Node, given: readonly Node[]): void {
    const last = given.at(-1);
    const run = last && this.#evaluator.functionOf(tree, last)?.node;
    const conditions = given.slice(0, -1).map((one): ModelCondition => {
      const read =
        one.type === 'SpreadElement' ? undefined : readCondition({ evaluator: this.#evaluator, tree }, one);
      return read && 'condition' in read ? read.condition : { kind: 'unknown' };
    });
    const group = groupOf(tree.path, this.#code);
    const id = `${layerAround(tree, node) ?? group}.${(run && nameOfFunction(tree, run)) || 'handler'}`;
    if (run) this.#run(run, { id, isHandler: true });
    this.handlers.push({ id, group, conditions, place: tree.placeOf(node) });
  }

  /** `atStart` and its kin among the parts of a layer of plain functions. */
  #readTimes(tree: SyntaxTree, [name, , parts]: readonly Node[]): void {
    if (parts?.type !== 'ObjectExpression') return;
    const layer = name?.type === 'StringLiteral' ? name.value : groupOf(tree.path, this.#code);
    for (const property of parts.properties) {
      if (!('key' in property)) continue;
      const time = keyName(property.key);
      const run =
        property.type === 'ObjectProperty'
          ? this.#evaluator.functionOf(tree, property.value)?.node
          : property;
      if (time !== undefined && isFunction(run)) this.#run(run, { id: `${layer}.${time}`, isHandler: false });
    }
  }

  /** `when_not('a')(when('b')(function start() {}))`: the outermost call has all conditions. */
  #register(tree: SyntaxTree, node: Node): void {
    const parent = tree.parentOf(node);
    if (parent && readCall(parent)?.given.includes(node) && this.#conditionOf(tree, parent)) return;
    const conditions: ModelCondition[] = [];
    let inner: Node = node;
    for (
      let condition = this.#conditionOf(tree, inner);
      condition;
      condition = this.#conditionOf(tree, inner)
    ) {
      conditions.push(condition);
      const [next] = readCall(inner)?.given ?? [];
      if (!next) return;
      inner = bareOf(next);
    }
    if (conditions.length === 0) return;
    const run = this.#evaluator.functionOf(tree, inner)?.node;
    const earlier = run && this.#registered.get(run);
    if (earlier) {
      earlier.push(...conditions);
      return;
    }
    if (run) this.#registered.set(run, conditions);
    const id = (run && nameOfFunction(tree, run)) || (inner.type === 'Identifier' ? inner.name : 'handler');
    if (run) this.#run(run, { id, isHandler: true });
    this.handlers.push({ id, group: groupOf(tree.path, this.#code), conditions, place: tree.placeOf(node) });
  }

  /** For a call that decorates a function: the condition. */
  #conditionOf(tree: SyntaxTree, node: Node): ModelCondition | undefined {
    const call = readCall(node);
    const callee = call && bareOf(call.callee);
    if (!callee || call.given.length !== 1) return undefined;
    const name = frameworkName(this.#evaluator.sources, tree, callee);
    if (name === 'only_once') return { kind: 'once' };
    if (!readCall(callee)) return undefined;
    const read = readCondition({ evaluator: this.#evaluator, tree }, callee);
    return read && 'condition' in read ? read.condition : undefined;
  }

  #run(node: FunctionNode, runner: Runner): void {
    const known = this.runners.get(node);
    if (known) known.push(runner);
    else this.runners.set(node, [runner]);
  }

  #note(note: {
    readonly tree: SyntaxTree;
    readonly node: Node;
    readonly of: Unknown['of'];
    readonly reason: string;
  }): void {
    const { tree, node, of, reason } = note;
    this.unknowns.push({ of, place: tree.placeOf(node), reason });
  }
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
  const body = tree.program.type === 'Program' ? tree.program.body : [];
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

/** The name in the `defineLayer('name', …)` around a handler. */
function layerAround(tree: SyntaxTree, node: Node): string | undefined {
  for (let one = tree.parentOf(node); one; one = tree.parentOf(one)) {
    const call = readCall(one);
    const called =
      call && (call.callee.type === 'Identifier' ? call.callee.name : readMember(call.callee)?.name);
    if (called === 'defineLayer' && call?.given[0]?.type === 'StringLiteral') return call.given[0].value;
  }
  return undefined;
}
