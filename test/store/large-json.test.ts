import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { dumpPythonJson, parsePythonJson, rewritePythonJson } from '../../src/store/python-json.ts';

it('reads and writes 900 levels of nesting, and refuses one more', () => {
  const text = '['.repeat(900) + ']'.repeat(900);
  expect(dumpPythonJson(parsePythonJson(text))).toBe(text);
  const maps = `${'{"a": '.repeat(900)}1${'}'.repeat(900)}`;
  expect(rewritePythonJson(maps)).toBe(maps);
  expect(() => parsePythonJson(`[${text}]`)).toThrow(SyntaxError);
  expect(() => parsePythonJson(`{"a":${maps}}`)).toThrow(SyntaxError);
});

it('refuses a text of a million brackets as too deep, with no stack run over', () => {
  expect(() => parsePythonJson('['.repeat(1_000_000))).toThrow(SyntaxError);
  expect(() => parsePythonJson('{"a":'.repeat(1_000_000))).toThrow(SyntaxError);
});

it('counts as nesting only what stands outside strings', () => {
  const brackets = '[{'.repeat(2000);
  expect(parsePythonJson(JSON.stringify({ brackets, quoted: `"${brackets}\\"` }))).toEqual({
    brackets,
    quoted: `"${brackets}\\"`,
  });
  const wide = Array.from({ length: 2000 }, () => [{}]);
  expect(parsePythonJson(JSON.stringify(wide))).toHaveLength(2000);
});

it('refuses to write a value of a million levels with a TypeError', () => {
  let value: unknown = 1;
  for (let level = 0; level < 1_000_000; level += 1) value = [value];
  expect(() => dumpPythonJson(value)).toThrow(TypeError);
});

it.each([
  ['plain', 'x'],
  ['escaped', '\n"'],
  ['wide', '€😀'],
])('reads a string that takes 20 million characters of JSON: %s', (_, piece) => {
  const text = piece.repeat(20_000_000 / JSON.stringify(piece).length);
  expect(parsePythonJson(JSON.stringify(text)) === text).toBe(true);
  const read = parsePythonJson(`[NaN,${JSON.stringify(text)}]`);
  expect(Array.isArray(read) && read[1] === text).toBe(true);
});

/** What a peer publishes is read in every hook, so a text that takes minutes to refuse stops the unit for good. */
it.each([
  ['a string that never ends', `'"' + '\\\\"'.repeat(400_000)`],
  ['a special number before a string that never ends', `'NaN"' + '\\\\"'.repeat(400_000)`],
  ['open brackets and quotes', `'["'.repeat(400) + '"\\\\'.repeat(400_000)`],
])('gives up on hostile text without going over it again and again: %s', (_, text) => {
  const module = new URL('../../src/store/python-json.ts', import.meta.url).href;
  const program = `
    const { parsePythonJson } = await import(${JSON.stringify(module)});
    try { parsePythonJson(${text}); } catch (error) { console.log(error.name); }
  `;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 8_000,
  });
  expect({ killed: result.signal, said: result.stdout.trim() }).toEqual({
    killed: null,
    said: 'SyntaxError',
  });
});
