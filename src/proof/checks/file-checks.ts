import { createHash } from 'node:crypto';
import { readText } from '../charm-files.ts';
import type { CharmCheck } from '../charm-view.ts';
import { fault, info, warning } from '../finding.ts';

/** The SHA-1 of the icon that the reference's templates bring. */
const STOCK_ICON = 'fc0260eb4eafa2ac4283ed3d5dc36c6b3bc17276';

/** The SHA-1 of each long line of the README that the reference's templates bring. */
const STOCK_LINES: ReadonlySet<string> = new Set([
  'e6b4b347ff9fae1b59abd008b2eefa5001d60ea8',
  '0fff4f94518fd3e69c10942ce11ed019ffff27d6',
  'a32b1b6b3abfc87ae78e0f5dfaa27897a559361c',
  '57fe3452c121af3dd6bc6f9d5b90076b40ae0cef',
  'acdb5e4b6ee6cd8cc4c7e0c4ee90e6436d263b58',
  'ded3a92650699010e0b10e57d630d4558ac39153',
  'b6fbbf30967a2c1d89e44d8c5053cd0fd397f556',
  'bb65cfaac3402aca6c89ff8a1fc3d698b9da8fe0',
  'd387809c180a5da4dba85d014973c3388d1d8c6e',
  'a35442a86feb9d8ae9e000235b759fbe13109f8a',
  'eca315f95ebf72cd371c7955f3ffd2ba1e427053',
  'd2ffbe053930fa7e355c90c2fd9ef2fe71c26a48',
  '1802ed8c1c12f055a72db3dad8483aab0d2a8f83',
  '3b88f9be7e2ed15591378e1387243dcd9b3a332b',
]);

/** The picture of the charm. */
export const checkIcon: CharmCheck = ({ files }) => {
  const icon = files.read('icon.svg');
  if (icon === undefined) return [info('icon', 'No icon.svg file.')];
  if (createHash('sha1').update(icon).digest('hex') !== STOCK_ICON) return [];
  return [info('icon', 'Includes template icon.svg file.', { file: 'icon.svg' })];
};

/** Who may do what with the charm. */
export const checkCopyright: CharmCheck = ({ files }) =>
  files.has('copyright') ? [] : [warning('copyright', 'no copyright file')];

/** What tells people about the charm. */
export const checkReadme: CharmCheck = ({ files }) => {
  const readmes = files.paths.filter((file) => !file.includes('/') && /README/i.test(file));
  if (readmes.length === 0) return [warning('readme', 'no README file')];
  return [
    ...(readmes.includes('README.ex')
      ? [warning('readme', 'Includes template README.ex file', { file: 'README.ex' })]
      : []),
    ...readmes.flatMap((file) =>
      stockLines(readText(files, file) ?? '').map(({ text, line }) =>
        warning('readme', `${file} includes boilerplate: ${text}`, { file, line }),
      ),
    ),
  ];
};

/** A test that was generated and says nothing. */
export const checkGeneratedTest: CharmCheck = ({ files }) => {
  const file = 'tests/00-autogen';
  return files.has(file) ? [warning('tests', 'Includes template test file, tests/00-autogen', { file })] : [];
};

/** The revision is a number. */
export const checkRevisionFile: CharmCheck = ({ files }) => {
  const text = readText(files, 'revision');
  if (text === undefined || /^\s*[+-]?\d+\s*$/.test(text)) return [];
  return [fault('revision', 'revision file contains non-numeric data', { file: 'revision' })];
};

function stockLines(text: string): readonly { readonly text: string; readonly line: number }[] {
  return text
    .split('\n')
    .map((one, index) => ({ text: one.trim(), line: index + 1 }))
    .filter(
      ({ text: one }) => one.length >= 39 && STOCK_LINES.has(createHash('sha1').update(one).digest('hex')),
    );
}
