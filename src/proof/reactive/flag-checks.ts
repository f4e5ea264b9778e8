import { isAnything, plainText } from '../../analysis/flag-text.ts';
import { info, warning } from '../finding.ts';
import type { CharmModel, ModelCheck } from './charm-model.ts';
import { byFlag, type Waiter } from './flag-table.ts';
import { findNearest, listNames, placeAt, writePlace } from './wording.ts';

/** The layers that keep flags of a certain beginning, for those who left them out. */
const KEEPERS: Readonly<Record<string, string>> = {
  config: 'basic',
  leadership: 'leadership',
  apt: 'apt',
  snap: 'snap',
  coordinator: 'coordinator',
};

/**
 * Flags that are waited for and that nothing sets. Layers below and interfaces are left alone, since what they wait for may be
 * set by charms of other kinds; except that no one but an interface sets flags of an endpoint.
 */
export const checkNeverSet: ModelCheck = (charm) => {
  const { model, flags, isCharm } = charm;
  if (!flags.isKnown.set) return [];
  const waiters = flags.waiters.filter(
    ({ flag, kind, group }) =>
      kind !== 'read' &&
      !isAnything(flag) &&
      ((isCharm && group === model.ownGroup) || isOfEndpoint(flag, group)),
  );
  return [...byFlag(waiters)].flatMap(([name, those]) => {
    const [first] = those;
    // A name that is left to be filled in is told of as such.
    if (first === undefined || name.includes('{endpoint_name}')) return [];
    if (flags.settersOf(first.flag).length > 0) return [];
    const text = `flag "${name}" is never set, and ${describeWaiters(those)}${hintAt(name, charm)} ${writePlace(first.place)}`;
    return [warning('flag-never-set', text, placeAt(first.place, name))];
  });
};

/** Flags that the charm's own layer sets, and that nobody waits for or asks for. Those of layers below are for others. */
export const checkNeverWaitedFor: ModelCheck = ({ model, flags, isCharm }) => {
  if (!flags.isKnown.read || !isCharm) return [];
  const setters = flags.setters.filter(({ group, place }) => group === model.ownGroup && place !== undefined);
  return [...byFlag(setters)].flatMap(([name, those]) => {
    const [first] = those;
    const isPlain = first !== undefined && plainText(first.flag) !== undefined;
    if (!isPlain || first.place === undefined || flags.waitersFor(first.flag).length > 0) return [];
    const text = `flag "${name}" is set, and nobody waits for it ${writePlace(first.place)}`;
    return [info('flag-never-waited-for', text, placeAt(first.place, name))];
  });
};

/**
 * Flags that stay set for good once they are, while handlers wait for them to be set: those run in every hook from then on.
 * A flag that somebody waits for not to be set is a mark of something that is done, and meant to stay.
 */
export const checkNeverCleared: ModelCheck = ({ model, flags, isCharm }) => {
  if (!flags.isKnown.clear || !flags.isKnown.read || !isCharm) return [];
  const setters = flags.setters.filter(
    ({ group, place, effect }) =>
      group === model.ownGroup && place !== undefined && effect?.isForHook !== true,
  );
  return [...byFlag(setters)].flatMap(([name, those]) => {
    const [first] = those;
    if (first?.place === undefined || plainText(first.flag) === undefined) return [];
    const waiters = flags.waitersFor(first.flag);
    const isMark = waiters.some(({ kind }) => kind === 'none' || kind === 'not-all' || kind === 'read');
    const awake = waiters.filter(
      ({ kind, handler }) => (kind === 'all' || kind === 'any') && !isOnce(handler),
    );
    if (isMark || awake.length === 0 || flags.clearersOf(first.flag).length > 0) return [];
    const handlers = listNames(awake.flatMap(({ handler }) => handler?.id ?? []));
    const text = `flag "${name}" is never cleared: once it is set, ${handlers} may run in every hook ${writePlace(first.place)}`;
    return [info('flag-never-cleared', text, placeAt(first.place, name))];
  });
};

/** Whether a flag of an interface's own endpoint is meant. */
function isOfEndpoint(flag: Waiter['flag'], group: string): boolean {
  return group.startsWith('interface:') && (plainText(flag) ?? '').startsWith('endpoint.');
}

function describeWaiters(waiters: readonly Waiter[]): string {
  const handlers = waiters.flatMap(({ handler }) => handler?.id ?? []);
  if (handlers.length === 0) return 'a trigger waits for it';
  const verb = new Set(handlers).size > 1 ? 'wait' : 'waits';
  return `${listNames(handlers)} ${verb} for it`;
}

function hintAt(name: string, { flags, endpoints, model }: CharmModel): string {
  const nearest = findNearest(name, flags.names);
  if (nearest !== undefined) return `; did you mean "${nearest}"?`;
  const [, endpoint] = /^endpoint\.([^.]+)\./.exec(name) ?? [];
  if (endpoint !== undefined && !endpoints.some((one) => one.name === endpoint)) {
    return `; metadata.yaml has no endpoint "${endpoint}"`;
  }
  const beginning = name.split('.')[0] ?? '';
  const keeper = Object.hasOwn(KEEPERS, beginning) ? KEEPERS[beginning] : undefined;
  if (keeper === undefined) return '';
  if (!model.effects.some(({ group }) => group === keeper))
    return `; layer:${keeper} sets such flags: include it`;
  return beginning === 'config' ? '; config.yaml has no such option' : '';
}

function isOnce(handler: Waiter['handler']): boolean {
  return handler?.conditions.some(({ kind }) => kind === 'once') ?? false;
}
