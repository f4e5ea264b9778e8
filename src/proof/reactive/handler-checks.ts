import { fromPattern, mayBeSame, plainText, writeText } from '../../analysis/flag-text.ts';
import type { ModelCondition, ModelHandler } from '../../analysis/reactive-model.ts';
import { type Finding, fault, warning } from '../finding.ts';
import type { CharmModel, ModelCheck } from './charm-model.ts';
import { listHooks, readPattern } from './hook-names.ts';
import { findNearest, placeAt, writePlace } from './wording.ts';

/** Handlers that can never run: conditions that cannot hold together, or flags that only such handlers set. */
export const checkNeverRuns: ModelCheck = (charm) => {
  const reasons = findDead(charm);
  return charm.model.handlers.flatMap((handler) => {
    const reason = reasons.get(handler);
    if (reason === undefined || reason.isTold) return [];
    const text = `handler ${handler.id} can never run: ${reason.text} ${writePlace(handler.place)}`;
    return [warning('handler-never-runs', text, placeAt(handler.place, handler.id))];
  });
};

/** Hook patterns that no hook of the charm fits, or that cannot be read. */
export const checkHookPatterns: ModelCheck = (charm) =>
  charm.model.handlers.flatMap((handler) =>
    patternsOf(handler).flatMap((pattern): readonly Finding[] => {
      const text = writeText(pattern);
      const place = placeAt(handler.place, text);
      const reading = readPattern(pattern, charm);
      if (reading === undefined) return [];
      if ('fault' in reading) {
        return [
          fault(
            'hook-pattern',
            `handler ${handler.id}: ${reading.fault} ${writePlace(handler.place)}`,
            place,
          ),
        ];
      }
      if (!isMeant(text, handler, charm)) return [];
      if (reading.hooks.length === 0) {
        const said = `hook pattern "${text}" of ${handler.id} fits no hook of the charm${hintAt(text, charm)}`;
        return [warning('hook-pattern', `${said} ${writePlace(handler.place)}`, place)];
      }
      return reading.others.map((name) => {
        const said = `hook pattern "${text}" of ${handler.id}: "${name}" is no hook of the charm${hintAt(name, charm)}`;
        return warning('hook-pattern', `${said} ${writePlace(handler.place)}`, place);
      });
    }),
  );

/** `{endpoint_name}` has a meaning in an interface's handlers alone; elsewhere each hook fails. */
export const checkEndpointNames: ModelCheck = ({ model }) =>
  model.handlers.flatMap((handler) => {
    if (handler.endpoint !== undefined || handler.place.file.endsWith('.py')) return [];
    const texts = handler.conditions.flatMap((one) =>
      'flags' in one ? one.flags : one.kind === 'hook' ? one.patterns : [],
    );
    const found = texts.map(writeText).find((text) => text.includes('{endpoint_name}'));
    if (found === undefined) return [];
    const text = `handler ${handler.id} waits for "${found}": {endpoint_name} means something in an interface only ${writePlace(handler.place)}`;
    return [fault('endpoint-name', text, placeAt(handler.place, handler.id))];
  });

/** Options that handlers wait for, and that config.yaml does not have. */
export const checkOptions: ModelCheck = ({ model, options, isCharm }) =>
  model.handlers.flatMap((handler) =>
    handler.conditions.flatMap((condition) => {
      if (condition.kind !== 'config-changed' || !isCharm || handler.group !== model.ownGroup) return [];
      return condition.options.flatMap((option) => {
        const name = plainText(option);
        if (name === undefined || options.includes(name)) return [];
        const nearest = findNearest(name, options);
        const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
        const text = `${handler.id} waits for the option "${name}", which config.yaml does not have${hint} ${writePlace(handler.place)}`;
        return [warning('option-unknown', text, placeAt(handler.place, name))];
      });
    }),
  );

interface Reason {
  readonly text: string;
  /** Whether another check has a finding of it. */
  readonly isTold: boolean;
}

/** What can never run, and why; what only that sets cannot be waited for either, and so on. */
function findDead(charm: CharmModel): ReadonlyMap<ModelHandler, Reason> {
  const { model } = charm;
  const dead = new Map<ModelHandler, Reason>();
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const handler of model.handlers) {
      if (dead.has(handler)) continue;
      const reason = findOwnReason(handler, charm) ?? findDeadFlag(handler, charm, dead);
      if (reason === undefined) continue;
      dead.set(handler, reason);
      isNew = true;
    }
  }
  return dead;
}

