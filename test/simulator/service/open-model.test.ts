import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Model, ModelInUseError } from '../../../src/simulator/model.ts';
import { openModel, ownModel } from '../../../src/simulator/service/open-model.ts';
import { Workshop } from '../bash-charm.ts';

const workshop = new Workshop();
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await workshop.clean();
});

/** A model in a folder that outlives its processes, with nothing open. */
async function closedModel(): Promise<string> {
  const folder = workshop.folder(`model-${Math.random().toString(36).slice(2)}`);
  const model = await Model.create({ folder });
  await model.close();
  return folder;
}

/** Runs code in a process of its own, with `Model`, `openModel` and `folder` at hand; settles at its first line of output. */
async function runElsewhere(folder: string, code: string): Promise<ChildProcess> {
  const source = (file: string) =>
    JSON.stringify(fileURLToPath(new URL(`../../../src/simulator/${file}`, import.meta.url)));
  const whole = `
    import { Model } from ${source('model.ts')};
    import { openModel, ownModel } from ${source('service/open-model.ts')};
    const folder = ${JSON.stringify(folder)};
    ${code}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', whole], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe('a model in a folder', () => {
  it('is as it was when it is opened again: units, config, relations and their databags', async () => {
    const folder = workshop.folder('kept');
    const model = await Model.create({ folder, seed: 7 });
    const charm = workshop.charm({
      name: 'web',
      metadata: 'provides:\n  site: http\nrequires:\n  db: http\n',
      config: 'options:\n  title: {type: string}\n',
      dispatch:
        'if [ "$JUJU_HOOK_NAME" = db-relation-created ]; then relation-set __proto__=1 port=80; fi; status-set active up',
    });
    await model.deploy(charm, { config: { title: 'Hello' } });
    await model.deploy(charm, { application: 'other' });
    const id = model.integrate('web:db', 'other:site');
    await model.settle();
    const before = model.snapshot();
    await model.close();

    const again = await Model.open(folder);
    expect(again.snapshot()).toEqual(before);
    expect(again.databags(id).units['web/0']).toMatchObject({ port: '80' });
    expect((await again.settle()).hooks).toEqual([]);
    expect(again.debugLog().some(({ message }) => message.startsWith('ran "install" hook'))).toBe(true);
    await again.destroy();
  });

  it('is open in one process at a time', async () => {
    const folder = workshop.folder('one');
    const model = await Model.create({ folder });
    await expect(Model.open(folder)).rejects.toThrow(ModelInUseError);
    await model.close();
    await (await Model.open(folder)).close();
  });

  it('is refused where there is none, and where another version wrote it', async () => {
    await expect(openModel(workshop.folder('none'))).rejects.toThrow('no model in');
  });
});

describe('two processes', () => {
  it('share a model: what one asks is done by the one that has it open, with its errors and its events', async () => {
    const folder = await closedModel();
    const owner = await runElsewhere(
      folder,
      'const handle = await openModel(folder); console.log("open"); setInterval(() => handle, 1000);',
    );
    const events: string[] = [];
    const handle = await openModel(folder, { onEvent: (event) => events.push(event.type) });
    const charm = workshop.charm({ name: 'web', hooks: { install: 'echo hello' } });
    expect(await handle.deploy(charm, { units: 2 })).toBe('web');
    const { hooks } = await handle.settle();
    expect(hooks.map(({ hook }) => hook)).toContain('install');
    expect(new Set(events)).toEqual(new Set(['hook-started', 'log', 'hook']));
    expect(await handle.units()).toEqual(['web/0', 'web/1']);
    await expect(handle.removeUnit('web/9')).rejects.toThrow('unit "web/9" not found');
    await handle.release();
    owner.kill('SIGKILL');
    await once(owner, 'exit');

    const mine = await openModel(folder);
    expect(await mine.units()).toEqual(['web/0', 'web/1']);
    await mine.release();
  });

  it('that come at the same time all get their turn, and lose nothing', async () => {
    const folder = await closedModel();
    const charm = workshop.charm({ name: 'web', config: 'options:\n  n: {type: int}\n' });
    const first = await openModel(folder);
    await first.deploy(charm);
    await first.release();
    const one = async () => {
      const handle = await openModel(folder);
      const added = await handle.addUnit('web');
      await handle.release();
      return added;
    };
    const added = await Promise.all([one(), one(), one(), one(), one()]);
    expect(added.flat().sort()).toEqual(['web/1', 'web/2', 'web/3', 'web/4', 'web/5']);
    const last = await openModel(folder);
    expect(await last.units()).toHaveLength(6);
    await last.release();
  });
});

describe('a process that is killed', () => {
  it('in the middle of a hook leaves a model in which that hook runs again, and is no error', async () => {
    const folder = await closedModel();
    const charm = workshop.charm({
      name: 'web',
      hooks: {
        install:
          'echo run >> $CHARM_DIR/runs; status-set maintenance "half way"; [ -e $CHARM_DIR/../once ] || { touch $CHARM_DIR/../once; sleep 60; }',
      },
    });
    const code = `const model = await Model.open(folder); await model.deploy(${JSON.stringify(charm)});
      model.listen((event) => { if (event.type === 'hook-started') console.log('started'); });
      await model.settle();`;
    const child = await runElsewhere(folder, code);
    const mark = join(folder, 'agents', 'unit-web-0', 'once');
    while (!existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await once(child, 'exit');

    const model = await Model.open(folder);
    const { 'workload-status': workload } = model.status().applications.web?.units?.['web/0'] ?? {};
    expect(workload).toMatchObject({ current: 'maintenance', message: 'half way' });
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual([]);
    expect(hooks.map(({ hook, outcome }) => `${hook} ${outcome}`)[0]).toBe('install ran');
    expect(readFileSync(join(model.unitFolder('web/0'), 'runs'), 'utf8')).toBe('run\nrun\n');
    await model.destroy();
  });

  it('leaves what it was told before: no command that was answered is lost', async () => {
    const folder = await closedModel();
    const charm = workshop.charm({ name: 'web' });
    const code = `const model = await Model.open(folder); const handle = await ownModel(model);
      await handle.deploy(${JSON.stringify(charm)}); await handle.addUnit('web', 3); console.log('told'); setInterval(() => {}, 1000);`;
    const child = await runElsewhere(folder, code);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const model = await ownModel(await Model.open(folder));
    expect(await model.units()).toHaveLength(4);
    await model.release();
  });
});
