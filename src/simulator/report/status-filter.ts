import { shownStatus } from '../agent/statuses.ts';
import { unitsOf } from '../operator/lifecycle.ts';
import type { ApplicationState, MachineState, ModelState, UnitState } from '../state/model-state.ts';
import { subordinatesOf } from '../state/relation-scope.ts';
import { openPorts } from './unit-report.ts';

/** What of a model is shown, by name. */
export interface ShownParts {
  readonly machines: ReadonlySet<string>;
  readonly applications: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
  readonly relations: ReadonlySet<number>;
}

/**
 * What `juju status <pattern>…` shows: units that a pattern names (`web`, `web/0`, `we*`), that are in a status or have a
 * port (`blocked`, `80/tcp`), whose application is exposed (`exposed`, `not exposed`), or whose machine is named; with their
 * machines and all units there. A principal and its subordinates belong together. Relations are shown where both ends
 * match. Everything, where there are no patterns.
 */
export function selectShown(state: ModelState, patterns: readonly string[]): ShownParts {
  const everything = {
    machines: new Set(Object.keys(state.machines)),
    applications: new Set(Object.keys(state.applications)),
    units: new Set(Object.keys(state.units)),
    relations: new Set(Object.values(state.relations).map(({ id }) => id)),
  };
  if (patterns.length === 0) return everything;
  const units = Object.values(state.units);
  const isMatch = (unit: UnitState) => matchesUnit(state, unit, patterns);
  const machines = new Set([
    ...Object.values(state.machines).filter((machine) => matchesMachine(machine, patterns)),
    ...units.filter(isMatch).flatMap(({ machine }) => state.machines[machine] ?? []),
  ]);
  const machineIds = new Set([...machines].map(({ id }) => id));
  const shownUnits = units.filter(({ machine }) => machineIds.has(machine));
  const matching = Object.values(state.applications).filter((application) =>
    matchesApplication(state, application, patterns),
  );
  const matchingNames = new Set(matching.map(({ name }) => name));
  const relations = Object.values(state.relations).filter(({ endpoints }) =>
    endpoints.every(({ application }) => matchingNames.has(application)),
  );
  return {
    machines: machineIds,
    applications: new Set([...matchingNames, ...shownUnits.map(({ application }) => application)]),
    units: new Set(shownUnits.map(({ name }) => name)),
    relations: new Set(relations.map(({ id }) => id)),
  };
}

function matchesMachine(machine: MachineState, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => [machine.id, machine.address, 'started'].includes(pattern));
}

function matchesApplication(
  state: ModelState,
  application: ApplicationState,
  patterns: readonly string[],
): boolean {
  if (patterns.some((pattern) => pattern.toLowerCase() === application.name.toLowerCase())) return true;
  if (matchesExposure(application, patterns)) return true;
  return unitsOf(state, application.name).some((unit) => matchesUnit(state, unit, patterns));
}

function matchesUnit(state: ModelState, unit: UnitState, patterns: readonly string[]): boolean {
  const application = state.applications[unit.application];
  const agent = unit.agent.status.status === 'error' ? 'idle' : unit.agent.status.status;
  return (
    matchesName(state, unit, patterns) ||
    patterns.some((pattern) => pattern === agent || pattern === shownStatus(unit).status) ||
    (application !== undefined && matchesExposure(application, patterns)) ||
    openPorts(unit).some((port) => patterns.some((pattern) => overlaps(port, pattern)))
  );
}

/** By its own name, by its principal's, or by that of one of its subordinates. */
function matchesName(state: ModelState, unit: UnitState, patterns: readonly string[]): boolean {
  // One pattern that cannot be a name keeps all of them from being names (Juju's rule).
  if (!patterns.every((pattern) => /^[a-z0-9*-]+(\/[a-z0-9*-]+)?$/.test(pattern))) return false;
  const related = unit.principal ?? subordinatesOf(state, unit).map(({ name }) => name);
  const names = [unit.name, ...[related].flat()];
  return patterns.some((pattern) => {
    const whole = pattern.includes('/') ? pattern : `${pattern}/*`;
    const expression = new RegExp(`^${whole.replaceAll('*', '[^/]*')}$`);
    return names.some((name) => expression.test(name));
  });
}

function matchesExposure(application: ApplicationState, patterns: readonly string[]): boolean {
  if (patterns[0] === 'exposed') return application.exposed;
  return patterns[0] === 'not' && patterns[1] === 'exposed' && !application.exposed;
}

function overlaps(port: string, pattern: string): boolean {
  const [own, wanted] = [port, pattern].map((text) => /^(\d+)(?:-(\d+))?\/(\w+)$/.exec(text));
  if (!own || !wanted || own[3] !== wanted[3]) return false;
  const [from, to] = [Number(own[1]), Number(own[2] ?? own[1])];
  return Number(wanted[1]) <= to && Number(wanted[2] ?? wanted[1]) >= from;
}
