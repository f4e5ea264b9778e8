import { describe, expect, it } from 'vitest';
import {
  parseToolArguments,
  refuseSurplus,
  type ToolFlag,
} from '../../../src/simulator/hook-tools/tool-arguments.ts';

const FLAGS: readonly ToolFlag[] = [
  { key: 'app', names: ['-a', '--app'], kind: 'boolean', help: '' },
  { key: 'quiet', names: ['-q'], kind: 'boolean', help: '' },
  {
    key: 'relation',
    names: ['-r', '--relation'],
    kind: 'text',
    help: '',
    read: (text) => {
      if (!/\d$/.test(text)) throw new Error('invalid relation id');
      return text.replace(/^.*:/, '');
    },
  },
];

function parse(...args: readonly string[]) {
  const { texts, switches, positionals } = parseToolArguments(args, FLAGS);
  return { texts: Object.fromEntries(texts), switches: [...switches], positionals };
}

describe('parseToolArguments', () => {
  it('takes flags before, between and after positionals', () => {
    expect(parse('one', '--app', 'two', '-r', 'db:3', 'three')).toEqual({
      texts: { relation: '3' },
      switches: ['app'],
      positionals: ['one', 'two', 'three'],
    });
  });

  it.each([
    [['-r5'], '5'],
    [['-r', '5'], '5'],
    [['--relation', '5'], '5'],
    [['--relation=5'], '5'],
    [['-qr5'], '5'],
    [['-r=5'], '=5'],
    [['-r1', '-r2'], '2'],
  ])('reads %j as relation %s', (args, value) => {
    expect(parse(...args).texts).toEqual({ relation: value });
  });

  it('takes one-letter booleans in a bundle', () => {
    expect(parse('-aq').switches).toEqual(['app', 'quiet']);
  });

  it.each(['1', 't', 'T', 'true', 'True', 'TRUE'])('takes --app=%s for on', (text) => {
    expect(parse(`--app=${text}`).switches).toEqual(['app']);
  });

  it.each(['0', 'f', 'F', 'false', 'False', 'FALSE'])('takes --app=%s for off, after --app too', (text) => {
    expect(parse('--app', `--app=${text}`).switches).toEqual([]);
  });

  it('gives a boolean no value from the next argument', () => {
    expect(parse('--app', 'false')).toEqual({ texts: {}, switches: ['app'], positionals: ['false'] });
  });

  it('takes everything after -- for positionals, and a lone dash and an empty text anywhere', () => {
    expect(parse('-', '', '--', '--app', '--').positionals).toEqual(['-', '', '--app', '--']);
  });

  it.each([
    [['--x'], 'option provided but not defined: --x'],
    [['--x=1'], 'option provided but not defined: --x'],
    [['-aX'], 'option provided but not defined: -X'],
    [['--relation'], 'option needs an argument: --relation'],
    [['-r'], 'option needs an argument: -r'],
    [['-r', 'db:x'], 'invalid value "db:x" for option -r: invalid relation id'],
    [['--relation=x'], 'invalid value "x" for option --relation: invalid relation id'],
    [
      ['--app=maybe'],
      'invalid value "maybe" for option --app: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
  ])('refuses %j: %s', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});

describe('refuseSurplus', () => {
  it('lists what is too much as Go does', () => {
    expect(() => refuseSurplus(['a', 'b c'])).toThrow('unrecognized args: ["a" "b c"]');
    expect(() => refuseSurplus([])).not.toThrow();
  });
});
