import { applicationStatus } from '../agent/statuses.ts';
import type { ApplicationState, ModelState, RelationState, UnitState } from '../state/model-state.ts';
import { ownEndpoint, remoteApplication } from '../state/relation-scope.ts';
import { type Base, baseOf } from './charm-base.ts';
import { reportStatusRecord, type StatusInfo } from './status-info.ts';
import { sortNaturally, unlessEmpty } from './structured-text.ts';
import { reportUnit, type UnitStatus } from './unit-report.ts';

/** An application as `juju status --format json` has it. */
export interface ApplicationStatus {
  readonly charm: string;
  readonly base: Base;
  readonly 'charm-origin': string;
  readonly 'charm-name': string;
  readonly 'charm-rev': number;
  readonly 'charm-channel'?: string;
  readonly exposed: boolean;
  /** Only of one that is not alive. */
  readonly life?: string;
  readonly 'application-status': StatusInfo;
  readonly relations?: Readonly<Record<string, readonly RelatedApplication[]>>;
  readonly 'subordinate-to'?: readonly string[];
  /** Not for a subordinate application, whose units stand under their principals. */
  readonly units?: Readonly<Record<string, UnitStatus>>;
  readonly version?: string;
  readonly 'endpoint-bindings'?: Readonly<Record<string, string>>;
}

/** What an application is related to at one of its endpoints. */
export interface RelatedApplication {
  readonly 'related-application': string;
  readonly interface: string;
  readonly scope: string;
}

/** An application with the units and relations that are to be shown. */
export function reportApplication(shown: {
  readonly state: ModelState;
  readonly application: ApplicationState;
  readonly units: readonly UnitState[];
  readonly relations: readonly RelationState[];
  readonly utc?: boolean;
}): ApplicationStatus {
  const { state, application, relations, utc = false } = shown;
  const { metadata } = application.charm;
  const own = relations.filter((relation) => ownEndpoint(relation, application.name) !== undefined);
  const principals = shown.units.filter(
    (unit) => unit.application === application.name && unit.principal === null,
  );
  const units = principals.map(
    (unit) => [unit.name, reportUnit({ state, unit, under: application.name, relations, utc })] as const,
  );
  return {
    charm: charmUrl(application),
    base: baseOf(application.charm),
    'charm-origin': 'local',
    'charm-name': metadata.name,
    'charm-rev': application.charm.revision,
    exposed: application.exposed,
    ...(application.life === 'alive' ? {} : { life: application.life }),
    'application-status': reportStatusRecord(applicationStatus(state, application), utc),
    ...unlessEmpty('relations', reportRelations(own, application)),
    ...unlessEmpty('subordinate-to', metadata.subordinate ? principalsOf(own, application) : []),
    ...unlessEmpty('units', sortNaturally(Object.fromEntries(units))),
    ...unlessEmpty('version', application.workloadVersion),
    ...unlessEmpty('endpoint-bindings', endpointBindings(application)),
  };
}

/** `local:web-0`. */
export function charmUrl(application: ApplicationState): string {
  return `local:${application.charm.metadata.name}-${application.charm.revision}`;
}

/** Each of a charm's endpoints, and of its other bindings, in the only space there is; empty where it has none. */
export function endpointBindings(application: ApplicationState): Record<string, string> {
  const { endpoints, extraBindings } = application.charm.metadata;
  const names = [...endpoints.map(({ name }) => name), ...extraBindings].sort();
  if (names.length === 0) return {};
  return Object.fromEntries(['', ...names].map((name) => [name, 'alpha']));
}

function reportRelations(
  relations: readonly RelationState[],
  application: ApplicationState,
): Record<string, RelatedApplication[]> {
  const related: Record<string, RelatedApplication[]> = {};
  for (const relation of relations) {
    const endpoint = ownEndpoint(relation, application.name);
    if (endpoint === undefined) continue;
    const other = {
      'related-application': remoteApplication(relation, application.name),
      interface: endpoint.interface,
      scope: relation.scope,
    };
    related[endpoint.name] = [...(related[endpoint.name] ?? []), other].sort((a, b) =>
      a['related-application'] < b['related-application'] ? -1 : 1,
    );
  }
  return sortNaturally(related);
}

function principalsOf(relations: readonly RelationState[], application: ApplicationState): string[] {
  const container = relations.filter(({ scope }) => scope === 'container');
  return [...new Set(container.map((relation) => remoteApplication(relation, application.name)))].sort();
}
