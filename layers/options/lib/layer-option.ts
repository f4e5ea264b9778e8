import { parse } from 'yaml';

/** What the command `layer_option` prints, and its exit code. */
export interface OptionAnswer {
  readonly output: string;
  readonly exitCode: number;
}

/**
 * The answer of `layer_option LAYER OPTION`, as the reference gives it, from the text of the charm's layer.yaml: a boolean is
 * the exit code (0 for true) and prints nothing; a list is a line for each item; anything else is printed, and nothing is
 * `None`.
 */
export function answerLayerOption(
  layerYaml: string,
  [layer = '', option = '']: readonly string[],
): OptionAnswer {
  const value = member(member(member(parse(layerYaml), 'options'), layer), option);
  if (typeof value === 'boolean') return { output: '', exitCode: value ? 0 : 1 };
  const lines = Array.isArray(value) ? value.map(writeValue) : [writeValue(value)];
  return { output: lines.map((line) => `${line}\n`).join(''), exitCode: 0 };
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

function writeValue(value: unknown): string {
  if (value === undefined || value === null) return 'None';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
