import type { Node } from '@babel/types';
import { lookUp } from './bindings.ts';
import { propertyValue } from './declarations.ts';
import type { Evaluator } from './evaluator.ts';
import { frameworkName } from './framework-names.ts';
import {
  bareOf,
  type ClassNode,
  type FunctionNode,
  isClass,
  isMethod,
  keyName,
  readCall,
  readMember,
  type SyntaxTree,
  soleResult,
} from './syntax-tree.ts';

/** A class in its module. */
export interface FoundClass {
  readonly tree: SyntaxTree;
  readonly node: ClassNode;
}

/** What a class comes down to: classes of the charm's own, lowest first, and the framework's class below them. */
export interface Ancestry {
  /** The class itself comes last. */
  readonly classes: readonly FoundClass[];
  /** The framework's class that the lowest of them extends; undefined where it extends nothing, or something unknown. */
  readonly framework: string | undefined;
  /** Whether one of them extends what cannot be told. */
  readonly hasUnknown: boolean;
}

/** Tells of which class objects are. */
export class ClassFinder {
  readonly #evaluator: Evaluator;

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  ancestryOf({ tree, node }: FoundClass, depth = 0): Ancestry {
    const own = { tree, node };
    const parent = node.superClass && bareOf(node.superClass);
    if (!parent) return { classes: [own], framework: undefined, hasUnknown: false };
    const name = rootName(parent);
    const found = name && this.#evaluator.sources.define(tree, name.name, name.at);
    if (!found || depth > 20) return { classes: [own], framework: undefined, hasUnknown: true };
    if ('framework' in found) {
      // A function of the framework's that makes a class of another: `withAutoAccessors(RelationBase, …)`.
      const call = readCall(parent);
      const given = call && bareOf(call.callee).type === 'Identifier' ? call.given[0] : undefined;
      if (given) return this.#madeOf(own, bareOf(given), depth);
      // `reactive.Endpoint`, `RequesterEndpoint.of(…)`.
      const framework = found.framework === '*' ? (readMember(parent)?.name ?? '*') : found.framework;
      return { classes: [own], framework, hasUnknown: false };
    }
    return found.binding.kind === 'class'
      ? this.#onTop({ tree: found.tree, node: found.binding.node }, own, depth)
      : { classes: [own], framework: undefined, hasUnknown: true };
  }

  #madeOf(own: FoundClass, given: Node, depth: number): Ancestry {
    const framework = frameworkName(this.#evaluator.sources, own.tree, given);
    if (framework !== undefined) return { classes: [own], framework, hasUnknown: false };
    const below = given.type === 'Identifier' ? this.classNamed(own.tree, given.name, given) : undefined;
    return below
      ? this.#onTop(below, own, depth)
      : { classes: [own], framework: undefined, hasUnknown: true };
  }

