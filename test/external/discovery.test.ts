import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findExternalHandlers } from '../../src/charm/external-discovery.ts';
import { addToTree, type Tree, writeTree } from '../builder/charm-tree.ts';

const SCRIPT = '#!/bin/sh\n';

function find(tree: Tree): string[] {
  return findExternalHandlers(writeTree(tree));
}

test('Q21: handlers are found below reactive, hooks/reactive and hooks/relations, each by path', () => {
  expect(
    find({
      'hooks/relations/http/provides!': SCRIPT,
      'hooks/reactive/a.sh!': SCRIPT,
      'reactive/b.sh!': SCRIPT,
      'reactive/a/z.sh!': SCRIPT,
      'reactive/a/deep/er/y!': SCRIPT,
      'reactive/B!': SCRIPT,
      'reactive/ä!': SCRIPT,
    }),
  ).toEqual([
    'reactive/B',
    'reactive/a/deep/er/y',
    'reactive/a/z.sh',
    'reactive/b.sh',
    'reactive/ä',
    'hooks/reactive/a.sh',
    'hooks/relations/http/provides',
  ]);
});

test('Q21: a handler may be executed, ends in .sh or in nothing, and begins with #! or is no text', () => {
  expect(
    find({
      'reactive/good.sh!': SCRIPT,
      'reactive/good!': SCRIPT,
      'reactive/.hidden!': SCRIPT,
      'reactive/not-executable.sh': SCRIPT,
      'reactive/python.py!': '#!/usr/bin/env python3\n',
      'reactive/code.ts!': '#!/usr/bin/env node\n',
      'reactive/code.js!': '#!/usr/bin/env node\n',
      'reactive/README.md!': SCRIPT,
      'reactive/LICENSE!': 'All rights reversed\n',
      'reactive/empty!': '',
      'reactive/__pycache__/cached!': SCRIPT,
      'hooks/install!': SCRIPT,
      'bin/tool!': SCRIPT,
      'lib/reactive/tool!': SCRIPT,
    }),
  ).toEqual(['reactive/.hidden', 'reactive/good', 'reactive/good.sh']);
});

test('a text stays a text where a character is cut in two at the 1024th byte', () => {
  expect(find({ 'reactive/notes!': `${'a'.repeat(1023)}ä and more` })).toEqual([]);
});

test('a charm without any of the folders has no handlers', () => {
  expect(find({ 'metadata.yaml': '' })).toEqual([]);
  expect(find({ reactive: 'a file of that name' })).toEqual([]);
});

test('links to files are followed, links to folders are not, and one that leads nowhere is left out', () => {
  const folder = writeTree({ 'lib/tool.sh!': SCRIPT, 'lib/more/other.sh!': SCRIPT, 'reactive/.keep': '' });
  symlinkSync('../lib/tool.sh', path.join(folder, 'reactive/link.sh'));
  symlinkSync('../lib/more', path.join(folder, 'reactive/more'));
  symlinkSync('nowhere', path.join(folder, 'reactive/broken.sh'));
  expect(findExternalHandlers(folder)).toEqual(['reactive/link.sh']);
});

test('a program of this system is a handler', () => {
  const folder = writeTree({ 'reactive/.keep': '' });
  copyFileSync('/bin/true', path.join(folder, 'reactive/yes'));
  expect(findExternalHandlers(folder)).toEqual(['reactive/yes']);
});

test('what the system cannot execute is refused by name, and never handed to a shell', () => {
  const folder = writeTree({});
  mkdirSync(path.join(folder, 'reactive'));
  const file = path.join(folder, 'reactive/data');
  const foreign = Buffer.from(readFileSync('/bin/true'));
  foreign.writeUInt16LE(process.arch === 'x64' ? 183 : 62, 18);
  for (const content of [
    Buffer.from([0xff, 0xfe, 0, 1]),
    Buffer.from('touch /tmp/ran\n\xff', 'latin1'),
    foreign,
    foreign.subarray(0, 10),
  ]) {
    writeFileSync(file, content);
    chmodSync(file, 0o755);
    expect(() => findExternalHandlers(folder)).toThrow(
      /^cannot use the handler "reactive\/data": .*executable bit/,
    );
  }
});

test('files are found anew for each charm folder', () => {
  const folder = writeTree({ 'reactive/a.sh!': SCRIPT });
  expect(findExternalHandlers(folder)).toEqual(['reactive/a.sh']);
  addToTree(folder, { 'reactive/b.sh!': SCRIPT });
  expect(findExternalHandlers(folder)).toEqual(['reactive/a.sh', 'reactive/b.sh']);
});
