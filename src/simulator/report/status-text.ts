import type { ModelState } from '../state/model-state.ts';
import { reportRelations } from './relation-matrix.ts';
import { formatStatusLines } from './status-lines.ts';
import { type ModelStatus, reportStatus, type StatusOptions } from './status-report.ts';
import { formatStatusSummary } from './status-summary.ts';
import { formatStatusTable } from './status-table.ts';
import { storageForYaml } from './storage-yaml.ts';
import { formatJson, formatYaml } from './structured-text.ts';

/** The formats of `juju status`. `short` and `oneline` are other names of `line`. */
export type StatusFormat = 'tabular' | 'json' | 'yaml' | 'line' | 'short' | 'oneline' | 'summary';

/** What `juju status` prints. `relations` and `storage` add their sections to the table; other formats have both anyway. */
export function formatStatus(
  state: ModelState,
  options: StatusOptions & {
    readonly format?: StatusFormat;
    readonly relations?: boolean;
    readonly storage?: boolean;
  } = {},
): string {
  const status = reportStatus(state, options);
  switch (options.format ?? 'tabular') {
    case 'json':
      return formatJson(status);
    case 'yaml':
      return formatYaml({ ...status, storage: storageForYaml(status.storage) });
    case 'summary':
      return formatStatusSummary(status);
    case 'tabular': {
      const relations = options.relations ? reportRelations(state, options.patterns) : undefined;
      return formatStatusTable(status, {
        ...(relations === undefined ? {} : { relations }),
        storage: options.storage ?? false,
      });
    }
    default:
      return formatStatusLines(status);
  }
}

/**
 * What `juju status` adds on its standard error where there is nothing to show: that the model is empty, or that nothing
 * matched the patterns. Undefined where there is something.
 */
export function describeEmptyStatus(
  status: ModelStatus,
  patterns: readonly string[] = [],
): string | undefined {
  if (Object.keys({ ...status.applications, ...status.machines }).length > 0) return undefined;
  if (patterns.length === 0) return `Model "admin/${status.model.name}" is empty.`;
  return `Nothing matched specified filter${patterns.length === 1 ? '' : 's'}.`;
}
