import { createServer } from 'node:net';
import type { UnitPorts } from 'charms-reactive';
import { MemoryTools } from 'charms-reactive/testing';
import { expect, onTestFinished, test } from 'vitest';
import { choosePort, openOnly } from '../../../layers/basic/lib/ports.ts';

const HOST = '127.0.0.1';

async function occupyPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test('0 gives a free port at first, and then the one that was kept', async () => {
  const first = await choosePort({ host: HOST, configured: 0, kept: 0, isRunning: false });
  expect(first).toBeGreaterThan(0);
  expect(await choosePort({ host: HOST, configured: 0, kept: first ?? 0, isRunning: false })).toBe(first);
});

test('0 gives another port where the one that was kept is taken', async () => {
  const taken = await occupyPort();
  const port = await choosePort({ host: HOST, configured: 0, kept: taken, isRunning: false });
  expect(port).toBeGreaterThan(0);
  expect(port).not.toBe(taken);
});

test('0 gives the one that was kept where a server that was killed holds it for a moment yet', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const address = server.address();
  const kept = typeof address === 'object' && address ? address.port : 0;
  setTimeout(() => server.close(), 150);
  expect(await choosePort({ host: HOST, configured: 0, kept, isRunning: false })).toBe(kept);
});

test('the port of a server that runs is its own to keep', async () => {
  const own = await occupyPort();
  expect(await choosePort({ host: HOST, configured: 0, kept: own, isRunning: true })).toBe(own);
  expect(await choosePort({ host: HOST, configured: own, kept: own, isRunning: true })).toBe(own);
});

test('a configured port counts, and is not to be had where it is taken or no port', async () => {
  const taken = await occupyPort();
  const free = await choosePort({ host: HOST, configured: 0, kept: 0, isRunning: false });
  expect(await choosePort({ host: HOST, configured: free ?? 0, kept: taken, isRunning: true })).toBe(free);
  for (const configured of [taken, 70_000, -1]) {
    expect(await choosePort({ host: HOST, configured, kept: 0, isRunning: true })).toBeUndefined();
  }
});

test('an address that is not this machine has no ports', async () => {
  await expect(choosePort({ host: '192.0.2.1', configured: 0, kept: 0, isRunning: false })).rejects.toThrow(
    'cannot listen on port 0 of "192.0.2.1"',
  );
});

test('openOnly opens one port and closes the others; with 0 it closes all', () => {
  const tools = new MemoryTools({ unit: 'app/0' });
  const ports: UnitPorts = {
    open: (port) => tools.openPort(String(port)),
    close: (port) => tools.closePort(String(port)),
    list: () => tools.openedPorts(),
  };
  ports.open(80);
  ports.open('90/udp');
  openOnly(ports, 80);
  expect(ports.list()).toEqual(['80/tcp']);
  openOnly(ports, 70);
  expect(ports.list()).toEqual(['70/tcp']);
  openOnly(ports, 0);
  expect(ports.list()).toEqual([]);
});
