import { createServer } from 'node:net';
import type { UnitPorts } from 'charms-reactive';

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
    return await listenOnce(host, wanted);
  } catch {
    return configured === 0 ? listenOnce(host, 0) : undefined;
  }
}

/** Opens one TCP port and closes whatever else is open; 0 closes all. */
export function openOnly(ports: UnitPorts, port: number): void {
  for (const open of ports.list()) if (open !== `${port}/tcp`) ports.close(open);
  if (port !== 0) ports.open(port);
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
