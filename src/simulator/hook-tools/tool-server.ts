import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HookContext } from '../agent/hook-context.ts';
import { MODEL_TOOLS, UNSERVED_TOOLS } from './model-tools.ts';
import { StdinNeeded } from './tool-errors.ts';
import { runTool, type ToolResult } from './tool-run.ts';

/** Sockets' addresses end at 107 bytes on Linux, and at 103 on other systems. */
const LONGEST_ADDRESS = 103;

/** Called before a tool runs. Answering false leaves the caller without an answer: its hook is about to be killed. */
export type ToolGate = (context: HookContext) => boolean;

/**
 * Serves hook tools to the processes of running hooks, over a socket that only this user can reach. It runs one tool at a
 * time, and must never run charm code: a charm waits for its tools.
 */
export class ToolServer {
  /** Where the socket is (JUJU_AGENT_SOCKET_ADDRESS). */
  readonly address: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #contexts = new Map<string, { readonly context: HookContext; readonly gate: ToolGate }>();

  /** Listens in a folder of its own inside `folder`, or in the system's temporary folder where that is too deep. */
  static async start(folder: string): Promise<ToolServer> {
    const server = new ToolServer(folder);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(server.address, resolve);
    });
    chmodSync(server.address, 0o600);
    return server;
  }

  private constructor(folder: string) {
    const deep = join(folder, 'run');
    const isTooDeep = Buffer.byteLength(join(deep, 'agent.socket')) > LONGEST_ADDRESS;
    this.#folder = isTooDeep ? mkdtempSync(join(tmpdir(), 'charms-')) : deep;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    chmodSync(this.#folder, 0o700);
    this.address = join(this.#folder, 'agent.socket');
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Serves a hook until `close`. */
  open(context: HookContext, gate: ToolGate): void {
    this.#contexts.set(context.id, { context, gate });
  }

  /** Ends a hook: who shows its id from now on is refused. */
  close(context: HookContext): void {
    this.#contexts.delete(context.id);
  }

  /** Closes the socket and removes it. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A caller that was killed takes nothing with it.
    socket.on('error', () => socket.destroy());
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (!chunk.includes('\n')) return;
      const request = parseRequest(Buffer.concat(chunks).toString());
      if (request === undefined) {
        socket.destroy();
        return;
      }
      const answer = this.#answer(request);
      if (answer !== undefined) socket.end(JSON.stringify(answer));
    });
  }

  #answer(request: WireRequest): ToolResult | { readonly needsStdin: true } | undefined {
    const { contextId, tool: name, args, cwd, stdin } = request;
    const run = this.#contexts.get(contextId);
    if (run === undefined) return refuse(`bad request: wrong context ID; got ${JSON.stringify(contextId)}`);
    if (UNSERVED_TOOLS.includes(name)) return refuse(`cannot run "${name}": it is not simulated yet`);
    const tool = MODEL_TOOLS.get(name);
    if (tool === undefined) return refuse(`bad request: unknown command: ${name}`);
    if (stdin === undefined) {
      run.context.toolCalls.push([name, ...args]);
      if (!run.gate(run.context)) return undefined;
    }
    try {
      const text = stdin === undefined ? {} : { stdin: Buffer.from(stdin, 'base64').toString() };
      return runTool(run.context, { tool, args, cwd, ...text });
    } catch (error) {
      if (error instanceof StdinNeeded) return { needsStdin: true };
      throw error;
    }
  }
}

/** What the tool client sends, as one line. */
interface WireRequest {
  readonly contextId: string;
  readonly tool: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** In base64. */
  readonly stdin?: string;
}

/** Undefined for a line that no tool client of ours wrote. */
function parseRequest(line: string): WireRequest | undefined {
  try {
    const request: Partial<WireRequest> = JSON.parse(line);
    const { contextId, tool, args, cwd, stdin } = request;
    if (contextId === undefined || tool === undefined || !Array.isArray(args) || cwd === undefined)
      return undefined;
    return { contextId, tool, args, cwd, ...(stdin === undefined ? {} : { stdin }) };
  } catch {
    return undefined;
  }
}

function refuse(why: string): ToolResult {
  return { exitCode: 1, stdout: '', stderr: `ERROR ${why}\n` };
}
