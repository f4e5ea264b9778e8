import type { Node } from '@babel/types';
import { lookUp } from './bindings.ts';
import type { Evaluator } from './evaluator.ts';
import { bareOf, isFunction, keyName, readCall, readMember, type SyntaxTree } from './syntax-tree.ts';

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
  if (binding.kind === 'parameter') return node.name === 'flags' && !binding.type;
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
  const call =
    readCall(parent) ??
    (parent.type === 'NewExpression' ? { callee: parent.callee, given: parent.arguments } : undefined);
  if (call?.given.some((one) => one === node)) {
    const target = evaluator.functionOf(tree, call.callee)?.node;
    const parameter = target?.params[call.given.indexOf(node)];
    if (parameter === undefined) return !isHarmless(call.callee);
    return !(
      parameter.type === 'Identifier' &&
      (parameter.name === 'flags' || isFlagsType(parameter.typeAnnotation))
    );
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

function isFlagsType(type: Node | null | undefined): boolean {
  if (!type) return false;
  if (type.type === 'TSTypeAnnotation') return isFlagsType(type.typeAnnotation);
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return false;
  return type.typeName.name === 'Flags';
}

/** `super(…)`, and console and JSON, which set no flags. */
function isHarmless(callee: Node): boolean {
  const member = readMember(callee);
  return (
    callee.type === 'Super' ||
    (member?.object.type === 'Identifier' && /^(console|JSON)$/.test(member.object.name))
  );
}
