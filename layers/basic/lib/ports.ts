import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { UnitPorts } from 'charms-reactive';

const PATIENCE_MILLISECONDS = 1_000;

/**
 * The port a server of the charm is to listen on: the configured one; where that is 0, the one it had before, or else a
 * free one. Undefined where the configured port cannot be had: it is taken, reserved or out of range.
 */
export async function choosePort(wish: {
  readonly host: string;
  /** The option's value. */
  readonly configured: number;
  /** The port it had last; 0 where it had none. */
  readonly kept: number;
  /** Whether the server runs, and so holds that port itself. */
  readonly isRunning: boolean;
}): Promise<number | undefined> {
  const { host, configured, kept, isRunning } = wish;
  const wanted = configured || kept;
  if (isRunning && wanted !== 0 && wanted === kept) return kept;
  try {
    return await listenPatiently(host, wanted);
  } catch {
    return configured === 0 ? listenOnce(host, 0) : undefined;
  }
}

/** Opens one TCP port and closes whatever else is open; 0 closes all. */
export function openOnly(ports: UnitPorts, port: number): void {
  for (const open of ports.list()) if (open !== `${port}/tcp`) ports.close(open);
  if (port !== 0) ports.open(port);
}

/** A server that was killed a moment ago may hold its port a moment longer. */
async function listenPatiently(host: string, port: number): Promise<number> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    try {
      return await listenOnce(host, port);
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' || Date.now() > deadline) throw error;
      await setTimeout(50);
    }
  }
}

/** Listens on a port for a moment, on any free one for 0, and tells which it was. */
function listenOnce(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      reject(new Error(`cannot listen on port ${port} of "${host}": ${error.message}`, { cause: error })),
    );
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
