import type { ApplicationState } from '../state/model-state.ts';
import { sortNaturally } from './structured-text.ts';
import { columnsOf, formatTable } from './text-table.ts';

/** `juju actions --format json`: the description of each action. */
export function reportActions(application: ApplicationState): Record<string, string> {
  const entries = Object.entries(application.charm.actions).map(([name, { description }]) => [
    name,
    description === '' ? 'No description' : description,
  ]);
  return sortNaturally(Object.fromEntries(entries));
}

/** `juju actions --schema`: what each action takes. */
export function reportActionSchemas(
  application: ApplicationState,
): Record<string, Readonly<Record<string, unknown>>> {
  const entries = Object.entries(application.charm.actions).map(([name, { schema }]) => [name, schema]);
  return sortNaturally(Object.fromEntries(entries));
}

/** The table that `juju actions` prints; more lines of a description stand below its first. Empty if there are none. */
export function formatActions(application: ApplicationState): string {
  const rows = Object.entries(reportActions(application)).flatMap(([name, description]) =>
    description
      .trim()
      .split('\n')
      .map((line, index) => [index === 0 ? name : '', line]),
  );
  return rows.length === 0 ? '' : formatTable(columnsOf('Action', 'Description'), rows);
}

/** What `juju actions` says on its standard error of an application whose charm has none. */
export function describeNoActions(application: ApplicationState): string {
  return `No actions defined for ${application.name}.`;
}
