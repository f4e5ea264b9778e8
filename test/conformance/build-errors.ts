import type { JsonValue } from 'charms-reactive';
import { MetadataError } from '../../src/metadata/metadata-error.ts';
import type { FailedExpectation } from './build-case.ts';

/** What a record says of a failed build, read out of our own error's message; undefined where it says nothing known. */
export function describeBuildError(
  error: Error,
  root: string,
): Readonly<Record<string, JsonValue>> | undefined {
  const { message } = error;
  for (const [reason, pattern, read] of REASONS) {
    const match = pattern.exec(message);
    if (match !== null) return { reason, ...read?.(match) };
  }
  if (error instanceof MetadataError && error.keyPath.startsWith('line ')) {
    return { reason: 'bad-yaml', file: error.file.replace(`${root}/`, '') };
  }
  return undefined;
}

/** The parts of a record that tell what is wrong; the message is the reference's own. */
export function describeExpectedError(
  error: FailedExpectation['error'],
): Readonly<Record<string, JsonValue>> {
  const { reason, what, layers, options, role, file } = error;
  const given = {
    what,
    layers: layers && [...layers].sort(),
    options: options && [...options].sort(),
    role,
    file,
  };
  return { reason, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

type Reader = (match: RegExpExecArray) => Readonly<Record<string, JsonValue>>;

const REASONS: readonly (readonly [reason: string, pattern: RegExp, read?: Reader])[] = [
  ['missing-interface', /^cannot find "(interface:[^"]*)"/, ([, what = '']) => ({ what })],
  ['missing-layer', /^cannot find "([^"]*)"/, ([, what = '']) => ({ what })],
  ['include-cycle', /include one another in a circle/],
  ['bad-name', /must start with a lower-case letter/],
  ['no-hook-template', /at least one layer must provide hooks\/hook\.template/],
  ['no-metadata', /none of its layers has a metadata\.yaml/],
  ['no-metadata-for-interfaces', /metadata\.yaml is empty, and has no endpoint/],
  ['bad-wheelhouse', /Unable to determine package name/],
  [
    'missing-interface-role',
    /Missing implementation for interface role: (\w+)\.py/,
    ([, role = '']) => ({ role }),
  ],
  [
    'options-for-undefined-layer',
    /options are set for (.*), and no such layer/,
    ([, layers = '']) => ({
      layers: Array.from(layers.matchAll(/"([^"]*)"/g), ([, name = '']) => name).sort(),
    }),
  ],
  [
    'invalid-option',
    /options do not fit what their layers define:\n([\s\S]*)/,
    ([, lines = '']) => ({ options: [...new Set(lines.split('\n').map(optionOf))].sort() }),
  ],
  ['invalid-option', /options\.([\w-]+): must be a mapping/, ([, layer = '']) => ({ options: [layer] })],
];

/** `  options.base."a b": must be …` as the reference writes it, `base.a b`. */
function optionOf(line: string): string {
  const path = /^ {2}options\.?((?:"[^"]*"|[^":])*): /.exec(line)?.[1] ?? line;
  return path.replaceAll('"', '');
}
