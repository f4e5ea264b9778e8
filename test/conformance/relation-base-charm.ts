import {
  RelationBase,
  type RelationBaseClass,
  type RelationBaseContext,
  scopes,
  withAutoAccessors,
} from 'charms-reactive';
import { runActions } from './actions.ts';
import type { CaseHandler, CaseInterface } from './case.ts';
import type { Decorate, Stage } from './case-charm.ts';

const SCOPES: Readonly<Record<string, string>> = scopes;

/** The class of a case's interface in the older style; undefined for an interface of another style. */
export function makeRelationBaseClass(
  implementation: CaseInterface,
  { stage, decorate }: { readonly stage: Stage; readonly decorate: Decorate },
): RelationBaseClass | undefined {
  const { style, scope = 'UNIT', auto_accessors: accessors, handlers = [] } = implementation;
  if (style !== 'relation-base') return undefined;
  const initializers: ((this: CaseRelation) => void)[] = [];
  const baseClass: abstract new (context: RelationBaseContext) => RelationBase = accessors
    ? withAutoAccessors(accessors)
    : RelationBase;
  class CaseRelation extends baseClass {
    static readonly scope = SCOPES[scope] ?? scope;

    constructor(context: RelationBaseContext) {
      super(context);
      for (const initializer of initializers) initializer.call(this);
    }

    act(actions: CaseHandler['actions']): void {
      if (stage.unit) runActions({ unit: stage.unit, journal: stage.journal, relation: this }, actions);
    }
  }
  for (const method of handlers) decorate(CaseRelation, { method, stage, initializers });
  return CaseRelation;
}
