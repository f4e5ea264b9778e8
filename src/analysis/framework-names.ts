import type { Node } from '@babel/types';
import type { SourceSet } from './source-set.ts';
import { bareOf, readMember, type SyntaxTree } from './syntax-tree.ts';

/** The framework's own name for what an expression is: `when`, also for `reactive.when`; undefined for all else. */
export function frameworkName(sources: SourceSet, tree: SyntaxTree, expression: Node): string | undefined {
  const node = bareOf(expression);
  const member = readMember(node);
  const root = member ? bareOf(member.object) : node;
  if (root.type !== 'Identifier') return undefined;
  const found = sources.define(tree, root.name, root);
  if (!found || !('framework' in found)) return undefined;
  return member ? member.name : found.framework;
}
