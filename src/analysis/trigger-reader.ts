import type { Node } from '@babel/types';
import type { Filler } from './endpoint-names.ts';
import type { Evaluator } from './evaluator.ts';
import { type FlagText, isAnything } from './flag-text.ts';
import type { ModelTrigger } from './reactive-model.ts';
import { bareOf, keyName, type SyntaxTree } from './syntax-tree.ts';
import { textsOf, type Value } from './value.ts';

/** The fields of a trigger by name. */
type Fields = ReadonlyMap<string, Value>;

/** Reads a trigger as it is written out; undefined where its fields cannot be told. What its callback does is found where that stands. */
export function readTriggerFields(evaluator: Evaluator, tree: SyntaxTree, node: Node): Fields | undefined {
  const bare = bareOf(node);
  if (bare.type !== 'ObjectExpression') {
    const value = evaluator.evaluate(tree, bare);
    return value.kind === 'record' ? value.fields : undefined;
  }
  const fields = new Map<string, Value>();
  for (const property of bare.properties) {
    const name = property.type === 'SpreadElement' ? undefined : keyName(property.key, property.computed);
    if (name === undefined) return undefined;
    if (property.type === 'ObjectProperty') fields.set(name, evaluator.evaluate(tree, property.value));
  }
  return fields;
}

/** The triggers that the fields make, one for each flag that is waited for. */
export function makeTriggers(
  fields: Fields,
  { fill }: Filler,
  origin: Pick<ModelTrigger, 'group' | 'place'>,
): readonly ModelTrigger[] {
  const read = (...names: readonly string[]): readonly FlagText[] =>
    names.flatMap((name) => {
      const field = fields.get(name);
      return field === undefined ? [] : textsOf(field).flatMap(fill);
    });
  const effects = { sets: read('setFlag', 'set_flag'), clears: read('clearFlag', 'clear_flag') };
  return [
    ...read('when').map((flag) => ({ edge: 'set' as const, flag, ...effects, ...origin })),
    ...read('whenNot', 'when_not').map((flag) => ({ edge: 'clear' as const, flag, ...effects, ...origin })),
  ];
}

/** Whether a trigger may do something to any flag. */
export function isUnsure({ sets, clears }: ModelTrigger): boolean {
  return [...sets, ...clears].some(isAnything);
}

/** The triggers in `defineLayer('name', […], { triggers: […] })`, one by one; null for what is no list. */
export function listedTriggers(parts: Node | undefined): readonly (Node | null)[] {
  if (parts?.type !== 'ObjectExpression') return [];
  return parts.properties.flatMap((property): readonly (Node | null)[] => {
    if (property.type !== 'ObjectProperty' || keyName(property.key) !== 'triggers') return [];
    const list = bareOf(property.value);
    return list.type === 'ArrayExpression' ? list.elements : [null];
  });
}
