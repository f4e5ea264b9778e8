import { describe, expect, it } from 'vitest';
import { parseActions } from '../../../src/metadata/actions.ts';
import {
  type GivenParameters,
  readActionParameters,
} from '../../../src/simulator/operator/action-parameters.ts';

/** Reads what an action was called with, by its params in actions.yaml. */
async function read(given: GivenParameters, spec = ''): Promise<Record<string, unknown>> {
  const definition = parseActions(`snapshot:\n${spec || '  description: d\n'}`, 'actions.yaml').snapshot;
  if (definition === undefined) throw new Error('no action');
  return readActionParameters({ action: 'snapshot', definition, given });
}

describe('arguments', () => {
  it.each([
    ['text', 'x', 'x'],
    ['number', '80', 80],
    ['fraction', '1e3', 1000],
    ['octal number', '010', 8],
    ['yes', 'yes', true],
    ['n', 'n', false],
    ['null', 'null', null],
    ['nothing', '', ''],
    ['comment', '#x', '#x'],
    ['time of day', '1:20', '1:20'],
    ['date', '2026-01-02', '2026-01-02'],
    ['list', '[1, {a: x}]', [1, { a: 'x' }]],
    ['equals sign', 'a=b', 'a=b'],
    ['quoted text', '"80"', '80'],
  ])('take a %s as YAML does', async (_, text, value) => {
    expect(await read({ args: [`key=${text}`] })).toEqual({ key: value });
    expect(await read({ args: [`key=${text}`], stringArgs: true })).toEqual({ key: text });
  });

  it('nest by dots, and a later one replaces what stands in its way', async () => {
    expect(await read({ args: ['a.b=1', 'a.c.d=2', 'e=1', 'e.f=2', 'g.h=1', 'g=2'] })).toEqual({
      a: { b: 1, c: { d: 2 } },
      e: { f: 2 },
      g: 2,
    });
  });

  it('go over a file, key by key', async () => {
    const file = 'a: {b: 1, c: yes}\nd: text\n';
    expect(await read({ file, args: ['a.b=x', 'e=1'] })).toEqual({ a: { b: 'x', c: true }, d: 'text', e: 1 });
    expect(await read({ file: '', args: [] })).toEqual({});
    expect(Object.keys(await read({ file: '__proto__: 1' }))).toEqual(['__proto__']);
  });

  it.each([
    [{ args: ['x'] }, 'argument "x" must be of the form key.key.key...=value'],
    [
      { args: ['Out=1'] },
      'key "Out" must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens',
    ],
    [{ args: ['a..b=1'] }, 'key "" must start and end'],
    [{ args: ['a=['] }, 'yaml: line 1: '],
    [{ file: '- a' }, 'params must contain a YAML map with string keys'],
    [{ file: '1: a' }, 'map keyed with non-string value'],
    [{ file: 'a: *b' }, 'yaml: '],
  ] satisfies [GivenParameters, string][])(
    'are refused where they cannot be read: %j',
    async (given, text) => {
      await expect(read(given)).rejects.toThrow(`cannot run "snapshot" action: ${text}`);
    },
  );
});

describe('the schema', () => {
  const spec = `  params:
    out: {type: string}
    quality: {type: integer, minimum: 1, maximum: 9}
    kind: {enum: [xz, gz]}
    deep: {type: object, properties: {level: {type: [integer, 'null']}}}
    name: {type: string, minLength: 2}
  required: [out]
  additionalProperties: false
`;

  it('lets what fits it pass', async () => {
    const parameters = { out: 'x', quality: 9, kind: 'xz', deep: { level: null } };
    expect(await read({ args: ['out=x', 'quality=9', 'kind=xz', 'deep.level=null'] }, spec)).toEqual(
      parameters,
    );
  });

  it.each([
    ['quality=5', '(root) : "out" property is missing and required, given {"quality":5}'],
    ['out=5', '(root).out : must be of type string, given 5'],
    ['quality=0', '(root).quality : must be greater than or equal to 1, given 0'],
    ['quality=10', '(root).quality : must be lower than or equal to 9, given 10'],
    ['kind=zip', '(root).kind : must match one of the enum values ["xz","gz"], given "zip"'],
    ['deep.level=x', '(root).deep.level : must be of type integer or null, given "x"'],
    ['name=x', '(root).name : must NOT have fewer than 2 characters, given "x"'],
    ['more=1', '(root) : additional property "more" is not allowed, given {"more":1}'],
  ])('refuses %s by naming action and parameter', async (argument, text) => {
    const message = await read({ args: [argument] }, spec).then(String, (error: Error) => error.message);
    expect(message).toMatch(/^cannot run "snapshot" action: validation failed: \(root\)/);
    expect(message.slice('cannot run "snapshot" action: validation failed: '.length).split('; ')).toContain(
      text,
    );
  });

  it('names everything that is wrong at once', async () => {
    await expect(read({ args: ['quality=0', 'kind=zip'] }, spec)).rejects.toThrow(
      /"out" property is missing.*quality : must be.*kind : must match/,
    );
  });

  it('lets any parameter pass where it says nothing', async () => {
    expect(await read({ args: ['any=1'] })).toEqual({ any: 1 });
  });

  it('is refused where it is none', async () => {
    await expect(read({}, '  params:\n    out: {type: text}\n')).rejects.toThrow(
      'invalid params schema for action schema snapshot: ',
    );
    await expect(read({}, '  params:\n    out: {type: string, required: true}\n')).rejects.toThrow(
      'invalid params schema for action schema snapshot: ',
    );
  });
});

describe('defaults', () => {
  const spec = `  params:
    out: {type: string, default: here}
    list: {default: [1]}
    deep: {type: object, properties: {level: {default: 3}, other: {type: string}}}
    empty: {type: object, properties: {other: {type: string}}}
`;

  it('are filled in, in nested maps too, and never over what was given', async () => {
    expect(await read({}, spec)).toEqual({ out: 'here', list: [1], deep: { level: 3 } });
    expect(await read({ args: ['out=x', 'deep.other=z', 'empty={}'] }, spec)).toEqual({
      ...{ out: 'x', list: [1], empty: {} },
      deep: { other: 'z', level: 3 },
    });
  });

  it('do not count for what is required', async () => {
    await expect(read({}, `${spec}  required: [out]\n`)).rejects.toThrow('"out" property is missing');
  });

  it('are copies, which an action may not change for the next', async () => {
    const definition = parseActions(`snapshot:\n${spec}`, 'actions.yaml').snapshot;
    if (definition === undefined) throw new Error('no action');
    const first = await readActionParameters({ action: 'snapshot', definition, given: {} });
    (first.list as number[]).push(2);
    const second = await readActionParameters({ action: 'snapshot', definition, given: {} });
    expect(second.list).toEqual([1]);
  });
});
