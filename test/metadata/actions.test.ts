import { describe, expect, it, test } from 'vitest';
import { parseActions, readActions } from '../../src/metadata/actions.ts';
import { MetadataError } from '../../src/metadata/metadata-error.ts';

/** The message with which an actions.yaml is refused. */
function refusalOf(text: string): string {
  try {
    parseActions(text, 'actions.yaml');
  } catch (error) {
    if (error instanceof MetadataError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

it('reads an action with its parameters as one schema', () => {
  expect(
    parseActions(
      `backup:
  description: Take a copy.
  title: Backup
  params:
    out: {type: string, default: here}
    deep: {type: object, properties: {level: {type: integer}}}
  required: [out]
  additionalProperties: false
  parallel: true
  execution-group: disks
`,
      'actions.yaml',
    ),
  ).toEqual({
    backup: {
      description: 'Take a copy.',
      schema: {
        title: 'Backup',
        type: 'object',
        description: 'Take a copy.',
        properties: {
          out: { type: 'string', default: 'here' },
          deep: { type: 'object', properties: { level: { type: 'integer' } } },
        },
        required: ['out'],
        additionalProperties: false,
      },
      parallel: true,
      executionGroup: 'disks',
    },
  });
});

it('takes an action of which nothing is said', () => {
  const bare = {
    description: 'No description',
    schema: { title: 'pause', type: 'object', description: 'No description', properties: {} },
    parallel: false,
    executionGroup: '',
  };
  expect(parseActions('pause:\n', 'actions.yaml')).toEqual({ pause: bare });
  expect(parseActions('pause: {params: null}\n', 'actions.yaml')).toEqual({ pause: bare });
});

it('takes an empty file for one without actions', () => {
  expect(parseActions('', 'actions.yaml')).toEqual({});
  expect(readActions(undefined, 'actions.yaml')).toEqual({});
});

it('treats no name of a parameter as special', () => {
  const { pause } = parseActions('pause: {params: {__proto__: {type: string}}}\n', 'actions.yaml');
  expect(Object.keys(pause?.schema.properties as object)).toEqual(['__proto__']);
});

describe('a file is refused', () => {
  test.each([
    ['a list', '- a', 'must be a mapping, got a list'],
    ['an action as a text', 'pause: now', 'pause: must be a mapping, got "now"'],
    ['a bad name', 'Pause:', 'bad action name Pause'],
    ['a name that ends in a dash', 'pause-:', 'bad action name pause-'],
    ['a reserved name', 'juju-run:', 'cannot use action name juju-run: the "juju-" prefix is reserved'],
    [
      'a description that is no text',
      'pause: {description: 5}',
      'pause.description: must be a string, got 5',
    ],
    ['required as a number', 'pause: {required: 1}', 'pause.required: must be a list, got 1'],
    ['parallel as a text', 'pause: {parallel: maybe}', 'pause.parallel: must be true or false, got "maybe"'],
    ['a key that is no text', 'pause: {params: {1: {type: string}}}', 'keys must be strings, got 1'],
    [
      'a reference',
      'pause: {params: {a: {$ref: "#/b"}}}',
      'schema key "$ref" not compatible with this version of juju',
    ],
    [
      'another schema, in a list',
      'pause: {params: {a: {anyOf: [{$schema: x}]}}}',
      'schema key "$schema" not compatible with this version of juju',
    ],
  ])('for %s', (_, text, reason) => {
    expect(refusalOf(text)).toContain(reason);
  });

  it('with all that is wrong at once', () => {
    const message = refusalOf('A: {parallel: x}\njuju-b: {description: 1}\n');
    for (const part of ['bad action name A', 'A.parallel', 'the "juju-" prefix', 'juju-b.description']) {
      expect(message).toContain(part);
    }
  });
});
