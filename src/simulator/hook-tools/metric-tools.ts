import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { HookContext } from '../agent/hook-context.ts';
import type { HookTool } from './hook-tool.ts';
import { parseKeyValues } from './key-values.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

const LONGEST_VALUE = 30;

/** `add-metric`: in collect-metrics only, where the charm's metrics.yaml says what may be measured. */
export const addMetric: HookTool = {
  name: 'add-metric',
  usage: '[options] key1=value1 [key2=value2 ...]',
  summary: 'Add metrics.',
  flags: () => [
    {
      key: 'labels',
      names: ['-l', '--labels'],
      kind: 'text',
      help: 'labels to be associated with metric values',
      fallback: '',
    },
  ],
  run(call) {
    if (call.positionals.length === 0) throw new ToolUsageError('no metrics specified');
    const values = parsePairs('metrics', call.positionals);
    const labelText = call.texts.get('labels') ?? '';
    const labels = labelText === '' ? {} : parsePairs('labels', labelText.split(','));
    const { context } = call;
    if (context.hook.kind !== 'collect-metrics') throw cannotRecord('metrics not allowed in this context');
    const declared = declaredMetrics(context);
    for (const [key, value] of Object.entries(values)) {
      if (key.startsWith('juju-')) throw new ToolFailure(`${key} uses a reserved prefix`);
      if (!declared.includes(key)) {
        throw cannotRecord(`metric key ${JSON.stringify(key)} not declared by the charm`);
      }
      refuseBadValue(value);
    }
    context.unit.metrics.push({ time: new Date().toISOString(), values, labels });
    return undefined;
  },
};

function parsePairs(kind: 'metrics' | 'labels', pairs: readonly string[]): Record<string, string> {
  try {
    return parseKeyValues(pairs);
  } catch (error) {
    if (!(error instanceof ToolUsageError)) throw error;
    throw new ToolUsageError(`invalid ${kind}: ${error.message}`);
  }
}

/** What the metrics.yaml of the unit's own charm declares. */
function declaredMetrics({ unit }: HookContext): readonly string[] {
  const file = join(unit.folder, 'charm', 'metrics.yaml');
  if (!existsSync(file)) return [];
  const document: unknown = parse(readFileSync(file, 'utf8'));
  const metrics: unknown = (document as { readonly metrics?: unknown } | null)?.metrics;
  return typeof metrics === 'object' && metrics !== null ? Object.keys(metrics) : [];
}

function refuseBadValue(value: string): void {
  if (value.length > LONGEST_VALUE) throw cannotRecord('metric value is too large');
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number)) {
    throw cannotRecord(`invalid value type: expected float, got ${JSON.stringify(value)}`);
  }
  if (number < 0) throw cannotRecord(`invalid value: value must be greater or equal to zero, got ${value}`);
}

function cannotRecord(reason: string): ToolFailure {
  return new ToolFailure(`cannot record metric: ${reason}`);
}
