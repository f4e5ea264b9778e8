import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCharm } from '../../builder/build.ts';
import { Model } from '../../simulator/model.ts';
import { formatStatusTable } from '../../simulator/report/status-table.ts';
import { describeHook } from '../sim/hook-story.ts';
import { GuestbookVisitor } from './guestbook-visitor.ts';
import { describeDatabags, describeFlags } from './model-view.ts';

/** How the demo is told. */
export interface DemoOptions {
  /** Hooks' PATH, after the hook tools; Debian's usual one if undefined. */
  readonly path: string | undefined;
  /** Decides the order where Juju promises none. */
  readonly seed: number;
  /** Takes each line, or lines, as they come. */
  readonly print: (text: string) => void;
}

/** Layers ship with the package, three folders above this file whether it runs from `src` or from `dist`. */
const LAYERS = fileURLToPath(new URL('../../../layers/', import.meta.url));

/**
 * The life of two charms on this machine: built, deployed, related, used, reconfigured, failed over and unrelated, with
 * everything shown as it goes. Leaves nothing running and no file behind, whatever happens.
 *
 * @throws Error when a hook fails, or what was written through the web is not read back.
 */
export async function runDemo({ path: hookPath, seed, print }: DemoOptions): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'reactive-demo-'));
  let model: Model | undefined;
  try {
    print('== Building the charms out of their layers');
    const [redis, guestbook] = await Promise.all(
      ['redis', 'guestbook'].map((layer) => build({ layer, folder, print })),
    );
    model = await Model.create({
      name: 'demo',
      seed,
      ...(hookPath === undefined ? {} : { path: hookPath }),
      onEvent: (event) => {
        if (event.type === 'hook') print(describeHook(event.record).join('\n'));
      },
    });
    await tell({ model, print, redis: redis ?? '', guestbook: guestbook ?? '' });
  } finally {
    await model?.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
  print('\n== Done: the model is destroyed, and nothing is left running.');
}

interface Stage {
  readonly model: Model;
  readonly print: (text: string) => void;
}

async function tell(stage: Stage & { readonly redis: string; readonly guestbook: string }): Promise<void> {
  const { model, print, redis, guestbook } = stage;

  await act(stage, 'Deploying redis with a primary and a replica, and guestbook', async () => {
    await model.deploy(redis, { units: 2 });
    await model.deploy(guestbook);
  });
  showStatus(stage);

  await act(stage, 'Relating them: juju integrate guestbook redis', () =>
    model.integrate('guestbook', 'redis'),
  );
  showStatus(stage);
  show(stage, 'What both sides published', describeDatabags(model));
  show(stage, 'The flags of each unit', describeFlags(model));

  const visitor = new GuestbookVisitor(model);
  await visit(stage, visitor, 'Hello from the demo');

  await act(stage, 'Changing config: juju config guestbook title="Visitors"', () =>
    model.setConfig('guestbook', { title: 'Visitors' }),
  );
  showStatus(stage);

  const primary = findPrimary(model);
  await act(stage, `Removing the primary, so that its replica takes over: juju remove-unit ${primary}`, () =>
    model.removeUnit(primary),
  );
  showStatus(stage);
  await visit(stage, visitor, 'Hello again, after the fail-over');

  await act(stage, 'Removing the relation: juju remove-relation guestbook redis', () =>
    model.removeRelation('guestbook', 'redis'),
  );
  showStatus(stage);
  show(stage, 'The flags of each unit', describeFlags(model));

  await act(stage, 'Removing both applications', () => {
    model.removeApplication('guestbook');
    model.removeApplication('redis');
  });
  print(`\n${model.hooks().length} hooks ran, each a process of its own.`);
}

/** The unit that says it is; any one where none does, for want of redis-server. */
function findPrimary(model: Model): string {
  const units = Object.entries(model.status().applications.redis?.units ?? {});
  const primary = units.find(([, unit]) => unit['workload-status'].message?.endsWith('as primary'));
  return (primary ?? units[0])?.[0] ?? '';
}

async function act({ model, print }: Stage, title: string, change: () => unknown): Promise<void> {
  print(`\n== ${title}`);
  await change();
  const { errors } = await model.settle();
  if (errors.length > 0) throw new Error(`cannot go on with the demo: a hook failed on ${errors.join(', ')}`);
}

async function visit({ print }: Stage, visitor: GuestbookVisitor, message: string): Promise<void> {
  print('\n== Writing an entry through the web, and looking for it in redis');
  const { lacks, lines } = await visitor.write(message);
  if (lacks) print(`  Not shown: ${lacks}`);
  for (const line of lines) print(`  ${line}`);
}

function showStatus(stage: Stage): void {
  show(stage, 'juju status', formatStatusTable(stage.model.status()).trimEnd().split('\n'));
}

function show({ print }: Stage, title: string, lines: readonly string[]): void {
  print(`\n-- ${title}\n${lines.join('\n')}`);
}

async function build(work: {
  readonly layer: string;
  readonly folder: string;
  readonly print: (text: string) => void;
}): Promise<string> {
  const output = path.join(work.folder, work.layer);
  const { layers } = await buildCharm({ charm: path.join(LAYERS, work.layer), output });
  work.print(`  ${work.layer}: ${layers.join(', ')}`);
  return output;
}
