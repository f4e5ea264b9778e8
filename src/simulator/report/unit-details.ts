import { compareNaturally } from '../hook-tools/natural-order.ts';
import { unitsOf } from '../operator/lifecycle.ts';
import type { ModelState, RelationState, UnitState } from '../state/model-state.ts';
import { isPeerRelation, ownEndpoint, relationsOf, remoteApplication } from '../state/relation-scope.ts';
import { charmUrl } from './application-report.ts';
import { formatJson, formatYaml, unlessEmpty } from './structured-text.ts';
import { openPorts } from './unit-report.ts';

/** A unit as `juju show-unit` has it. */
export interface UnitDetails {
  readonly 'workload-version'?: string;
  readonly machine: string;
  readonly 'opened-ports': readonly string[];
  readonly 'public-address': string;
  readonly charm: string;
  readonly leader: boolean;
  readonly life: string;
  readonly 'relation-info'?: readonly RelationInfo[];
}

/** A relation as `juju show-unit` has it. */
export interface RelationInfo {
  readonly 'relation-id': number;
  readonly endpoint: string;
  readonly 'related-endpoint': string;
  /** What the related application published; in a peer relation its own. */
  readonly 'application-data': Readonly<Record<string, string>>;
  /** Juju fills it in peer relations alone. */
  readonly 'local-unit': UnitData;
  readonly 'related-units'?: Readonly<Record<string, UnitData>>;
}

/** What a unit published; nothing while it is not in the relation. */
export interface UnitData {
  readonly 'in-scope': boolean;
  readonly data: Readonly<Record<string, string>> | null;
}

/** What of a unit's relations is shown. */
export interface UnitDetailsOptions {
  /** The applications' data alone. */
  readonly app?: boolean;
  readonly endpoint?: string;
  readonly relatedUnit?: string;
}

const NO_DATA: UnitData = { 'in-scope': false, data: null };

/** `juju show-unit`: units by name. Throws, in Juju's words, naming all that there are not. */
export function reportUnitDetails(
  state: ModelState,
  names: readonly string[],
  options: UnitDetailsOptions = {},
): Record<string, UnitDetails> {
  const missing = names.filter((name) => state.units[name] === undefined);
  if (missing.length > 0) throw new Error(missing.map((name) => `unit "${name}" not found`).join('\n'));
  const units = [...names].sort(compareNaturally).flatMap((name) => state.units[name] ?? []);
  return Object.fromEntries(units.map((unit) => [unit.name, reportOne(state, unit, options)]));
}

/** What `juju show-unit` prints. YAML leaves out what a unit itself published where Juju does not know it. */
export function formatUnitDetails(
  details: Readonly<Record<string, UnitDetails>>,
  format: 'yaml' | 'json' = 'yaml',
): string {
  if (format === 'json') return formatJson(details);
  const entries = Object.entries(details).map(([name, unit]) => {
    const relations = unit['relation-info']?.map((info) =>
      info['local-unit'] === NO_DATA ? { ...info, 'local-unit': undefined } : info,
    );
    return [name, relations === undefined ? unit : { ...unit, 'relation-info': relations }] as const;
  });
  return formatYaml(Object.fromEntries(entries));
}

function reportOne(state: ModelState, unit: UnitState, options: UnitDetailsOptions): UnitDetails {
  const application = state.applications[unit.application];
  const infos = relationsOf(state, unit.application).flatMap((relation) =>
    reportRelation({ state, unit, relation, options }),
  );
  return {
    ...unlessEmpty('workload-version', application?.workloadVersion ?? ''),
    machine: unit.machine,
    'opened-ports': openPorts(unit),
    'public-address': unit.address,
    charm: application === undefined ? '' : charmUrl(application),
    leader: application?.leader === unit.name,
    life: unit.life,
    ...unlessEmpty('relation-info', infos),
  };
}

/** None where the relation is not asked for, or has nothing to show. */
function reportRelation(shown: {
  readonly state: ModelState;
  readonly unit: UnitState;
  readonly relation: RelationState;
  readonly options: UnitDetailsOptions;
}): RelationInfo[] {
  const { state, unit, relation, options } = shown;
  const remote = remoteApplication(relation, unit.application);
  const endpoint = ownEndpoint(relation, unit.application)?.name ?? '';
  if ((options.endpoint ?? endpoint) !== endpoint) return [];
  const data = { ...relation.applications[remote]?.settings };
  const info = {
    'relation-id': relation.id,
    endpoint,
    'related-endpoint': ownEndpoint(relation, remote)?.name ?? endpoint,
    'application-data': data,
    'local-unit': NO_DATA,
  };
  if (options.app) return [info];
  const names = unitsOf(state, remote)
    .map(({ name }) => name)
    .filter((name) => (options.relatedUnit ?? name) === name);
  const related = names.filter((name) => name !== unit.name);
  const isLocalKnown = isPeerRelation(relation) && names.includes(unit.name);
  const local = isLocalKnown ? unitData(relation, unit.name) : NO_DATA;
  const isEmpty = related.length + Object.keys({ ...data, ...local.data }).length === 0;
  if (isEmpty && options.endpoint === undefined) return [];
  const units = Object.fromEntries(related.map((name) => [name, unitData(relation, name)]));
  return [{ ...info, 'local-unit': local, ...unlessEmpty('related-units', units) }];
}

function unitData(relation: RelationState, unit: string): UnitData {
  const bag = relation.units[unit];
  const inScope = bag?.inScope ?? false;
  return { 'in-scope': inScope, data: inScope ? { ...bag?.settings } : {} };
}
