import { Option } from 'commander';
import { formatJson, formatYaml } from '../../simulator/report/structured-text.ts';

/** What commands can print data as. */
export type DataFormat = 'yaml' | 'json';

/** `--format`, of some formats, the first of which is meant if none is given. */
export function formatOption(...formats: readonly [string, ...string[]]): Option {
  return new Option('--format <format>', 'how to print it').choices(formats).default(formats[0]);
}

/** Data as text, a line ended. */
export function formatData(data: unknown, format: DataFormat): string {
  const text = format === 'json' ? formatJson(data) : formatYaml(data);
  return text.endsWith('\n') ? text : `${text}\n`;
}
