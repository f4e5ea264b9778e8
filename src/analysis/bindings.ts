import type { Node } from '@babel/types';
import {
  type ClassNode,
  type FunctionNode,
  isClass,
  isFunction,
  keyName,
  type SyntaxTree,
} from './syntax-tree.ts';

/** A step into a value that is taken apart: the key, or the place in a list; null where it cannot be told. */
export type Step = string | number | null;

/** What a name stands for. */
export type Binding =
  | {
      readonly kind: 'variable';
      readonly init: Node | undefined;
      readonly steps: readonly Step[];
      readonly type?: Node | undefined;
      readonly isConstant: boolean;
    }
  /** One of the items of what is looped over. */
  | { readonly kind: 'item'; readonly list: Node; readonly steps: readonly Step[] }
  | {
      readonly kind: 'parameter';
      readonly of: FunctionNode;
      readonly place: number;
      readonly isRest: boolean;
      readonly steps: readonly Step[];
      readonly type?: Node | undefined;
    }
  | { readonly kind: 'function'; readonly node: FunctionNode }
  | { readonly kind: 'class'; readonly node: ClassNode }
  /** `name` is `*` for all that the module exports. */
  | { readonly kind: 'import'; readonly from: string; readonly name: string }
  | { readonly kind: 'other' };

type Bindings = ReadonlyMap<string, Binding>;

const scopes = new WeakMap<Node, Bindings>();

/** What a name means at a place in a module; undefined where nothing in the module declares it. */
export function lookUp(tree: SyntaxTree, name: string, at: Node): Binding | undefined {
  for (let node: Node | undefined = at; node; node = tree.parentOf(node)) {
    const found = bindingsOf(node).get(name);
    if (found) return found;
  }
  return undefined;
}

/** What a node declares for what is within it. */
export function bindingsOf(node: Node): Bindings {
  const earlier = scopes.get(node);
  if (earlier) return earlier;
  const found = new Map<string, Binding>();
  const add = (name: string, binding: Binding): void => {
    if (!found.has(name)) found.set(name, binding);
  };
  if (node.type === 'Program' || node.type === 'BlockStatement' || node.type === 'StaticBlock') {
    for (const statement of node.body) declare(statement, add);
  } else if (node.type === 'SwitchStatement') {
    for (const statement of node.cases.flatMap(({ consequent }) => consequent)) declare(statement, add);
  } else if (node.type === 'ForStatement') {
    if (node.init) declare(node.init, add);
  } else if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') {
    declareItem(node, add);
  } else if (node.type === 'CatchClause') {
    if (node.param) takeApart(node.param, [], (name) => add(name, { kind: 'other' }));
  }
  if (isFunction(node)) declareParameters(node, add);
  if ((isClass(node) || node.type === 'FunctionExpression') && node.id) {
    add(node.id.name, isClass(node) ? { kind: 'class', node } : { kind: 'function', node });
  }
  scopes.set(node, found);
  return found;
}

type Add = (name: string, binding: Binding) => void;

function declare(statement: Node, add: Add): void {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      if (statement.declaration) declare(statement.declaration, add);
      return;
    case 'FunctionDeclaration':
      if (statement.id) add(statement.id.name, { kind: 'function', node: statement });
      return;
    case 'ClassDeclaration':
      if (statement.id) add(statement.id.name, { kind: 'class', node: statement });
      return;
    case 'ImportDeclaration':
      for (const specifier of statement.specifiers) {
        const from = statement.source.value;
        if (specifier.type === 'ImportSpecifier') {
          add(specifier.local.name, { kind: 'import', from, name: keyName(specifier.imported) ?? '' });
        } else {
          const name = specifier.type === 'ImportNamespaceSpecifier' ? '*' : 'default';
          add(specifier.local.name, { kind: 'import', from, name });
        }
      }
      return;
    case 'VariableDeclaration':
      for (const { id, init } of statement.declarations) {
        const type = 'typeAnnotation' in id ? (id.typeAnnotation ?? undefined) : undefined;
        const isConstant = statement.kind === 'const';
        takeApart(id, [], (name, steps) =>
          add(name, { kind: 'variable', init: init ?? undefined, steps, type, isConstant }),
        );
      }
      return;
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
      if (statement.id.type === 'Identifier') add(statement.id.name, { kind: 'other' });
      return;
  }
}

function declareItem(loop: Extract<Node, { type: 'ForOfStatement' | 'ForInStatement' }>, add: Add): void {
  if (loop.left.type !== 'VariableDeclaration') return;
  for (const { id } of loop.left.declarations) {
    takeApart(id, [], (name, steps) =>
      add(
        name,
        loop.type === 'ForOfStatement' ? { kind: 'item', list: loop.right, steps } : { kind: 'other' },
      ),
    );
  }
}

function declareParameters(of: FunctionNode, add: Add): void {
  for (const [place, given] of of.params.entries()) {
    const parameter = given.type === 'TSParameterProperty' ? given.parameter : given;
    const isRest = parameter.type === 'RestElement';
    const pattern = isRest
      ? parameter.argument
      : parameter.type === 'AssignmentPattern'
        ? parameter.left
        : parameter;
    const type = 'typeAnnotation' in pattern ? (pattern.typeAnnotation ?? undefined) : undefined;
    takeApart(pattern, [], (name, steps) =>
      add(name, { kind: 'parameter', of, place, isRest, steps, ...(steps.length === 0 ? { type } : {}) }),
    );
  }
}

/** Calls back with each name in a pattern and the way to it. */
function takeApart(
  pattern: Node,
  steps: readonly Step[],
  found: (name: string, steps: readonly Step[]) => void,
): void {
  switch (pattern.type) {
    case 'Identifier':
      found(pattern.name, steps);
      return;
    case 'AssignmentPattern':
      takeApart(pattern.left, steps, found);
      return;
    case 'RestElement':
      takeApart(pattern.argument, [...steps, null], found);
      return;
    case 'ArrayPattern':
      for (const [index, item] of pattern.elements.entries()) {
        if (item) takeApart(item, [...steps, index], found);
      }
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') takeApart(property.argument, [...steps, null], found);
        else takeApart(property.value, [...steps, keyName(property.key, property.computed) ?? null], found);
      }
  }
}
