import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HookContext } from '../agent/hook-context.ts';
import { HOST_MARK, HostRecorder } from './host-recorder.ts';
import { MODEL_TOOLS } from './model-tools.ts';
import { StdinNeeded } from './tool-errors.ts';
import { runTool } from './tool-run.ts';
import { formatAnswer, RequestReader, type WireAnswer, type WireRequest } from './tool-wire.ts';

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
  readonly #host = new HostRecorder();
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
    const reader = new RequestReader();
    socket.on('data', (chunk: Buffer) => {
      let request: WireRequest | undefined;
      try {
        request = reader.read(chunk);
      } catch {
        socket.destroy();
        return;
      }
      const answer = request === undefined ? undefined : this.#answer(request);
      if (answer === 'stdin') socket.write(formatAnswer(answer));
      else if (answer !== undefined) socket.end(formatAnswer(answer));
    });
  }

  /** Undefined leaves the caller without an answer. */
  #answer(request: WireRequest): WireAnswer | undefined {
    try {
      return request.tool.startsWith(HOST_MARK) ? this.#recordHostCall(request) : this.#runTool(request);
    } catch (error) {
      if (error instanceof StdinNeeded) return 'stdin';
      throw error;
    }
  }

  #runTool({ contextId, tool: name, args, cwd, stdin }: WireRequest): WireAnswer | undefined {
    const run = this.#contexts.get(contextId);
    if (run === undefined) return refuse(`bad request: wrong context ID; got ${JSON.stringify(contextId)}`);
    const tool = MODEL_TOOLS.get(name);
    if (tool === undefined) return refuse(`bad request: unknown command: ${name}`);
    if (stdin === undefined) {
      run.context.toolCalls.push([name, ...args]);
      if (!run.gate(run.context)) return undefined;
    }
    return runTool(run.context, { tool, args, cwd, ...(stdin === undefined ? {} : { stdin }) });
  }

  #recordHostCall({ contextId, tool, args, stdin }: WireRequest): WireAnswer {
    const run = this.#contexts.get(contextId);
    const name = tool.slice(HOST_MARK.length);
    if (run === undefined) {
      return refuse(`cannot run ${name}: it is recorded in hooks only, and this is no hook of the model`);
    }
    return this.#host.answer(run.context, { name, args, hasStdin: stdin !== undefined });
  }
}

function refuse(why: string): WireAnswer {
  return { exitCode: 1, stdout: '', stderr: `ERROR ${why}\n` };
}
