import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HookToolError } from '../../src/tools/errors.ts';
import { runForJson, runTool } from '../../src/tools/run-tool.ts';
import { putOnPath, writeScript } from './fake-tools-folder.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tools '));
afterAll(putOnPath(folder));

writeScript(folder, 'say-arguments', 'for argument in "$@"; do printf "<%s>" "$argument"; done');
writeScript(folder, 'say-input', 'cat');
writeScript(folder, 'say-environment', 'printf "%s" "$JUJU_CONTEXT_ID"; printf noise >&2');
writeScript(folder, 'fail', 'printf partial; echo "ERROR $2" >&2; exit "$1"');
writeScript(folder, 'fail-silently', 'exit 7');
writeScript(folder, 'refuse-input', 'echo "ERROR no room" >&2; exit 1');
writeScript(folder, 'ignore-input', 'exit 0');
writeScript(folder, 'die', 'kill -TERM $$; sleep 5');
writeScript(folder, 'say-much', 'head -c 3000000 /dev/zero | tr "\\0" x');

describe('a tool that runs', () => {
  it('gets each parameter as it is, and answers its standard output', () => {
    const parameters = ['', 'a b', '"', "'", '$HOME', '*', '--', '-x', 'é😀', 'a\nb'];
    expect(runTool(['say-arguments', ...parameters])).toBe(parameters.map((text) => `<${text}>`).join(''));
  });

  it('gets its input byte for byte, the empty one too', () => {
    const input = '{"a":"é😀\\u2028"}\n\n';
    expect(runTool(['say-input'], input)).toBe(input);
    expect(runTool(['say-input'], '')).toBe('');
    const large = 'é'.repeat(2_000_000);
    expect(runTool(['say-input'], large) === large).toBe(true);
  });

  it('finds the end of its input at once when there is none', () => {
    expect(runTool(['say-input'])).toBe('');
  });

  it('is found on PATH and sees the environment as they are at that moment', () => {
    process.env.JUJU_CONTEXT_ID = 'web/0-start-123';
    try {
      expect(runTool(['say-environment'])).toBe('web/0-start-123');
    } finally {
      delete process.env.JUJU_CONTEXT_ID;
    }
  });

  it('may answer megabytes', () => {
    expect(runTool(['say-much'])).toHaveLength(3_000_000);
  });
});

describe('a tool that fails', () => {
  it.each([1, 2, 137])(
    'with exit code %i gives an error that has the code, the command and both streams',
    (code) => {
      const error = errorOf(() => runTool(['fail', String(code), 'no such relation']));
      expect(error.exitCode).toBe(code);
      expect(error.command).toEqual(['fail', String(code), 'no such relation']);
      expect(error.stdout).toBe('partial');
      expect(error.stderr).toBe('ERROR no such relation\n');
      expect(error.message).toBe(`cannot run fail ${code} no such relation: no such relation`);
    },
  );

  it('in silence has its exit code in the message', () => {
    expect(errorOf(() => runTool(['fail-silently'])).message).toBe('cannot run fail-silently: exit code 7');
  });

  it('without reading its input is reported by what it said, not by the broken pipe', () => {
    const error = errorOf(() => runTool(['refuse-input'], 'x'.repeat(5_000_000)));
    expect(error.exitCode).toBe(1);
    expect(error.message).toBe('cannot run refuse-input: no room');
  });

  it('and was killed has no exit code, and its signal in the message', () => {
    const error = errorOf(() => runTool(['die']));
    expect(error.exitCode).toBeUndefined();
    expect(error.message).toMatch(/^cannot run die: .*SIGTERM/);
  });

  it('because it is not there has no exit code, and the reason in message and cause', () => {
    const error = errorOf(() => runTool(['no-such-tool', '-x']));
    expect(error.exitCode).toBeUndefined();
    expect(error.message).toMatch(/^cannot run no-such-tool -x: .*ENOENT/);
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
  });

  it('because a parameter is longer than the system takes is such an error, too', () => {
    const error = errorOf(() => runTool(['say-arguments', 'x'.repeat(3_000_000)]));
    expect(error.exitCode).toBeUndefined();
    expect(error.cause).toMatchObject({ code: 'E2BIG' });
  });

  it('because a parameter cannot be passed at all is such an error, too', () => {
    expect(errorOf(() => runTool(['say-arguments', 'a\0b'])).exitCode).toBeUndefined();
  });
});

describe('a JSON answer', () => {
  it('is parsed', () => {
    expect(runForJson(() => ' {"a": [1, null]}\n', ['x'])).toEqual({ a: [1, null] });
  });

  it('that is none is an error with the answer and the reason', () => {
    const error = errorOf(() => runForJson(runTool, ['say-arguments', '{"a":']));
    expect(error).toMatchObject({ exitCode: 0, stdout: '<{"a":>' });
    expect(error.cause).toBeInstanceOf(SyntaxError);
  });
});

describe('the error', () => {
  it.each([
    ['ERROR invalid value "db:9" for option -r: relation not found\n', true],
    ['ERROR cannot read settings for unit "a/0" in relation "x": unit "a/0": settings not found\n', true],
    ['ERROR permission denied\n', true],
    ['ERROR cannot write relation settings\n', false],
    ['ERROR expected unit name, got application name "redis"\n', false],
    ['', false],
  ])('of %j knows whether the relation is gone: %s', (stderr, isGone) => {
    expect(new HookToolError({ command: ['relation-get'], exitCode: 1, stderr }).isGone).toBe(isGone);
  });

  it('says so when the tool did not run', () => {
    const error = new HookToolError({ command: ['is-leader'], exitCode: undefined });
    expect(error.message).toBe('cannot run is-leader: it did not run');
    expect([error.stdout, error.stderr, error.name]).toEqual(['', '', 'HookToolError']);
  });
});

function errorOf(call: () => unknown): HookToolError {
  try {
    call();
  } catch (error) {
    if (error instanceof HookToolError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
