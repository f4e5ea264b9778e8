import type { Node } from '@babel/types';
import { lookUp } from './bindings.ts';
import type { Evaluator } from './evaluator.ts';
import {
  bareOf,
  isFunction,
  isMethod,
  keyName,
  readCall,
  readMember,
  type SyntaxTree,
} from './syntax-tree.ts';

/** Whether an expression is the unit's flags: `unit.flags`, a name for it, or a parameter that is called or typed so. */
export function isFlagsObject(tree: SyntaxTree, expression: Node, depth = 0): boolean {
  const node = bareOf(expression);
  const member = readMember(node);
  if (member) return /^#?flags$/.test(member.name);
  if (node.type !== 'Identifier' || depth > 5) return false;
  const binding = lookUp(tree, node.name, node);
  if (binding?.kind !== 'variable' && binding?.kind !== 'parameter') return false;
  if (binding.steps.length > 0) return binding.steps.at(-1) === 'flags';
  if (binding.type && isFlagsType(binding.type)) return true;
  if (binding.kind === 'parameter') return node.name === 'flags' && mayBeFlags(binding.type);
  return binding.init !== undefined && isFlagsObject(tree, binding.init, depth + 1);
}

/**
 * Whether the flags are handed on, where they stand, to where it cannot be seen what becomes of them. `node` is a flags
 * object.
 */
export function areHandedOn(tree: SyntaxTree, node: Node, evaluator: Evaluator): boolean {
  const parent = tree.parentOf(node);
  if (!parent) return false;
  if (bareOf(parent) === node || parent.type === 'AwaitExpression')
    return areHandedOn(tree, parent, evaluator);
  const given = argumentsOf(parent);
  if (given.includes(node)) {
    const parameter = parametersAt(tree, parent, evaluator)?.[given.indexOf(node)];
    if (parameter === undefined) return !isHarmless(parent);
    if (parameter.type !== 'Identifier') return true;
    const type = parameter.typeAnnotation;
    return !(isFlagsType(type) || (parameter.name === 'flags' && mayBeFlags(type)));
  }
  switch (parent.type) {
    case 'VariableDeclarator':
      // Methods taken off it by name can be called without it.
      return parent.init === node && parent.id.type !== 'Identifier';
    case 'AssignmentExpression':
      return parent.right === node && !/^#?flags$/.test(readMember(parent.left)?.name ?? '');
    case 'ObjectProperty':
      return parent.value === node && keyName(parent.key) !== 'flags';
    case 'ArrayExpression':
    case 'SpreadElement':
      return true;
    case 'ReturnStatement':
    case 'ArrowFunctionExpression': {
      const host = isFunction(parent) ? parent : tree.around(parent, isFunction);
      const name = host && 'key' in host ? keyName(host.key) : undefined;
      return !/^#?flags$/.test(name ?? '');
    }
    default:
      return false;
  }
}

function argumentsOf(node: Node): readonly Node[] {
  return node.type === 'NewExpression' ? node.arguments : (readCall(node)?.given ?? []);
}

/** The parameters of what is called, or of the constructor. */
function parametersAt(tree: SyntaxTree, node: Node, evaluator: Evaluator): readonly Node[] | undefined {
  if (node.type !== 'NewExpression') {
    const callee = readCall(node)?.callee;
    return callee && evaluator.functionOf(tree, callee)?.node.params;
  }
  const callee = bareOf(node.callee);
  const found = callee.type === 'Identifier' && evaluator.sources.define(tree, callee.name, callee);
  if (!found || !('binding' in found) || found.binding.kind !== 'class') return undefined;
  const members = found.binding.node.body.body;
  const own = members.find((member) => isMethod(member) && member.kind === 'constructor');
  return own && isMethod(own) ? own.params : undefined;
}

function isFlagsType(type: Node | null | undefined): boolean {
  if (!type) return false;
  if (type.type === 'TSTypeAnnotation') return isFlagsType(type.typeAnnotation);
  // `Unit['flags']`.
  if (type.type === 'TSIndexedAccessType') {
    return type.indexType.type === 'TSLiteralType' && keyName(type.indexType.literal) === 'flags';
  }
  return (
    type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'Flags'
  );
}

/** Whether what is called `flags` may be them by its type: a list of texts is not. */
function mayBeFlags(type: Node | null | undefined): boolean {
  if (!type) return true;
  if (type.type === 'TSTypeAnnotation') return mayBeFlags(type.typeAnnotation);
  return (
    !/^TS(String|Number|Boolean)Keyword$|^TS(Array|Tuple|Operator|Literal)/.test(type.type) && !isList(type)
  );
}

function isList(type: Node): boolean {
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return false;
  return /^(Readonly)?(Array|Set|Map)$/.test(type.typeName.name);
}

/** `super(…)`, and console and JSON, which set no flags. */
function isHarmless(node: Node): boolean {
  const callee = readCall(node)?.callee;
  const object = callee && readMember(callee)?.object;
  return callee?.type === 'Super' || (object?.type === 'Identifier' && /^(console|JSON)$/.test(object.name));
}
