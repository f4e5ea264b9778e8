import { parse } from 'yaml';

/** A metric that a command measures. */
export interface MeasuredMetric {
  readonly name: string;
  /** A line of shell that prints the value. */
  readonly command: string;
}

/** The metrics of a metrics.yaml that have a command; the others are Juju's own, such as `juju-units`. */
export function readMetricsFile(text: string): MeasuredMetric[] {
  const metrics = member(parse(text), 'metrics');
  if (typeof metrics !== 'object' || metrics === null) return [];
  return Object.entries(metrics).flatMap(([name, metric]) => {
    const command = member(metric, 'command');
    return typeof command === 'string' && command !== '' ? [{ name, command }] : [];
  });
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
