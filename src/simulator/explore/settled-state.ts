import { formatPort } from '../hook-tools/port-range.ts';
import type { Model } from '../model.ts';
import type { ApplicationState, Bag, ModelState, RelationState, UnitState } from '../state/model-state.ts';
import { relationKey } from '../state/relation-scope.ts';
import { NeutralNames } from './neutral-names.ts';
import type { Ignored } from './scenario.ts';
import { readStoredFlags } from './stored-flags.ts';

/** One thing about a model that has come to rest. */
export interface Fact {
  /** What it is, as a scenario's `ignore` has it. */
  readonly kind: keyof Ignored;
  /** `web/0:web.ready`, `web/0:host`, `web/0:message`, `web/0` */
  readonly name: string;
  /** The relation of a databag: `web:db redis:db`. */
  readonly relation?: string;
  readonly value: unknown;
}

/** What runs are compared by: the facts by their paths, such as `databags web:db redis:db redis/0:host`. */
export type SettledState = ReadonlyMap<string, Fact>;

/**
 * What a model that is at rest has come to: flags, statuses, open ports, databags and leader settings, in words that are the
 * same in every run.
 */
export function readSettledState(model: Model): SettledState {
  const state = model.snapshot();
  const names = new NeutralNames(state, model.folder);
  const facts = [
    ...Object.values(state.units).flatMap((unit) => [
      ...flagFacts(names, unit, model.unitFolder(unit.name)),
      ...statusFacts(names, names.unit(unit.name), unit.workload),
      ...portFacts(names, unit),
    ]),
    ...Object.values(state.applications).flatMap((application) => applicationFacts(names, application)),
    ...Object.values(state.relations).flatMap((relation) => relationFacts(names, state, relation)),
  ];
  return new Map(facts.map((fact) => [pathOf(fact), fact]));
}

/** The leaders of a model by application, subordinates named as in a settled state. */
export function readLeaders(model: Model): Readonly<Record<string, string>> {
  const state = model.snapshot();
  const names = new NeutralNames(state, model.folder);
  const led = Object.values(state.applications).flatMap(({ name, leader }) =>
    leader === null ? [] : [[name, names.unit(leader)] as const],
  );
  return Object.fromEntries(led);
}

function pathOf({ kind, relation, name }: Fact): string {
  return [kind, relation, name].filter(Boolean).join(' ');
}

function flagFacts(names: NeutralNames, unit: UnitState, folder: string): Fact[] {
  return Object.entries(readStoredFlags(folder)).map(([flag, value]) => ({
    kind: 'flags',
    name: `${names.unit(unit.name)}:${names.text(flag)}`,
    value: value === null ? 'set' : names.value(value),
  }));
}

function statusFacts(
  names: NeutralNames,
  owner: string,
  shown: { readonly status: string; readonly message: string },
): Fact[] {
  const { status, message } = shown;
  return [
    { kind: 'statuses', name: `${owner}:status`, value: status },
    { kind: 'statuses', name: `${owner}:message`, value: names.text(message) },
  ];
}

function portFacts(names: NeutralNames, { name, ports }: UnitState): Fact[] {
  if (ports.length === 0) return [];
  const open = ports.map((range) => formatPort(range) + (range.endpoint && ` for ${range.endpoint}`));
  return [{ kind: 'ports', name: names.unit(name), value: open.sort() }];
}

/** An application's status counts where its leader set one: else it is that of its units again. */
function applicationFacts(names: NeutralNames, application: ApplicationState): Fact[] {
  const { name, status, leaderSettings, workloadVersion } = application;
  return [
    ...(status === null ? [] : statusFacts(names, name, status)),
    { kind: 'statuses', name: `${name}:version`, value: workloadVersion },
    ...bagFacts(names, { relation: 'leader settings', owner: name, bag: leaderSettings.settings }),
  ];
}

/** The bags of units that have left a relation are nobody's any more. */
function relationFacts(names: NeutralNames, state: ModelState, relation: RelationState): Fact[] {
  const key = relationKey(relation);
  const present = Object.entries(relation.units).filter(
    ([name, { inScope }]) => inScope && state.units[name] !== undefined,
  );
  return [
    ...Object.entries(relation.applications).flatMap(([owner, { settings: bag }]) =>
      bagFacts(names, { relation: key, owner, bag }),
    ),
    ...present.flatMap(([name, { settings: bag }]) =>
      bagFacts(names, { relation: key, owner: names.unit(name), bag }),
    ),
  ];
}

function bagFacts(
  names: NeutralNames,
  { relation, owner, bag }: { readonly relation: string; readonly owner: string; readonly bag: Bag },
): Fact[] {
  return Object.entries(bag).map(([key, text]) => ({
    kind: 'databags',
    relation,
    name: `${owner}:${names.text(key)}`,
    value: names.value(readBagValue(text)),
  }));
}

/** Objects, lists and quoted texts of JSON count by what they say: the order of keys, and spaces, may differ. */
function readBagValue(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
