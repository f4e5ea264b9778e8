import type { Node } from '@babel/types';
import type { Arguments, Evaluator } from './evaluator.ts';
import { known } from './flag-text.ts';
import { bareOf, isFunction, readCall, readMember, type SyntaxTree, soleResult } from './syntax-tree.ts';
import { addValues, itemsOf, textValue, UNKNOWN, type Value } from './value.ts';

/** Where an expression is looked at, and with which arguments. */
interface At {
  readonly evaluator: Evaluator;
  readonly tree: SyntaxTree;
  readonly given: Arguments;
}

/** What `Object.keys(record)`, `list.map(…)` and their kin come to; undefined for any other call. */
export function evaluateListMethod(
  at: At,
  { callee, given }: { readonly callee: Node; readonly given: readonly Node[] },
): Value | undefined {
  const member = readMember(callee);
  const [first] = given;
  if (!member || !first) return member && isKeeping(member.name) ? evaluate(at, member.object) : undefined;
  const owner = member.object.type === 'Identifier' ? member.object.name : '';
  if (owner === 'Object') return ofObject(at, member.name, first);
  if (/^(map|flatMap)$/.test(member.name)) return mapped(at, member.object, first);
  if (!isKeeping(member.name)) return undefined;
  const list = evaluate(at, member.object);
  return list.kind === 'unknown' ? startingAlike(at, first) : list;
}

/** Methods that give back some or all of what is in a list. */
function isKeeping(name: string): boolean {
  return /^(filter|sort|toSorted|reverse|toReversed|slice)$/.test(name);
}

function ofObject(at: At, method: string, first: Node): Value | undefined {
  if (/^(freeze|seal)$/.test(method)) return evaluate(at, first);
  if (!/^(keys|values)$/.test(method)) return undefined;
  const record = evaluate(at, first);
  if (record.kind !== 'record') return UNKNOWN;
  if (method === 'values') return { kind: 'list', items: [...record.fields.values()] };
  return { kind: 'list', items: [...record.fields.keys()].map((key) => textValue([known(key)])) };
}

function mapped({ evaluator, tree, given }: At, list: Node, change: Node): Value {
  const result = isFunction(change) ? soleResult(change) : undefined;
  if (!isFunction(change) || !result) return UNKNOWN;
  const items = itemsOf(evaluator.evaluate(tree, list, given));
  const changed = items.map((item) =>
    evaluator.evaluate(tree, result, new Map([...given, [change, [item]]])),
  );
  return { kind: 'list', items: changed.flatMap((value) => (value.kind === 'list' ? value.items : [value])) };
}

/** What is left of a list of anything by `filter((one) => one.startsWith('a.'))`. */
function startingAlike(at: At, test: Node): Value {
  const result = isFunction(test) ? soleResult(test) : undefined;
  const [parameter] = isFunction(test) ? test.params : [];
  if (!result || parameter?.type !== 'Identifier') return UNKNOWN;
  // What else must hold leaves less.
  for (const part of partsOf(bareOf(result))) {
    const call = readCall(part);
    const member = call && readMember(call.callee);
    const [start] = call?.given ?? [];
    const isOwn = member?.object.type === 'Identifier' && member.object.name === parameter.name;
    if (!isOwn || member.name !== 'startsWith' || !start) continue;
    return { kind: 'list', items: [addValues([evaluate(at, start), UNKNOWN])] };
  }
  return UNKNOWN;
}

/** What all must hold for `a && b && c` to. */
function partsOf(node: Node): readonly Node[] {
  return node.type === 'LogicalExpression' && node.operator === '&&'
    ? [...partsOf(bareOf(node.left)), ...partsOf(bareOf(node.right))]
    : [node];
}

function evaluate({ evaluator, tree, given }: At, node: Node): Value {
  return evaluator.evaluate(tree, node, given);
}
