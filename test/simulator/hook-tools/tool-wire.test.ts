import { expect, it } from 'vitest';
import { formatAnswer, RequestReader } from '../../../src/simulator/hook-tools/tool-wire.ts';

/** A call as a client writes it. */
function write(...fields: readonly string[]): Buffer {
  const body = Buffer.concat(fields.map((text) => withLength(Buffer.from(text))));
  return Buffer.concat([Buffer.from('TOOL'), withLength(body)]);
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

it.each([1, 3, 7, 8, 9, 1000])(
  'a request is put together from pieces of %i bytes, and then the next one',
  (size) => {
    const reader = new RequestReader();
    const read = (bytes: Buffer) => {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        reader.read(bytes.subarray(index * size, (index + 1) * size)),
      );
      expect(pieces.slice(0, -1).every((piece) => piece === undefined)).toBe(true);
      return pieces.at(-1);
    };
    const request = { contextId: 'id', tool: 'state-set', cwd: '/\u00e9', args: ['', 'a=\n', 'TOOL'] };
    expect(read(write('id', 'state-set', '/\u00e9', '', '', '', 'a=\n', 'TOOL'))).toEqual(request);
    expect(read(write('id', 't', '/', '1', '', 'x'))).toEqual({
      ...request,
      tool: 't',
      cwd: '/',
      stdin: '',
      args: ['x'],
    });
  },
);

it.each([
  ['other words', Buffer.from('rub')],
  ['a call with too few fields', write('id', 'tool', '/', '1')],
  [
    'a field that is longer than its frame',
    Buffer.concat([Buffer.from('TOOL'), withLength(Buffer.from([0, 0, 0, 9, 1]))]),
  ],
  ['a length that is cut short', Buffer.concat([Buffer.from('TOOL'), withLength(Buffer.from([0, 0]))])],
])('%s are no request', (_, bytes) => {
  expect(() => new RequestReader().read(bytes)).toThrow();
});

it('an answer is an exit code, or what to do first, and two texts', () => {
  expect(formatAnswer({ exitCode: 2, stdout: '\u00e9', stderr: 'x' })).toEqual(
    Buffer.from('\0\0\0\x10\0\0\0\x012\0\0\0\x02\u00e9\0\0\0\x01x'),
  );
  expect(formatAnswer('exec')).toEqual(Buffer.from('\0\0\0\x10\0\0\0\x04exec\0\0\0\0\0\0\0\0'));
});