function findOwnReason(handler: ModelHandler, charm: CharmModel): Reason | undefined {
  const { conditions } = handler;
  const clash = findClash(conditions);
  if (clash !== undefined)
    return { text: `it waits for "${clash}" to be set and not to be set`, isTold: false };
  const restricted = conditions.filter((one) => one.kind === 'restricted-hook');
  if (
    restricted.length > 0 &&
    conditions.some((one) => one.kind !== 'restricted-hook' && one.kind !== 'unknown' && one.kind !== 'hook')
  ) {
    return { text: 'in a restricted hook nothing runs that waits for more than the hook', isTold: false };
  }
  const readings = conditions.flatMap((one) =>
    one.kind === 'hook' ? [one.patterns.map((pattern) => readPattern(pattern, charm))] : [],
  );
  const hooks = readings.map((patterns) =>
    patterns.some((one) => one === undefined)
      ? undefined
      : patterns.flatMap((one) => (one && 'hooks' in one ? one.hooks : [])),
  );
  if (hooks.some((names) => names?.length === 0)) return { text: 'no hook fits it', isTold: true };
  const sets = [...hooks, ...restricted.map(({ hook }) => [hook])].filter((names) => names !== undefined);
  const [first, ...others] = sets;
  if (first === undefined || others.length === 0) return undefined;
  const common = first.filter((name) => others.every((names) => names.includes(name)));
  return common.length > 0 ? undefined : { text: 'no hook fits all of its conditions', isTold: false };
}

/** A flag that has to be set, and not to be set. */
function findClash(conditions: readonly ModelCondition[]): string | undefined {
  const flagsOf = (kind: 'all' | 'none'): readonly string[] =>
    conditions.flatMap((one) =>
      one.kind === kind ? one.flags.flatMap((flag) => plainText(flag) ?? []) : [],
    );
  const none = flagsOf('none');
  return flagsOf('all').find((flag) => none.includes(flag) && !/[*?{]/.test(flag));
}

function findDeadFlag(
  handler: ModelHandler,
  { flags, model, isCharm }: CharmModel,
  dead: ReadonlyMap<ModelHandler, Reason>,
): Reason | undefined {
  if (!flags.isKnown.set || !isCharm) return undefined;
  const deadIds = new Set([...dead.keys()].map(({ id }) => id));
  const isAlive = (id: string): boolean => !deadIds.has(id) || countOf(id, model.handlers) > 1;
  for (const condition of handler.conditions) {
    if (condition.kind !== 'all' && condition.kind !== 'any') continue;
    const states = condition.flags.map((flag) => {
      const setters = flags.settersOf(fromPattern(flag));
      if (setters.length === 0) return { flag, isTold: true };
      // A trigger counts where what it waits for may be.
      const living = setters.some(
        ({ effect, trigger }) =>
          (effect?.inside === undefined || isAlive(effect.inside)) &&
          (trigger === undefined ||
            trigger.edge === 'clear' ||
            flags.setters.some((one) => one.trigger !== trigger && mayBeSame(one.flag, trigger.flag))),
      );
      return living ? undefined : { flag, isTold: false };
    });
    const found =
      condition.kind === 'all'
        ? states.find((one) => one !== undefined)
        : states.every(Boolean)
          ? states[0]
          : undefined;
    if (found) {
      const text = `"${writeText(found.flag)}" is set by handlers only that can never run themselves`;
      // What layers below wait for may be set in other charms.
      return { text, isTold: found.isTold || handler.group !== model.ownGroup };
    }
  }
  return undefined;
}

function countOf(id: string, handlers: readonly ModelHandler[]): number {
  return handlers.filter((handler) => handler.id === id).length;
}

function patternsOf(handler: ModelHandler): readonly (readonly (string | null)[])[] {
  return handler.conditions.flatMap((one) => (one.kind === 'hook' ? one.patterns : []));
}

/** Layers below have patterns for endpoints, storage and actions that a charm need not have. */
function isMeant(pattern: string, handler: ModelHandler, { model, isCharm }: CharmModel): boolean {
  if (isCharm && handler.group === model.ownGroup) return true;
  return !/\{|-relation-|-storage-|-pebble-|^actions\//.test(pattern);
}

function hintAt(pattern: string, charm: CharmModel): string {
  const nearest = findNearest(pattern, listHooks(charm));
  if (nearest !== undefined) return `; did you mean "${nearest}"?`;
  const [, action] = /^actions\/(.+)$/.exec(pattern) ?? [];
  return action === undefined ? '' : `: actions.yaml has no "${action}"`;
}
