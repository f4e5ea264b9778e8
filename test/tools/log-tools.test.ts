import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeLogTools, splitMessage } from '../../src/tools/log-tools.ts';

it('cuts a message into pieces that fit, lose nothing, and end between characters', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'é', '€', '😀', '\n', '\0', 'e\u0301'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 4, max: 20 }), (message, maxBytes) => {
      const pieces = splitMessage(message, maxBytes);
      expect(pieces.join('')).toBe(message);
      for (const piece of pieces) {
        expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(maxBytes);
        expect(Buffer.from(piece).toString()).toBe(piece);
      }
      if (message !== '') expect(pieces).not.toContain('');
    }),
  );
});

it('cuts as few times as it can between characters', () => {
  expect(splitMessage('', 4)).toEqual(['']);
  expect(splitMessage('abcd', 4)).toEqual(['abcd']);
  expect(splitMessage('abcde', 4)).toEqual(['abcd', 'e']);
  expect(splitMessage('a€€', 4)).toEqual(['a€', '€']);
  expect(splitMessage('ab😀😀c', 4)).toEqual(['ab', '😀', '😀', 'c']);
});

it('counts bytes, not characters: 100,000 characters of three bytes are no one argument', () => {
  const sizes: number[] = [];
  const messages: string[] = [];
  const { log } = makeLogTools((command) => {
    expect(command.slice(0, 4)).toEqual(['juju-log', '-l', 'ERROR', '--']);
    messages.push(command[4] ?? '');
    sizes.push(Buffer.byteLength(command[4] ?? ''));
    return '';
  });
  log('€'.repeat(100_000), 'ERROR');
  expect(messages.join('')).toBe('€'.repeat(100_000));
  expect(Math.max(...sizes)).toBeLessThan(128 * 1024);
  expect(sizes).toHaveLength(3);
});

it('sends an empty message once', () => {
  const calls: (readonly string[])[] = [];
  makeLogTools((command) => {
    calls.push(command);
    return '';
  }).log('', 'INFO');
  expect(calls).toEqual([['juju-log', '-l', 'INFO', '--', '']]);
});
