/*
 * What hook tools and the agent's socket say to each other. It is made for a client that starts fast: one that has no
 * library, and neither quotes nor escapes. Lengths are 32 bits, big-endian; a field is its length and its bytes, whatever
 * they are; a frame is the length of its fields together, and the fields.
 *
 *     client:  TOOL  frame( context id, tool, working directory, '' or '1', standard input, argument, argument … )
 *     server:        frame( word, standard output, standard error )
 *
 * The word is an exit code; or `stdin`, and the client says all again, with '1' and what stands on its standard input, over
 * the same connection; or `exec`, and the client becomes the next program on PATH of the tool's name.
 */

/** What a tool's client asks for. Bytes that are no UTF-8 have become U+FFFD. */
export interface WireRequest {
  readonly contextId: string;
  readonly tool: string;
  /** Where the caller is. */
  readonly cwd: string;
  readonly args: readonly string[];
  /** Absent until the server has asked for it. */
  readonly stdin?: string;
}

/** What the client is to do: print and exit, or call again with its standard input, or leave it to the host's own tool. */
export type WireAnswer =
  | { readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | 'stdin'
  | 'exec';

const MARK = Buffer.from('TOOL');
const HEADER_LENGTH = MARK.length + 4;

/** Puts a connection's requests together from the pieces in which they come. */
export class RequestReader {
  #chunks: Buffer[] = [];
  #length = 0;
  #end: number | undefined;

  /** Answers the request once it is whole. Throws for what no client of ours wrote. */
  read(chunk: Buffer): WireRequest | undefined {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    this.#end ??= this.#readHeader();
    if (this.#end === undefined || this.#length < this.#end) return undefined;
    const fields = readFields(Buffer.concat(this.#chunks).subarray(HEADER_LENGTH, this.#end));
    this.#chunks = [];
    this.#length = 0;
    this.#end = undefined;
    return parseRequest(fields);
  }

  /** Where the request ends; undefined until that has been said. */
  #readHeader(): number | undefined {
    const start = Buffer.concat(this.#chunks);
    const mark = start.subarray(0, MARK.length);
    if (!mark.equals(MARK.subarray(0, mark.length))) throw new Error('this is no call of a hook tool');
    return start.length < HEADER_LENGTH ? undefined : HEADER_LENGTH + start.readUInt32BE(MARK.length);
  }
}

function parseRequest(fields: readonly Buffer[]): WireRequest {
  const [contextId, tool, cwd, hasStdin, stdin, ...args] = fields.map((field) => field.toString());
  if (contextId === undefined || tool === undefined || cwd === undefined || stdin === undefined) {
    throw new Error('this call of a hook tool is cut short');
  }
  return { contextId, tool, cwd, args, ...(hasStdin === '1' ? { stdin } : {}) };
}

function readFields(body: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const start = at + 4;
    at = start + body.readUInt32BE(at);
    if (at > body.length) throw new Error('a field is longer than what it is in');
    fields.push(body.subarray(start, at));
  }
  return fields;
}

/** An answer as bytes for the client. */
export function formatAnswer(answer: WireAnswer): Buffer {
  const texts =
    typeof answer === 'string' ? [answer, '', ''] : [String(answer.exitCode), answer.stdout, answer.stderr];
  return withLength(Buffer.concat(texts.map((text) => withLength(Buffer.from(text)))));
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
