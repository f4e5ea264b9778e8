import type { Node } from '@babel/types';
import type { Definition } from './source-set.ts';
import {
  bareOf,
  type ClassNode,
  type FunctionNode,
  isFunction,
  keyName,
  readCall,
  readMember,
  type SyntaxTree,
} from './syntax-tree.ts';

/** The function that a definition is. */
export function functionIn({
  tree,
  binding,
}: Definition): { readonly tree: SyntaxTree; readonly node: FunctionNode } | undefined {
  if (binding.kind === 'function') return { tree, node: binding.node };
  if (binding.kind !== 'variable' || binding.steps.length > 0 || !binding.init) return undefined;
  const node = bareOf(binding.init);
  return isFunction(node) ? { tree, node } : undefined;
}

/** What a class gives a property when an object of it is made. */
export function propertyValue(host: ClassNode, name: string): Node | undefined {
  for (const member of host.body.body) {
    const isProperty =
      member.type === 'ClassProperty' ||
      member.type === 'ClassPrivateProperty' ||
      member.type === 'ClassAccessorProperty';
    if (isProperty && keyName(member.key) === name) return member.value ?? undefined;
  }
  return undefined;
}

/** What a function is called by; undefined for one without a name. */
export function nameOfFunction(tree: SyntaxTree, node: FunctionNode): string | undefined {
  if ('key' in node) return keyName(node.key, node.computed);
  if ('id' in node && node.id) return node.id.name;
  const parent = tree.parentOf(node);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (
    parent &&
    'key' in parent &&
    (parent.type === 'ClassProperty' ||
      parent.type === 'ClassPrivateProperty' ||
      parent.type === 'ObjectProperty')
  ) {
    return keyName(parent.key);
  }
  return undefined;
}

/** For a function that is called with each item of a list: the list. */
export function listWalkedBy(tree: SyntaxTree, node: FunctionNode): Node | undefined {
  const parent = tree.parentOf(node);
  const call = parent && readCall(parent);
  const member = call && readMember(call.callee);
  if (!call || !member || call.given[0] !== node) return undefined;
  return /^(map|flatMap|forEach|filter|find|some|every)$/.test(member.name) ? member.object : undefined;
}