  #onTop(below: FoundClass, own: FoundClass, depth: number): Ancestry {
    const ancestry = this.ancestryOf(below, depth + 1);
    return { ...ancestry, classes: [...ancestry.classes, own] };
  }

  /** A method, getter or setter of a class or those below it, the highest first. */
  methodOf(
    host: FoundClass,
    name: string,
  ): { readonly tree: SyntaxTree; readonly node: FunctionNode } | undefined {
    for (const { tree, node } of this.ancestryOf(host).classes.toReversed()) {
      for (const member of node.body.body) {
        if (isMethod(member) && keyName(member.key, member.computed) === name) return { tree, node: member };
      }
    }
    return undefined;
  }

  /** The class of the object that an expression comes to; undefined where it cannot be told. */
  classOf(tree: SyntaxTree, expression: Node, depth = 0): FoundClass | undefined {
    const node = bareOf(expression);
    if (depth > 8) return undefined;
    switch (node.type) {
      case 'ThisExpression': {
        const host = tree.around(node, isClass);
        return host && { tree, node: host };
      }
      case 'NewExpression': {
        const name = rootName(bareOf(node.callee));
        return name && this.classNamed(tree, name.name, name.at);
      }
      case 'Identifier':
        return this.#classOfName(tree, node, depth);
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.#classOfMember(tree, node, depth);
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.#classOfResult(tree, node, depth);
      case 'LogicalExpression':
        return this.classOf(tree, node.left, depth + 1) ?? this.classOf(tree, node.right, depth + 1);
      default:
        return undefined;
    }
  }

  /** The class that a name means at a place. */
  classNamed(tree: SyntaxTree, name: string, at: Node): FoundClass | undefined {
    const found = this.#evaluator.sources.define(tree, name, at);
    if (!found || !('binding' in found) || found.binding.kind !== 'class') return undefined;
    return { tree: found.tree, node: found.binding.node };
  }

  #classOfName(
    tree: SyntaxTree,
    node: Extract<Node, { type: 'Identifier' }>,
    depth: number,
  ): FoundClass | undefined {
    const binding = lookUp(tree, node.name, node);
    if (binding?.kind !== 'variable' && binding?.kind !== 'parameter') return undefined;
    const byType = binding.type && this.#classOfType(tree, binding.type);
    if (byType) return byType;
    if (binding.kind !== 'variable' || binding.steps.length > 0 || !binding.init) return undefined;
    return this.classOf(tree, binding.init, depth + 1);
  }

  #classOfMember(tree: SyntaxTree, node: Node, depth: number): FoundClass | undefined {
    const member = readMember(node);
    const owner = member && this.classOf(tree, member.object, depth + 1);
    if (!member || !owner) return undefined;
    for (const host of this.ancestryOf(owner).classes.toReversed()) {
      for (const one of host.node.body.body) {
        if (!('key' in one) || keyName(one.key) !== member.name) continue;
        if ('typeAnnotation' in one && one.typeAnnotation) {
          const byType = this.#classOfType(host.tree, one.typeAnnotation);
          if (byType) return byType;
        }
        const value = propertyValue(host.node, member.name);
        if (value) return this.classOf(host.tree, value, depth + 1);
        if (isMethod(one) && one.kind === 'get') return this.#classOfReturn(host.tree, one, depth);
      }
    }
    return undefined;
  }

  #classOfResult(tree: SyntaxTree, node: Node, depth: number): FoundClass | undefined {
    const call = readCall(node);
    if (!call) return undefined;
    const member = readMember(call.callee);
    const wanted = call.given[1] && bareOf(call.given[1]);
    if (member?.name === 'endpoint' && wanted?.type === 'Identifier') {
      return this.classNamed(tree, wanted.name, wanted);
    }
    const target = this.#evaluator.functionOf(tree, call.callee);
    return target && this.#classOfReturn(target.tree, target.node, depth);
  }

  #classOfReturn(tree: SyntaxTree, node: FunctionNode, depth: number): FoundClass | undefined {
    const byType = node.returnType && this.#classOfType(tree, node.returnType);
    if (byType) return byType;
    const result = soleResult(node);
    return result && this.classOf(tree, result, depth + 1);
  }

  /** `Coordinator`, `Promise<Coordinator>`, `Coordinator | undefined`. */
  #classOfType(tree: SyntaxTree, type: Node): FoundClass | undefined {
    switch (type.type) {
      case 'TSTypeAnnotation':
        return this.#classOfType(tree, type.typeAnnotation);
      case 'TSUnionType': {
        const found = type.types.flatMap((one) => this.#classOfType(tree, one) ?? []);
        return found.length === 1 ? found[0] : undefined;
      }
      case 'TSTypeReference': {
        if (type.typeName.type !== 'Identifier') return undefined;
        const { name } = type.typeName;
        const [inner] = type.typeParameters?.params ?? [];
        if (name === 'Promise' && inner) return this.#classOfType(tree, inner);
        return this.classNamed(tree, name, type);
      }
      default:
        return undefined;
    }
  }
}

/** The name that an expression begins with: `Base`, `Base.of(…)`, `make(Base)`. */
function rootName(node: Node): { readonly name: string; readonly at: Node } | undefined {
  if (node.type === 'Identifier') return { name: node.name, at: node };
  const inner = readMember(node)?.object ?? readCall(node)?.callee;
  return inner && rootName(bareOf(inner));
}
