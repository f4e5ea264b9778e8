import type { Node } from '@babel/types';
import { type CodeSources, groupOf } from './code-sources.ts';
import { readCondition } from './condition-reader.ts';
import { nameOfFunction } from './declarations.ts';
import type { Evaluator } from './evaluator.ts';
import { frameworkName } from './framework-names.ts';
import type { HandlerList } from './handler-list.ts';
import type { ModelCondition } from './reactive-model.ts';
import { bareOf, isFunction, keyName, readCall, readMember, type SyntaxTree } from './syntax-tree.ts';

/** Adds the handlers made of plain functions: `handler(when('a'), …)`, and `when('a')(function …)` of compat. */
export function addFunctionHandlers(code: CodeSources, evaluator: Evaluator, list: HandlerList): void {
  const adder = new FunctionHandlers(code, evaluator, list);
  for (const tree of evaluator.sources.trees) {
    for (const node of tree.nodes) adder.readNode(tree, node);
  }
}

class FunctionHandlers {
  readonly #code: CodeSources;
  readonly #evaluator: Evaluator;
  readonly #list: HandlerList;
  /** Functions that compat's decorators made handlers of, to add what further decorators say. */
  readonly #registered = new Map<Node, ModelCondition[]>();

  constructor(code: CodeSources, evaluator: Evaluator, list: HandlerList) {
    this.#code = code;
    this.#evaluator = evaluator;
    this.#list = list;
  }

  readNode(tree: SyntaxTree, node: Node): void {
    const call = readCall(node);
    if (!call) return;
    const name = frameworkName(this.#evaluator.sources, tree, call.callee);
    if (name === 'handler') this.#addHandler(tree, node, call.given);
    else if (name === 'defineLayer') this.#addTimes(tree, call.given);
    else if (name === 'only_once' ? call.given.length > 0 : readCall(bareOf(call.callee))) {
      this.#addDecorated(tree, node);
    }
  }

  #addHandler(tree: SyntaxTree, node: Node, given: readonly Node[]): void {
    const last = given.at(-1);
    const run = last && this.#evaluator.functionOf(tree, last)?.node;
    const conditions = given.slice(0, -1).map((one): ModelCondition => {
      const read =
        one.type === 'SpreadElement' ? undefined : readCondition({ evaluator: this.#evaluator, tree }, one);
      return read && 'condition' in read ? read.condition : { kind: 'unknown' };
    });
    const group = groupOf(tree.path, this.#code);
    const id = `${layerOf(tree, node) ?? group}.${(run && nameOfFunction(tree, run)) || 'handler'}`;
    if (run) this.#list.run(run, { id, isHandler: true });
    this.#list.handlers.push({ id, group, conditions, place: tree.placeOf(node) });
  }

  /** `atStart` and its kin among the parts of a layer of plain functions. */
  #addTimes(tree: SyntaxTree, [name, , parts]: readonly Node[]): void {
    if (parts?.type !== 'ObjectExpression') return;
    const layer = name?.type === 'StringLiteral' ? name.value : groupOf(tree.path, this.#code);
    for (const property of parts.properties) {
      if (!('key' in property)) continue;
      const time = keyName(property.key);
      const run =
        property.type === 'ObjectProperty'
          ? this.#evaluator.functionOf(tree, property.value)?.node
          : property;
      if (time !== undefined && isFunction(run)) {
        this.#list.run(run, { id: `${layer}.${time}`, isHandler: false });
      }
    }
  }

  /** `when_not('a')(when('b')(function start() {}))`: the outermost call has all conditions. */
  #addDecorated(tree: SyntaxTree, node: Node): void {
    const parent = tree.parentOf(node);
    if (parent && readCall(parent)?.given.includes(node) && this.#conditionOf(tree, parent)) return;
    const conditions: ModelCondition[] = [];
    let inner: Node = node;
    for (let one = this.#conditionOf(tree, inner); one; one = this.#conditionOf(tree, inner)) {
      conditions.push(one);
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
    if (run) this.#list.run(run, { id, isHandler: true });
    this.#list.handlers.push({
      id,
      group: groupOf(tree.path, this.#code),
      conditions,
      place: tree.placeOf(node),
    });
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
}

/** The name in the `defineLayer('name', …)` around a handler, or in the module's only one. */
function layerOf(tree: SyntaxTree, node: Node): string | undefined {
  for (let one = tree.parentOf(node); one; one = tree.parentOf(one)) {
    const name = definedLayer(one);
    if (name !== undefined) return name;
  }
  const [only, ...others] = tree.nodes.flatMap((one) => definedLayer(one) ?? []);
  return others.length === 0 ? only : undefined;
}

function definedLayer(node: Node): string | undefined {
  const call = readCall(node);
  const called =
    call && (call.callee.type === 'Identifier' ? call.callee.name : readMember(call.callee)?.name);
  const [name] = call?.given ?? [];
  return called === 'defineLayer' && name?.type === 'StringLiteral' ? name.value : undefined;
}
