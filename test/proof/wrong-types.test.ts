import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { assessCharm } from '../../src/proof/assess-charm.ts';
import { holdCharmFiles } from '../../src/proof/charm-files.ts';
import { exitCodeOf, formatFinding } from '../../src/proof/finding.ts';

const METADATA =
  'name: web\nsummary: s\ndescription: d\ndisplay-name: Web\nmaintainer: Ann <a@b.c>\ntags: [web]\nprovides: {site: {interface: http}}\n';

/** What is found in a charm that is all right but for some files. */
function prove(files: Readonly<Record<string, string>>): readonly string[] {
  const all = {
    'metadata.yaml': METADATA,
    'config.yaml': 'options: {}\n',
    'icon.svg': '<svg/>',
    copyright: 'c',
    'README.md': 'r',
    dispatch: '#!/bin/sh\n',
    ...files,
  };
  const made = Object.entries(all).map(([path, text]) => ({
    path,
    content: new TextEncoder().encode(text),
    isExecutable: path === 'dispatch',
  }));
  const { findings } = assessCharm({ files: holdCharmFiles(made), folderName: 'web', isCharm: true });
  expect(exitCodeOf(findings)).toBe(
    findings.some(({ level }) => level === 'E') ? 200 : findings.some(({ level }) => level === 'W') ? 100 : 0,
  );
  return findings.map(formatFinding);
}

test('a charm that is all right has no findings', () => {
  expect(prove({})).toEqual([]);
});

test('yes and no are booleans where they are not in quotes, as in Juju’s YAML', () => {
  const storage = (shared: string) => `${METADATA}storage: {data: {type: filesystem, shared: ${shared}}}\n`;
  expect(prove({ 'metadata.yaml': storage('yes') })).toEqual([]);
  expect(prove({ 'metadata.yaml': storage('Off') })).toEqual([]);
  expect(prove({ 'metadata.yaml': storage('"yes"') })).toEqual([
    'E: storage.data.shared: "yes" is not one of true, false',
  ]);
  expect(prove({ 'config.yaml': 'options: {a: {type: string, default: no, description: d}}\n' })).toEqual([
    'E: config.yaml: type of option a is specified as string, but the type of the default value is bool',
  ]);
});

test.each([
  ['metadata.yaml', '[a]', 'E: FATAL: metadata.yaml must be a mapping, got a list'],
  ['metadata.yaml', '', 'E: FATAL: metadata.yaml must be a mapping, got nothing'],
  ['metadata.yaml', 'name: web\n  a: b\n', /^E: FATAL: cannot parse metadata\.yaml: line \d, column \d: /],
  ['metadata.yaml', 'a: 1\n---\nb: 2\n', /^E: FATAL: cannot parse metadata\.yaml: line 2, column 1: /],
  [
    'metadata.yaml',
    METADATA.replace('summary: s', 'summary: [s]'),
    "E: summary: must be a string, got ['s']",
  ],
  [
    'metadata.yaml',
    METADATA.replace('Ann <a@b.c>', '5'),
    'W: Maintainer format should be "Name <Email>", not "5"',
  ],
  ['metadata.yaml', `${METADATA}requires: [db]\n`, 'E: requires: must be a dictionary of relations'],
  [
    'metadata.yaml',
    METADATA.replace('description: d\n', ''),
    'E: metadata.yaml: "description" is missing; Juju requires it',
  ],
  [
    'config.yaml',
    'options: {port: {type: int, default: 1, description: d}, name: 5}',
    'E: config.yaml: data for option name is not a dict',
  ],
  ['config.yaml', 'a: [', /^E: Cannot parse config\.yaml: line 1, column \d+: /],
  ['actions.yaml', '- backup', 'E: actions: must be a dictionary of json schemas'],
  ['actions.yaml', 'a: {', /^E: FATAL: cannot parse actions\.yaml: /],
  ['metrics.yaml', 'metrics', 'E: metrics.yaml: must be a mapping, got a string'],
  ['layer.yaml', '5', 'E: layer.yaml: must be a mapping, got an integer'],
  ['package.json', '{"a": }', /^E: package\.json: /],
  ['package.json', '["a"]', 'E: package.json: must be a mapping, got a list'],
  ['.build.manifest', 'text', /^E: \.build\.manifest: /],
  ['other.json', '{', /^E: other\.json: /],
  ['other.yaml', 'a: b: c', /^E: other\.yaml: line 1, column \d+: /],
])('%s that holds %j is one finding, which says what it should be', (file, text, expected) => {
  const found = prove({ [file]: text });
  const of = found.filter((line) => (typeof expected === 'string' ? line === expected : expected.test(line)));
  expect([of.length, found]).toEqual([1, found]);
});

test('whatever is in a charm’s files, there are findings and never an error', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, 1.5, -3, '', 'text', 'filesystem', '{endpoint_name}', '1-'),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('a', 'type', 'interface', 'scope', 'range', '__proto__', 'juju'),
        tie('any'),
        { maxKeys: 4 },
      ),
    ),
  })).any;
  const keys =
    'name summary display-name maintainer maintainers tags categories storage devices series min-juju-version extra-bindings payloads terms resources deployment subordinate provides requires peers revision options proof'.split(
      ' ',
    );
  const file = fc.oneof(value, fc.dictionary(fc.constantFrom(...keys), value));
  fc.assert(
    fc.property(file, file, file, file, (metadata, config, actions, layer) => {
      const found = prove({
        'metadata.yaml': stringify(metadata),
        'config.yaml': stringify(config),
        'actions.yaml': stringify(actions),
        'layer.yaml': stringify(layer),
      });
      expect(found.every((line) => /^[IWE]: ./.test(line))).toBe(true);
    }),
    { numRuns: 150 },
  );
});
