import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Model } from '../model.ts';
import { placeControlSocket } from './control-socket.ts';
import { MODEL_COMMANDS, type ModelCommand, runCommand } from './model-handle.ts';

/** A line from another process. */
export interface ServiceRequest {
  readonly command: string;
  readonly args: readonly unknown[];
  /** Whether it wants to hear of each hook and line of the log until it is answered. */
  readonly wantsEvents: boolean;
}

/**
 * A line to another process: that its request was taken, then events, where it asked for them, and one answer. What was not
 * taken has changed nothing, and may be asked again.
 */
export type ServiceReply =
  | { readonly taken: true }
  | { readonly event: unknown }
  | { readonly answer: unknown }
  | { readonly error: string };

/**
 * Lets other processes of this user ask things of a model that this process has open, over a socket in its folder: a line of
 * JSON for each request, and lines back.
 */
export class ModelService {
  readonly #model: Model;
  readonly #address: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #pending = new Set<Promise<unknown>>();
  #isStopping = false;

  /** Listens until `stop`. */
  static async start(model: Model): Promise<ModelService> {
    const service = new ModelService(model);
    rmSync(service.#address, { force: true });
    await new Promise<void>((resolve, reject) => {
      service.#server.once('error', reject);
      service.#server.listen(service.#address, resolve);
    });
    chmodSync(service.#address, 0o600);
    return service;
  }

  private constructor(model: Model) {
    this.#model = model;
    this.#address = placeControlSocket(model.folder);
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Answers what was taken, takes nothing more, and removes the socket. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    rmSync(this.#address, { force: true });
    rmSync(join(this.#model.folder, 'control'), { force: true });
    const isElsewhere = dirname(this.#address).startsWith(join(tmpdir(), 'model-'));
    if (isElsewhere && !this.#address.startsWith(this.#model.folder)) {
      rmSync(dirname(this.#address), { recursive: true, force: true });
    }
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket });
    lines.on('error', () => socket.destroy());
    lines.on('line', (line) => {
      if (this.#isStopping) return;
      const send = (reply: ServiceReply) =>
        new Promise<void>((sent) => socket.write(`${JSON.stringify(reply)}\n`, () => sent()));
      const work = send({ taken: true })
        .then(() => this.#answer(line, send))
        .then(
          (answer) => send({ answer }),
          (error: unknown) => send({ error: error instanceof Error ? error.message : String(error) }),
        );
      this.#pending.add(work);
      void work.finally(() => this.#pending.delete(work));
    });
  }

  async #answer(line: string, send: (reply: ServiceReply) => unknown): Promise<unknown> {
    const { command, args, wantsEvents } = JSON.parse(line) as ServiceRequest;
    if (!isCommand(command)) throw new Error(`unknown command "${command}"`);
    const stopListening = wantsEvents ? this.#model.listen((event) => send({ event })) : undefined;
    try {
      return await runCommand(this.#model, command, args);
    } finally {
      stopListening?.();
    }
  }
}

function isCommand(name: string): name is ModelCommand {
  return MODEL_COMMANDS.some((command) => command === name);
}
