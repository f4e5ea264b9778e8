import type { Node } from '@babel/types';
import type { ClassFinder } from './class-finder.ts';
import { functionIn, nameOfFunction } from './declarations.ts';
import type { Evaluator } from './evaluator.ts';
import {
  bareOf,
  type FunctionNode,
  isFunction,
  isMethod,
  readCall,
  readMember,
  type SyntaxTree,
} from './syntax-tree.ts';

/** Says which functions call which, as far as that can be told, so that what a function does counts for who called it. */
export class CallGraph {
  readonly #callers = new Map<FunctionNode, Set<FunctionNode>>();

  constructor(evaluator: Evaluator, classes: ClassFinder) {
    for (const tree of evaluator.sources.trees) {
      for (const node of tree.nodes) {
        const caller = ownerOf(tree, node);
        const target = caller && calledBy({ tree, node, evaluator, classes });
        if (!caller || !target || target === caller) continue;
        const known = this.#callers.get(target);
        if (known) known.add(caller);
        else this.#callers.set(target, new Set([caller]));
      }
    }
  }

  /** All functions that lead to this one, itself among them. */
  leadingTo(target: FunctionNode): ReadonlySet<FunctionNode> {
    const found = new Set([target]);
    for (const one of found) for (const caller of this.#callers.get(one) ?? []) found.add(caller);
    return found;
  }
}

/**
 * The function that a node is a part of: the nearest one that others can call by a name. What is handed to others, such as
 * the function in `map(…)`, is a part of the one around it.
 */
export function ownerOf(tree: SyntaxTree, node: Node): FunctionNode | undefined {
  let last: FunctionNode | undefined;
  for (let one = tree.parentOf(node); one; one = tree.parentOf(one)) {
    if (!isFunction(one)) continue;
    last = one;
    if (isMethod(one) || one.type === 'FunctionDeclaration' || nameOfFunction(tree, one) !== undefined)
      return one;
  }
  return last;
}

function calledBy(at: {
  readonly tree: SyntaxTree;
  readonly node: Node;
  readonly evaluator: Evaluator;
  readonly classes: ClassFinder;
}): FunctionNode | undefined {
  const { tree, node, evaluator, classes } = at;
  const call = readCall(node);
  const callee = call && bareOf(call.callee);
  if (callee?.type === 'Identifier') {
    const found = evaluator.sources.define(tree, callee.name, callee);
    return found && 'binding' in found ? functionIn(found)?.node : undefined;
  }
  // Both `object.method()` and a getter that is only read.
  const member = readMember(callee ?? node);
  const host = member && classes.classOf(tree, member.object);
  if (!member || !host) return undefined;
  const method = classes.methodOf(host, member.name)?.node;
  const isGetter = method !== undefined && isMethod(method) && method.kind === 'get';
  return callee === undefined && !isGetter ? undefined : method;
}
