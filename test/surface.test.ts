import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as surface from 'charms-reactive';
import * as compat from 'charms-reactive/compat';
import * as testing from 'charms-reactive/testing';
import { expect, test } from 'vitest';

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

test('charms-reactive exports these names, and no other', () => {
  expect(Object.keys(surface).sort()).toEqual([
    'BaseRequest',
    'BaseResponse',
    'DispatchLoopError',
    'Endpoint',
    'FlagsMissingError',
    'HookEnd',
    'HookToolError',
    'Layer',
    'NotLeaderError',
    'RelationBase',
    'RequesterEndpoint',
    'ResponderEndpoint',
    'TriggerLoopError',
    'action',
    'collectMetrics',
    'defineLayer',
    'defineRequest',
    'defineResponse',
    'field',
    'handler',
    'hook',
    'main',
    'meterStatusChanged',
    'notUnless',
    'onlyOnce',
    'runHook',
    'scopes',
    'when',
    'whenAll',
    'whenAny',
    'whenConfigChanged',
    'whenFileChanged',
    'whenNone',
    'whenNot',
    'whenNotAll',
    'withAutoAccessors',
  ]);
});

test('charms-reactive/compat exports these names, and no other', () => {
  expect(Object.keys(compat).sort()).toEqual([
    'BaseRequest',
    'BaseResponse',
    'Conversation',
    'Endpoint',
    'Field',
    'RelationBase',
    'RequesterEndpoint',
    'ResponderEndpoint',
    'State',
    'StateList',
    'all_flags_set',
    'all_states',
    'any_file_changed',
    'any_flags_set',
    'any_hook',
    'any_states',
    'bus',
    'clear_flag',
    'collect_metrics',
    'data_changed',
    'endpoint_from_flag',
    'endpoint_from_name',
    'flags',
    'get_flags',
    'get_state',
    'get_states',
    'get_unset_flags',
    'helpers',
    'hook',
    'hookenv',
    'is_data_changed',
    'is_flag_set',
    'is_state',
    'main',
    'mark_invoked',
    'meter_status_changed',
    'not_unless',
    'only_once',
    'register_trigger',
    'relation_call',
    'relation_from_flag',
    'relation_from_name',
    'relation_from_state',
    'remove_state',
    'scopes',
    'set_flag',
    'set_state',
    'toggle_flag',
    'toggle_state',
    'unit',
    'unitdata',
    'was_invoked',
    'when',
    'when_all',
    'when_any',
    'when_file_changed',
    'when_none',
    'when_not',
    'when_not_all',
  ]);
});

test('charms-reactive/testing exports these names, and no other', () => {
  expect(Object.keys(testing).sort()).toEqual([
    'MemoryTools',
    'MemoryUnit',
    'Model',
    'ModelInUseError',
    'SqliteStore',
    'buildCharm',
    'equalAsPython',
    'formatLogLine',
    'formatStatus',
    'openModel',
    'ownModel',
    'readConfigOptions',
    'readMetadata',
  ]);
});

test('every name in package.json leads to a file that the build makes', () => {
  const { exports, bin } = JSON.parse(readFileSync(path.join(SOURCES, '../package.json'), 'utf8'));
  const files = [...Object.values(exports), bin].flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry as object),
  );
  const missing = files
    .filter((file): file is string => typeof file === 'string' && file.startsWith('./dist/'))
    .map((file) => file.replace('./dist/', '').replace(/(\.d)?\.[jt]s$/, '.ts'))
    .filter((file) => !readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).includes(file));
  expect(missing).toEqual([]);
});

/** An exported declaration, and whether a docstring stands directly above it. */
function declarationsOf(source: string): { readonly name: string; readonly hasContract: boolean }[] {
  const lines = source.split('\n');
  const declarations: { name: string; hasContract: boolean }[] = [];
  for (const [index, line] of lines.entries()) {
    const [, name] =
      /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|let|interface|type) (\w+)/.exec(
        line,
      ) ?? [];
    if (!name || declarations.some((earlier) => earlier.name === name)) continue;
    let above = index - 1;
    while (/^\s*(@\w|\/\/ biome-ignore)/.test(lines[above] ?? '')) above -= 1;
    declarations.push({ name, hasContract: endsDocstring(lines, above) });
  }
  return declarations;
}

/** Whether a line is the last of a docstring that says something. */
function endsDocstring(lines: readonly string[], last: number): boolean {
  if (!/\*\/\s*$/.test(lines[last] ?? '')) return false;
  let first = last;
  while (first >= 0 && !/^\s*\/\*/.test(lines[first] ?? '')) first -= 1;
  const text = lines.slice(first, last + 1).join('\n');
  return text.startsWith('/**') && /[a-z]{2,}/i.test(text);
}

test('the scanner finds what is exported, with and without a docstring', () => {
  const source = [
    '/** Says what it does. */',
    'export function good(): void {}',
    'export function bad(): void {}',
    '/* no docstring */',
    'export class Bad {}',
    '/**',
    ' * In several lines.',
    ' */',
    'export abstract class Good {}',
    '/** */',
    'export const empty = 1;',
    '/** Of something else. */',
    '',
    'export interface Far {}',
    'const inner = 1;',
    '/** Overloaded. */',
    'export function twice(a: string): void;',
    'export function twice(a: number): void;',
    'export function twice(a: unknown): void {}',
    "export { other } from './other.ts';",
    '/** Async. */',
    'export async function later(): Promise<void> {}',
  ].join('\n');
  expect(declarationsOf(source).map(({ name, hasContract }) => `${name} ${hasContract}`)).toEqual([
    'good true',
    'bad false',
    'Bad false',
    'Good true',
    'empty false',
    'Far false',
    'twice true',
    'later true',
  ]);
});

test('every exported name states its contract in a docstring', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  let count = 0;
  const missing = files.flatMap((file) => {
    const declarations = declarationsOf(readFileSync(path.join(SOURCES, file), 'utf8'));
    count += declarations.length;
    return declarations.filter(({ hasContract }) => !hasContract).map(({ name }) => `${file}: ${name}`);
  });
  expect(missing).toEqual([]);
  expect(count).toBeGreaterThan(200);
});
