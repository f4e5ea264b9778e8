import { HookToolError } from './errors.ts';
import { keyValueArguments } from './key-values.ts';
import type { RunTool } from './run-tool.ts';

/** The hook tool about metrics (until Juju 3.6.9). */
export interface MetricTools {
  /** `add-metric`: in collect-metrics only. Labels, which hold no commas, go to each of the metrics. */
  addMetric(
    metrics: Readonly<Record<string, string | number>>,
    labels?: Readonly<Record<string, string>>,
  ): void;
}

/** add-metric as a process. */
export function makeMetricTools(run: RunTool): MetricTools {
  return {
    addMetric: (metrics, labels = {}) => {
      run(['add-metric', ...metricArguments(metrics, labels)]);
    },
  };
}

/**
 * The arguments of add-metric.
 *
 * @throws HookToolError with exit code 2 for a key, or a label, that cannot be written so.
 */
export function metricArguments(
  metrics: Readonly<Record<string, string | number>>,
  labels: Readonly<Record<string, string>>,
): string[] {
  const texts = Object.entries(metrics).map(([key, value]) => [key, String(value)]);
  const pairs = keyValueArguments('add-metric', Object.fromEntries(texts));
  const labelPairs = keyValueArguments('add-metric', labels);
  const broken = labelPairs.find((pair) => pair.includes(','));
  if (broken !== undefined) {
    const stderr = `ERROR invalid labels: ${JSON.stringify(broken)} has a comma in it\n`;
    throw new HookToolError({ command: ['add-metric'], exitCode: 2, stderr });
  }
  return [...(labelPairs.length > 0 ? ['-l', labelPairs.join(',')] : []), '--', ...pairs];
}
