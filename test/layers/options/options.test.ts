import { defineLayer, handler, hook, type JsonValue } from 'charms-reactive';
import { expect, test } from 'vitest';
import { answerLayerOption } from '../../../layers/options/lib/layer-option.ts';
import { LayerOptions } from '../../../layers/options/lib/options.ts';
import { makeTrialCharm, UnitRunner } from '../unit-runner.ts';

/** The options of a layer `apt` in a hook of a charm with these options. */
async function optionsOf(values: Readonly<Record<string, JsonValue>> | undefined): Promise<LayerOptions> {
  let options: LayerOptions | undefined;
  const web = defineLayer('web', [
    handler(hook('install'), (unit) => {
      options = new LayerOptions(unit, 'apt');
    }),
  ]);
  const charm = makeTrialCharm({ layers: { web }, options: values ? { apt: values } : {} });
  await new UnitRunner(charm, 'web/0').hook('install');
  if (!options) throw new Error('the handler did not run');
  return options;
}

test('options are read by type', async () => {
  const options = await optionsOf({ packages: ['a', 'b'], full: true, version: 'a', retries: 3 });
  expect(options.list('packages')).toEqual(['a', 'b']);
  expect(options.boolean('full')).toBe(true);
  expect(options.string('version')).toBe('a');
  expect(options.number('retries')).toBe(3);
  expect(options.get('retries')).toBe(3);
  expect(Object.keys(options.values)).toEqual(['packages', 'full', 'version', 'retries']);
});

test('what is not there, or null, reads as nothing', async () => {
  for (const options of [await optionsOf(undefined), await optionsOf({ any: null })]) {
    expect(options.get('any')).toBeNull();
    expect([
      options.list('any'),
      options.boolean('any'),
      options.string('any'),
      options.number('any'),
    ]).toEqual([[], false, '', 0]);
    expect(options.get('toString')).toBeNull();
  }
});

test('an option of another type is an error that names it', async () => {
  const options = await optionsOf({ packages: 'nginx', mixed: ['a', 1] });
  expect(() => options.list('packages')).toThrow(
    'cannot read the layer option "apt.packages" as a list of texts: layer.yaml says "nginx"',
  );
  expect(() => options.list('mixed')).toThrow('layer.yaml says ["a",1]');
  expect(() => options.boolean('packages')).toThrow('as a boolean');
  expect(() => options.number('packages')).toThrow('as a number');
  expect(() => options.string('mixed')).toThrow('as a text');
});

test.each([
  ['on', { output: '', exitCode: 0 }],
  ['off', { output: '', exitCode: 1 }],
  ['packages', { output: 'a\nb c\n', exitCode: 0 }],
  ['empty', { output: '', exitCode: 0 }],
  ['version', { output: 'nginx\n', exitCode: 0 }],
  ['count', { output: '3\n', exitCode: 0 }],
  ['nothing', { output: 'None\n', exitCode: 0 }],
  ['toString', { output: 'None\n', exitCode: 0 }],
])('layer_option web %s', (option, answer) => {
  const layerYaml =
    'options: {web: {on: true, off: false, packages: [a, b c], empty: [], version: nginx, count: 3, nothing: null}}';
  expect(answerLayerOption(layerYaml, ['web', option])).toEqual(answer);
});

test('layer_option of a layer without options has none', () => {
  expect(answerLayerOption('includes: []', ['web', 'on'])).toEqual({ output: 'None\n', exitCode: 0 });
  expect(answerLayerOption('', ['web', 'on'])).toEqual({ output: 'None\n', exitCode: 0 });
});
