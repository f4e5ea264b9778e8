import type { Node } from '@babel/types';
import { lookUp } from './bindings.ts';
import type { Arguments, Evaluator } from './evaluator.ts';
import { ANYTHING, type FlagText, joinTexts, known } from './flag-text.ts';
import { frameworkName } from './framework-names.ts';
import type { ModelCondition } from './reactive-model.ts';
import { bareOf, readCall, type SyntaxTree, soleResult } from './syntax-tree.ts';
import { itemsOf, textsOf } from './value.ts';

const FLAG_KINDS: Readonly<Record<string, 'all' | 'any' | 'none' | 'not-all'>> = {
  when: 'all',
  whenAll: 'all',
  when_all: 'all',
  whenAny: 'any',
  when_any: 'any',
  whenNot: 'none',
  when_not: 'none',
  whenNone: 'none',
  when_none: 'none',
  whenNotAll: 'not-all',
  when_not_all: 'not-all',
};

const OTHERS: Readonly<Record<string, ModelCondition>> = {
  whenFileChanged: { kind: 'file-changed' },
  when_file_changed: { kind: 'file-changed' },
  onlyOnce: { kind: 'once' },
  only_once: { kind: 'once' },
  collectMetrics: { kind: 'restricted-hook', hook: 'collect-metrics' },
  collect_metrics: { kind: 'restricted-hook', hook: 'collect-metrics' },
  meterStatusChanged: { kind: 'restricted-hook', hook: 'meter-status-changed' },
  meter_status_changed: { kind: 'restricted-hook', hook: 'meter-status-changed' },
};

/** What an expression is to a handler: a condition, a guard on flags that makes no handler, or neither. */
export type ReadCondition =
  | { readonly condition: ModelCondition }
  | { readonly guard: readonly FlagText[] }
  | undefined;

/**
 * Reads a condition: `when('a')`, a name for one, or a function of the charm's that makes one.
 */
export function readCondition(
  at: { readonly evaluator: Evaluator; readonly tree: SyntaxTree; readonly given?: Arguments },
  expression: Node,
  depth = 0,
): ReadCondition {
  const { evaluator, tree, given } = at;
  const node = bareOf(expression);
  if (depth > 8) return undefined;
  const call = readCall(node);
  const name = frameworkName(evaluator.sources, tree, call?.callee ?? node);
  // `@only_once` stands without a call too.
  if (name !== undefined) return fromFramework(at, name, call?.given ?? []);
  if (call) {
    const target = evaluator.functionOf(tree, call.callee);
    const result = target && soleResult(target.node);
    if (!target || !result) return undefined;
    const values = call.given.map((one) =>
      one.type === 'SpreadElement' ? ({ kind: 'unknown' } as const) : evaluator.evaluate(tree, one, given),
    );
    const within = {
      evaluator,
      tree: target.tree,
      given: new Map([...(given ?? []), [target.node, values]]),
    };
    return readCondition(within, result, depth + 1);
  }
  if (node.type !== 'Identifier') return undefined;
  const found = lookUp(tree, node.name, node) && evaluator.sources.define(tree, node.name, node);
  if (!found || !('binding' in found)) return undefined;
  const { binding } = found;
  if (binding.kind !== 'variable' || binding.steps.length > 0 || !binding.init) return undefined;
  return readCondition({ evaluator, tree: found.tree }, binding.init, depth + 1);
}

/** The texts that arguments come to, one after another. */
export function readTexts(
  at: { readonly evaluator: Evaluator; readonly tree: SyntaxTree; readonly given?: Arguments },
  given: readonly Node[],
): readonly FlagText[] {
  return given.flatMap((node) => {
    if (node.type !== 'SpreadElement') return textsOf(at.evaluator.evaluate(at.tree, node, at.given));
    return itemsOf(at.evaluator.evaluate(at.tree, node.argument, at.given)).flatMap(textsOf);
  });
}

function fromFramework(
  at: { readonly evaluator: Evaluator; readonly tree: SyntaxTree; readonly given?: Arguments },
  name: string,
  given: readonly Node[],
): ReadCondition {
  const texts = (): readonly FlagText[] => {
    const one = given.map((node) => readTexts(at, [node]));
    // One of several texts is no list of them.
    return one.flatMap((several, index) =>
      several.length > 1 && given[index]?.type !== 'SpreadElement' ? [ANYTHING] : several,
    );
  };
  const kind = Object.hasOwn(FLAG_KINDS, name) ? FLAG_KINDS[name] : undefined;
  if (kind) return { condition: { kind, flags: texts() } };
  if (name === 'hook') return { condition: { kind: 'hook', patterns: texts() } };
  if (name === 'action') {
    const patterns = texts().map((text) => joinTexts(known('actions/'), text));
    return { condition: { kind: 'hook', patterns } };
  }
  if (name === 'whenConfigChanged') return { condition: { kind: 'config-changed', options: texts() } };
  if (name === 'notUnless' || name === 'not_unless') return { guard: texts() };
  const other = Object.hasOwn(OTHERS, name) ? OTHERS[name] : undefined;
  return other && { condition: other };
}
