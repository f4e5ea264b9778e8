import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { collectMetrics, Layer } from 'charms-reactive';
import type { MeasuredMetric } from '../lib/metrics-file.ts';

const run = promisify(execFile);

/** Measures what metrics.yaml has commands for, whenever Juju asks. */
export default class Metrics extends Layer {
  @collectMetrics()
  async collect(): Promise<void> {
    const file = path.join(this.unit.hook.charmDir, 'metrics.yaml');
    if (!existsSync(file)) return;
    // Loaded only where it is needed: hooks are short.
    const { readMetricsFile } = await import('../lib/metrics-file.ts');
    const measured: Record<string, string> = {};
    for (const metric of readMetricsFile(readFileSync(file, 'utf8'))) {
      const value = await this.#measure(metric);
      if (value !== '') measured[metric.name] = value;
    }
    if (Object.keys(measured).length > 0) this.unit.tools.addMetric(measured);
  }

  /** Empty where there is nothing to tell. */
  async #measure({ name, command }: MeasuredMetric): Promise<string> {
    try {
      return (await run('/bin/sh', ['-c', command], { cwd: this.unit.hook.charmDir })).stdout.trim();
    } catch (error) {
      this.unit.log.error(`cannot measure "${name}": ${error instanceof Error ? error.message : error}`);
      return '';
    }
  }
}
