import { type FlagText, plainText } from '../../analysis/flag-text.ts';
import { expandHookPattern } from '../../handlers/hook-pattern.ts';
import type { CharmModel } from './charm-model.ts';

/** What a hook pattern comes to in a charm. */
export type PatternReading =
  /** The hooks among what it stands for; `others` are none of the charm's. */
  | { readonly hooks: readonly string[]; readonly others: readonly string[] }
  | { readonly fault: string }
  | undefined;

const UNIT_HOOKS = [
  'install start stop remove config-changed update-status upgrade-charm leader-elected leader-deposed',
  'leader-settings-changed collect-metrics meter-status-changed pre-series-upgrade post-series-upgrade',
  'secret-changed secret-rotate secret-expired secret-remove collect-app-status collect-unit-status',
].flatMap((names) => names.split(' '));

/** Reads a pattern; undefined for one that is not wholly known. */
export function readPattern(pattern: FlagText, charm: CharmModel): PatternReading {
  const text = plainText(pattern);
  if (text === undefined) return undefined;
  try {
    const names = expandHookPattern(text, charm.endpoints);
    const hooks = names.filter((name) => isHook(name, charm));
    return { hooks, others: names.filter((name) => !hooks.includes(name)) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** All hooks and actions that may run in a charm, for the likes of a slip. */
export function listHooks({ endpoints, storage, containers, actions }: CharmModel): readonly string[] {
  return [
    ...UNIT_HOOKS,
    ...endpoints.flatMap(({ name }) => RELATION_EVENTS.map((event) => `${name}-relation-${event}`)),
    ...storage.flatMap(({ name }) => ['attached', 'detaching'].map((event) => `${name}-storage-${event}`)),
    ...containers.flatMap((name) => PEBBLE_EVENTS.map((event) => `${name}-pebble-${event}`)),
    ...actions.map((name) => `actions/${name}`),
  ];
}

const RELATION_EVENTS = ['created', 'joined', 'changed', 'departed', 'broken'];
const PEBBLE_EVENTS = ['ready', 'custom-notice', 'check-failed', 'check-recovered'];

function isHook(name: string, charm: CharmModel): boolean {
  // Each charm provides it, though none says so.
  return /^juju-info-relation-/.test(name) || listHooks(charm).includes(name);
}
