import { expect, test } from 'vitest';
import { BuildError } from '../../src/builder/build-error.ts';
import { renderHook } from '../../src/builder/hook-template.ts';

test.each([
  ['#!/bin/sh\n# hook {}\n', '#!/bin/sh\n# hook db\n'],
  ['{0} and {0}', 'db and db'],
  ['a {{b}} {}', 'a {b} db'],
  ['{{{}}}', '{db}'],
  ['nothing\r\nto fill\rin\u2028', 'nothing\nto fill\nin\n'],
])('%j becomes %j', (template, hook) => {
  expect(renderHook(template, 'db', 'layer:a')).toBe(hook);
});

test.each([
  ['echo {HOME}', 'line 1 has {HOME}'],
  ['a\nb {}\n{}', 'line 3 has {}'],
  ['{}\n{0}', 'line 2 has {0}'],
  ['{0}{}', 'line 1 has {}'],
  ['{1}', 'line 1 has {1}'],
  ['if true; then {\n}', 'line 1 has {'],
  ['}', 'line 1 has }'],
  ['{}}', 'line 1 has }'],
])('%j is refused with its line', (template, error) => {
  const render = () => renderHook(template, 'db', 'layer:a');
  expect(render).toThrow(BuildError);
  expect(render).toThrow(`cannot make hooks from "hooks/hook.template" of "layer:a": ${error};`);
});
