import { createConnection } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { ModelEvent } from '../agent/hook-record.ts';
import { Model, ModelInUseError } from '../model.ts';
import type { OpenOptions } from '../model-options.ts';
import { findControlSocket } from './control-socket.ts';
import { type ModelCommand, type ModelHandle, makeHandle, runCommand } from './model-handle.ts';
import { ModelService, type ServiceReply } from './model-service.ts';

/** How long a process that has a model open is given to answer, or to let go of it. */
const PATIENCE_MILLISECONDS = 10_000;

/**
 * A model in a folder, whoever has it open: where another process does (a `watch` in another window, say), what is asked is
 * asked of that one; else this process opens it, and serves others meanwhile. `onEvent` hears of what happens while a command
 * runs. Throws where the folder holds no model.
 */
export async function openModel(folder: string, options: OpenOptions = {}): Promise<ModelHandle> {
  const place = resolve(folder);
  let access = await gainAccess(place, options);
  return makeHandle({
    folder: place,
    call: async (name, args) => {
      for (;;) {
        try {
          return await access.call(name, args);
        } catch (error) {
          if (!(error instanceof NotTakenError)) throw error;
        }
        // The other process let go of the model before it took what was asked.
        access = await gainAccess(place, options);
      }
    },
    release: () => access.release(),
  });
}

/** A handle on a model of this process, which others can reach through it from now on. `release` closes the model. */
export async function ownModel(model: Model): Promise<ModelHandle> {
  return makeHandle({ folder: model.folder, ...(await shareModel(model)) });
}

interface Access {
  call(name: ModelCommand, args: readonly unknown[]): Promise<unknown>;
  release(): Promise<void>;
}

/** Opens the model, or reaches the process that has it open, whichever comes first. */
async function gainAccess(folder: string, options: OpenOptions): Promise<Access> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    try {
      return await shareModel(await Model.open(folder, options));
    } catch (error) {
      if (!(error instanceof ModelInUseError)) throw error;
    }
    const address = findControlSocket(folder);
    if (address !== undefined && (await answers(address))) {
      return {
        call: (name, args) => ask(address, { name, args, onEvent: options.onEvent }),
        release: async () => undefined,
      };
    }
    if (Date.now() > deadline) {
      throw new Error(
        `cannot open the model in "${folder}": another process has it open and does not answer`,
      );
    }
    await setTimeout(20);
  }
}

async function shareModel(model: Model): Promise<Access> {
  const service = await ModelService.start(model);
  return {
    call: (name, args) => runCommand(model, name, args),
    release: async () => {
      await service.stop();
      await model.close();
    },
  };
}

/** The other process took nothing of what was asked, so that it may be asked again. */
class NotTakenError extends Error {
  override readonly name = 'NotTakenError';
}

function answers(address: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = createConnection(address);
    socket.once('connect', () => {
      socket.destroy();
      settle(true);
    });
    socket.once('error', () => settle(false));
  });
}

/** Asks one thing, on a connection of its own. */
function ask(
  address: string,
  request: {
    readonly name: ModelCommand;
    readonly args: readonly unknown[];
    readonly onEvent: ((event: ModelEvent) => void) | undefined;
  },
): Promise<unknown> {
  const { name, args, onEvent } = request;
  return new Promise((settle, reject) => {
    const socket = createConnection(address);
    let isTaken = false;
    const fail = () => {
      const why = `cannot run "${name}": the process that has the model open has ended`;
      reject(isTaken ? new Error(why) : new NotTakenError(why));
    };
    socket.once('error', fail);
    socket.once('close', fail);
    const lines = createInterface({ input: socket });
    lines.on('error', fail);
    lines.on('line', (line) => {
      const reply = JSON.parse(line) as ServiceReply;
      if ('taken' in reply) {
        isTaken = true;
      } else if ('event' in reply) {
        onEvent?.(reply.event as ModelEvent);
      } else {
        if ('error' in reply) reject(new Error(reply.error));
        else settle(reply.answer);
        socket.end();
      }
    });
    socket.write(`${JSON.stringify({ command: name, args, wantsEvents: onEvent !== undefined })}\n`);
  });
}
