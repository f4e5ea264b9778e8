import { parse } from '@babel/parser';
import type { ClassMethod, ClassPrivateMethod, Node } from '@babel/types';

/** A source file, by its name in the charm. */
export interface SourceText {
  /** `layers/redis/reactive/redis.ts`. */
  readonly path: string;
  readonly text: string;
}

/** A place in the charm's sources. */
export interface CodePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A node that has a body of statements of its own. */
export type FunctionNode = Extract<
  Node,
  {
    type:
      | 'FunctionDeclaration'
      | 'FunctionExpression'
      | 'ArrowFunctionExpression'
      | 'ClassMethod'
      | 'ClassPrivateMethod'
      | 'ObjectMethod';
  }
>;

/** A class as a statement or an expression. */
export type ClassNode = Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>;

/** A parsed module, with the way up from each of its nodes. */
export class SyntaxTree {
  readonly path: string;
  readonly program: Node;
  /** All of them, in the order of the text. */
  readonly nodes: readonly Node[];
  readonly #parents = new Map<Node, Node>();

  /** @throws SyntaxError for what is neither TypeScript nor JavaScript. */
  constructor({ path, text }: SourceText) {
    this.path = path;
    this.program = parse(text, {
      sourceType: 'module',
      allowReturnOutsideFunction: true,
      errorRecovery: true,
      plugins: [
        ...(/\.[cm]?js$|\.jsx$/.test(path) ? (['jsx'] as const) : (['typescript'] as const)),
        'decorators',
        'decoratorAutoAccessors',
        'explicitResourceManagement',
      ],
    }).program;
    const nodes: Node[] = [];
    const walk = (node: Node): void => {
      nodes.push(node);
      for (const child of childrenOf(node)) {
        this.#parents.set(child, node);
        walk(child);
      }
    };
    walk(this.program);
    this.nodes = nodes;
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node);
  }

  /** The nearest node around this one of which `isWanted` is true. */
  around<N extends Node>(node: Node, isWanted: (one: Node) => one is N): N | undefined {
    for (let one = this.parentOf(node); one; one = this.parentOf(one)) if (isWanted(one)) return one;
    return undefined;
  }

  placeOf(node: Node): CodePlace {
    return { file: this.path, line: node.loc?.start.line ?? 1 };
  }
}

/** Whether a node is a function of any form. */
export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node !== null &&
    node !== undefined &&
    /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ClassMethod|ClassPrivateMethod|ObjectMethod)$/.test(
      node.type,
    )
  );
}

/** Whether a node is a class. */
export function isClass(node: Node | null | undefined): node is ClassNode {
  return node?.type === 'ClassDeclaration' || node?.type === 'ClassExpression';
}

/** Whether a node is a method of a class, private or not. */
export function isMethod(node: Node): node is ClassMethod | ClassPrivateMethod {
  return node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod';
}

/** The name in a key: an identifier, a text or a private name, which begins with `#`. Undefined for one that is computed. */
export function keyName(key: Node, computed = false): string | undefined {
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  if (key.type === 'Identifier' && !computed) return key.name;
  return key.type === 'StringLiteral' ? key.value : undefined;
}

/** What `object.name` or `object?.name` asks for; undefined for any other node. */
export function readMember(node: Node): { readonly object: Node; readonly name: string } | undefined {
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return undefined;
  const name = keyName(node.property, node.computed);
  return name === undefined ? undefined : { object: node.object, name };
}

/** What is called, and with what; undefined for what is no call. */
export function readCall(node: Node): { readonly callee: Node; readonly given: readonly Node[] } | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return undefined;
  return { callee: node.callee, given: node.arguments };
}

/** A node without what changes nothing when it runs: parentheses, types, `await`. */
export function bareOf(node: Node): Node {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
      return bareOf(node.expression);
    case 'AwaitExpression':
      return bareOf(node.argument);
    default:
      return node;
  }
}

/** What a function gives back, where it does nothing else. */
export function soleResult(node: FunctionNode): Node | undefined {
  if (node.body.type !== 'BlockStatement') return node.body;
  const [only, ...others] = node.body.body;
  return only?.type === 'ReturnStatement' && others.length === 0 ? (only.argument ?? undefined) : undefined;
}

const NO_CHILDREN = [
  'loc',
  'extra',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'errors',
  'tokens',
];

function childrenOf(node: Node): readonly Node[] {
  return Object.entries(node)
    .filter(([key]) => !NO_CHILDREN.includes(key))
    .flatMap(([, value]): unknown[] => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
