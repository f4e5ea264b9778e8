import type { Node } from '@babel/types';
import { type Binding, lookUp, type Step } from './bindings.ts';
import { functionIn, listWalkedBy, nameOfFunction, propertyValue } from './declarations.ts';
import { known, plainText } from './flag-text.ts';
import { evaluateListMethod } from './list-methods.ts';
import type { Definition, SourceSet } from './source-set.ts';
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
  soleResult,
} from './syntax-tree.ts';
import { addValues, eitherOf, fieldOf, itemsOf, textValue, UNKNOWN, type Value } from './value.ts';

/** What the parameters of functions are while they are looked into. */
export type Arguments = ReadonlyMap<FunctionNode, readonly Value[]>;

const NONE: Arguments = new Map();

/** So deep does it look through what is made of what. */
const DEEPEST = 24;

/** Tells what expressions may come to, from the code alone: constants, and what is put together of them. */
export class Evaluator {
  readonly sources: SourceSet;
  /** What is being looked at, to notice what is made of itself. */
  readonly #open = new Set<Node>();

  constructor(sources: SourceSet) {
    this.sources = sources;
  }

  /** Never throws; what it cannot tell is unknown. */
  evaluate(tree: SyntaxTree, expression: Node, given: Arguments = NONE): Value {
    const node = bareOf(expression);
    if (this.#open.has(node) || this.#open.size > DEEPEST) return UNKNOWN;
    this.#open.add(node);
    try {
      return this.#evaluate(tree, node, given);
    } finally {
      this.#open.delete(node);
    }
  }

  #evaluate(tree: SyntaxTree, node: Node, given: Arguments): Value {
    const evaluate = (one: Node): Value => this.evaluate(tree, one, given);
    switch (node.type) {
      case 'StringLiteral':
        return textValue([known(node.value)]);
      case 'NumericLiteral':
        return textValue([known(String(node.value))]);
      case 'TemplateLiteral':
        return addValues(
          node.quasis.flatMap((quasi, index) => {
            const text = textValue([known(quasi.value.cooked ?? quasi.value.raw)]);
            const next = node.expressions[index];
            return next ? [text, evaluate(next)] : [text];
          }),
        );
      case 'BinaryExpression':
        return node.operator === '+' ? addValues([evaluate(node.left), evaluate(node.right)]) : UNKNOWN;
      case 'ConditionalExpression':
        return eitherOf([evaluate(node.consequent), evaluate(node.alternate)]);
      case 'LogicalExpression':
        return eitherOf([evaluate(node.left), evaluate(node.right)]);
      case 'ArrayExpression':
        return this.#list(tree, node.elements, given);
      case 'ObjectExpression':
        return this.#record(tree, node, given);
      case 'Identifier':
        return this.#name(tree, node.name, node, given);
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.#member(tree, node, given);
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.#call(tree, node, given);
      default:
        return UNKNOWN;
    }
  }

