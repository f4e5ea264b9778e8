import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import Guestbook from '../../../layers/guestbook/reactive/guestbook.ts';
import Leadership from '../../../layers/leadership/reactive/leadership.ts';
import { redisInterface } from '../../interfaces/redis/sides.ts';
import { readCharm, UnitRunner } from '../unit-runner.ts';
import type { PlainRedis } from './website.ts';

/** A unit of the charm `guestbook`, with its program bundled into its folder as the builder does. */
export async function makeGuestbookUnit(): Promise<UnitRunner> {
  const unit = new UnitRunner(
    readCharm('guestbook', {
      modules: { 'reactive/guestbook.ts': { default: Guestbook } },
      stock: { leadership: Leadership },
      interfaces: [redisInterface.requires],
    }),
    'guestbook/0',
  );
  await mkdir(path.join(unit.folder, 'programs'));
  writeFileSync(path.join(unit.folder, 'package.json'), '{"type": "module"}');
  writeFileSync(path.join(unit.folder, 'programs', 'guestbook-server.js'), await bundleProgram());
  return unit;
}

/** What redis units publish, by unit. */
export type Offers = Readonly<Record<string, Pick<PlainRedis, 'address'> | undefined>>;

/** Relates the guestbook to redis units; those without a server have not published yet. */
export function offer(unit: UnitRunner, offers: Offers): void {
  const units = Object.entries(offers).map(([name, redis]) => [name, redis ? publish(redis) : {}] as const);
  unit.relate({ 'redis:0': { application: 'redis', units: Object.fromEntries(units) } });
}

/** Runs a hook of the guestbook's relation to redis. */
export async function redisHook(unit: UnitRunner, event: string, remoteUnit?: string): Promise<void> {
  await unit.hook({
    name: `redis-relation-${event}`,
    relationId: 'redis:0',
    ...(remoteUnit === undefined ? {} : { remoteUnit }),
  });
}

/** Where the unit says that it serves, without the slash at the end. */
export function websiteOf(unit: UnitRunner): string {
  const { status, message } = unit.tools.status;
  const url = /^serving on (http:.*)\/$/.exec(message)?.[1];
  if (status !== 'active' || url === undefined) throw new Error(`the unit is ${status}: ${message}`);
  return url;
}

function publish({ address: { host, port, password } }: Pick<PlainRedis, 'address'>): Record<string, string> {
  const json = { host: JSON.stringify(host), port: JSON.stringify(port), password: JSON.stringify(password) };
  return { ...json, hostname: host };
}

let program: Promise<string> | undefined;

function bundleProgram(): Promise<string> {
  program ??= build({
    entryPoints: [
      fileURLToPath(new URL('../../../layers/guestbook/programs/guestbook-server.ts', import.meta.url)),
    ],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  return program;
}
