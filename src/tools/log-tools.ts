import type { HookTools } from './hook-tools.ts';
import type { RunTool } from './run-tool.ts';

/** Linux takes at most 128 KiB in one argument; longer messages go out in pieces. */
const MAX_MESSAGE_BYTES = 120 * 1024;

/** juju-log as a process. */
export function makeLogTools(run: RunTool): Pick<HookTools, 'log'> {
  return {
    log: (message, level) => {
      for (const piece of messagePieces(message)) run(['juju-log', '-l', level, '--', piece]);
    },
  };
}

/** A message as arguments that a process can be given: each short enough, and none with the character NUL in it. */
export function messagePieces(message: string): string[] {
  return splitMessage(message.replaceAll('\0', '\ufffd'), MAX_MESSAGE_BYTES);
}

/** Cuts a message into pieces of at most `maxBytes` in UTF-8, no character in two. An empty one stays one piece. */
export function splitMessage(message: string, maxBytes: number): string[] {
  if (Buffer.byteLength(message) <= maxBytes) return [message];
  const pieces: string[] = [];
  let piece = '';
  let size = 0;
  for (const character of message) {
    const bytes = Buffer.byteLength(character);
    if (size + bytes > maxBytes) {
      pieces.push(piece);
      piece = '';
      size = 0;
    }
    piece += character;
    size += bytes;
  }
  return [...pieces, piece];
}