  #list(tree: SyntaxTree, elements: readonly (Node | null)[], given: Arguments): Value {
    const items = elements.flatMap((element): readonly Value[] => {
      if (element === null) return [UNKNOWN];
      if (element.type !== 'SpreadElement') return [this.evaluate(tree, element, given)];
      return itemsOf(this.evaluate(tree, element.argument, given));
    });
    return { kind: 'list', items };
  }

  #record(tree: SyntaxTree, node: Extract<Node, { type: 'ObjectExpression' }>, given: Arguments): Value {
    const fields = new Map<string, Value>();
    for (const property of node.properties) {
      if (property.type !== 'ObjectProperty') return UNKNOWN;
      const name = keyName(property.key, property.computed);
      if (name === undefined) return UNKNOWN;
      fields.set(name, this.evaluate(tree, property.value, given));
    }
    return { kind: 'record', fields };
  }

  #name(tree: SyntaxTree, name: string, at: Node, given: Arguments): Value {
    const binding = lookUp(tree, name, at);
    if (binding === undefined) return UNKNOWN;
    if (binding.kind !== 'import') return this.valueOf({ tree, binding }, given);
    const found = this.sources.define(tree, name, at);
    return found && 'binding' in found ? this.valueOf(found, NONE) : UNKNOWN;
  }

  /** What a name stands for. */
  valueOf({ tree, binding }: Definition, given: Arguments = NONE): Value {
    const step = (value: Value, steps: readonly Step[]): Value => steps.reduce(fieldOf, value);
    switch (binding.kind) {
      case 'variable':
        if (!binding.isConstant || binding.init === undefined) return UNKNOWN;
        return step(this.evaluate(tree, binding.init, given), binding.steps);
      case 'item': {
        const items = itemsOf(this.evaluate(tree, binding.list, given));
        return eitherOf(items.map((item) => step(item, binding.steps)));
      }
      case 'parameter':
        return step(this.#parameter(tree, binding, given), binding.steps);
      default:
        return UNKNOWN;
    }
  }

  #parameter(
    tree: SyntaxTree,
    { of, place, isRest }: Extract<Binding, { kind: 'parameter' }>,
    given: Arguments,
  ): Value {
    const values = given.get(of);
    if (values) return isRest ? { kind: 'list', items: values.slice(place) } : (values[place] ?? UNKNOWN);
    const list = listWalkedBy(tree, of);
    if (list) return place === 0 ? eitherOf(itemsOf(this.evaluate(tree, list, given))) : UNKNOWN;
    const name = nameOfFunction(tree, of);
    if (name === undefined || this.#open.has(of) || this.sources.isValue(name)) return UNKNOWN;
    this.#open.add(of);
    try {
      const calls = this.sources.callsOf(name);
      const each = calls.map((call): Value => {
        if (call.given.some(({ type }) => type === 'SpreadElement')) return UNKNOWN;
        const items = call.given.slice(place).map((one) => this.evaluate(call.tree, one));
        if (isRest) return { kind: 'list', items };
        return items[0] ?? UNKNOWN;
      });
      // What nobody calls comes to nothing.
      if (calls.length === 0) return isRest ? { kind: 'list', items: [] } : textValue([]);
      return eitherOf(each);
    } finally {
      this.#open.delete(of);
    }
  }

  #member(tree: SyntaxTree, node: Node, given: Arguments): Value {
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return UNKNOWN;
    const member = readMember(node);
    if (member === undefined) {
      const index =
        node.computed && node.property.type === 'NumericLiteral' ? node.property.value : undefined;
      const owner = this.evaluate(tree, node.object, given);
      if (index !== undefined) return fieldOf(owner, index);
      const key = this.evaluate(tree, node.property, given);
      if (owner.kind !== 'record' || key.kind !== 'text') return UNKNOWN;
      return eitherOf(
        key.texts.map((text) => {
          const name = plainText(text);
          return name === undefined ? eitherOf([...owner.fields.values()]) : fieldOf(owner, name);
        }),
      );
    }
    const property = this.#propertyOf(tree, member.object, member.name);
    if (property) return this.evaluate(property.tree, property.value);
    return fieldOf(this.evaluate(tree, member.object, given), member.name);
  }

  /** What a class sets a property to, for `this.name` and `Class.name`. */
  #propertyOf(
    tree: SyntaxTree,
    object: Node,
    name: string,
  ): { readonly tree: SyntaxTree; readonly value: Node } | undefined {
    const owner = bareOf(object);
    if (owner.type === 'ThisExpression') {
      const host = tree.around(owner, isClass);
      const value = host && propertyValue(host, name);
      return value && { tree, value };
    }
    if (owner.type !== 'Identifier') return undefined;
    const found = this.sources.define(tree, owner.name, owner);
    if (!found || !('binding' in found) || found.binding.kind !== 'class') return undefined;
    const value = propertyValue(found.binding.node, name);
    return value && { tree: found.tree, value };
  }

  #call(tree: SyntaxTree, node: Node, given: Arguments): Value {
    const call = readCall(node);
    if (!call) return UNKNOWN;
    const ofList = evaluateListMethod({ evaluator: this, tree, given }, call);
    if (ofList) return ofList;
    const target = this.functionOf(tree, call.callee);
    const result = target && soleResult(target.node);
    if (!target || !result) return UNKNOWN;
    const values = call.given.map((one) =>
      one.type === 'SpreadElement' ? UNKNOWN : this.evaluate(tree, one, given),
    );
    return this.evaluate(target.tree, result, new Map([...given, [target.node, values]]));
  }

  /** The function that an expression is, where that is a name or a method of `this`. */
  functionOf(
    tree: SyntaxTree,
    callee: Node,
  ): { readonly tree: SyntaxTree; readonly node: FunctionNode } | undefined {
    const node = bareOf(callee);
    if (isFunction(node)) return { tree, node };
    if (node.type === 'Identifier') {
      const found = this.sources.define(tree, node.name, node);
      return found && 'binding' in found ? functionIn(found) : undefined;
    }
    const member = readMember(node);
    if (member?.object.type !== 'ThisExpression') return undefined;
    const host = tree.around(node, isClass);
    const method = host?.body.body.find((one) => isMethod(one) && keyName(one.key) === member.name);
    return method && isMethod(method) ? { tree, node: method } : undefined;
  }
}
