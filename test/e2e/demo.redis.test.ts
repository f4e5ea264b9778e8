import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { makeFolder } from '../layers/folders.ts';
import { runDemo } from './demo-process.ts';

test('the demo tells the life of two charms from build to removal, and leaves nothing behind', async () => {
  const folder = makeFolder();
  const { code, output } = await runDemo({ TMPDIR: folder });
  expect(output).toMatch(/== Done/);
  expect(code).toBe(0);

  expect(titlesOf(output)).toEqual([
    'Building the charms out of their layers',
    'Deploying redis with a primary and a replica, and guestbook',
    'Relating them: juju integrate guestbook redis',
    'Writing an entry through the web, and looking for it in redis',
    'Changing config: juju config guestbook title="Visitors"',
    'Removing the primary, so that its replica takes over: juju remove-unit redis/0',
    'Writing an entry through the web, and looking for it in redis',
    'Removing the relation: juju remove-relation guestbook redis',
    'Removing both applications',
    'Done: the model is destroyed, and nothing is left running.',
  ]);
  expect(output).toMatch(/guestbook\/0\* +active +idle .* serving on http:/);
  expect(output).toMatch(/ran guestbook\.serve\n +\+endpoint\.redis\.available by endpoint redis in/);
  expect(output).toMatch(/ran guestbook\.serve\n +-guestbook\.serving by trigger on \+config\.changed/);
  expect(output).toMatch(/LRANGE guestbook:entries has .*Hello from the demo/);
  expect(output).toMatch(/redis\/1 +active +idle .* as a replica of redis\/0/);
  expect(output).toMatch(/redis\/1\* +active +idle .* as primary/);
  const afterwards = output.slice(output.indexOf('remove-unit redis/0'));
  expect(afterwards).toMatch(/LRANGE guestbook:entries has .*Hello again, after the fail-over/);
  expect(afterwards).toMatch(/LRANGE guestbook:entries has .*Hello from the demo/);
  expect(output).toMatch(/guestbook\/0\* +blocked +idle .* needs a relation to redis/);
  expect(output).not.toContain('FAILED');

  for (const port of portsOf(output)) expect(await isOpen(port), `port ${port}`).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

function titlesOf(output: string): string[] {
  return Array.from(output.matchAll(/^== (.*)$/gm), (match) => match[1] ?? '');
}

function portsOf(output: string): Set<number> {
  return new Set(Array.from(output.matchAll(/ (\d{4,5})\/tcp /g), (match) => Number(match[1])));
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
