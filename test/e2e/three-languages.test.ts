import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCharm } from '../../src/builder/build.ts';
import { Model } from '../../src/simulator/model.ts';
import { addToTree, type Tree } from '../builder/charm-tree.ts';

const charm = (name: string) => fileURLToPath(new URL(`charms/${name}`, import.meta.url));

/** The charm that greets, in TypeScript, out of layers. */
const GREETER: Tree = {
  'interfaces/greeting/interface.yaml': 'name: greeting\nsummary: s\nmaintainer: m\n',
  'interfaces/greeting/provides.ts': `
import { Endpoint, when } from 'charms-reactive';

export class GreetingProvides extends Endpoint {
  @when('endpoint.{endpoint_name}.joined')
  greet(): void {
    for (const relation of this.relations) relation.toPublishRaw.words = 'hello';
  }

  heard(): unknown[] {
    return this.allJoinedUnits.flatMap((unit) => (unit.received.heard ? [unit.unitName] : []));
  }
}
`,
  'layers/greeter/layer.yaml': 'includes: [interface:greeting]\n',
  'layers/greeter/metadata.yaml':
    'name: greeter\nsummary: s\ndescription: d\nprovides: {greeting: {interface: greeting}}\n',
  'layers/greeter/reactive/greeter.ts': `
import { Layer, when, whenNot } from 'charms-reactive';
import { GreetingProvides } from 'charms-reactive/interfaces/greeting/provides';

export default class Greeter extends Layer {
  @when('endpoint.greeting.joined')
  listen(): void {
    const heard = this.unit.endpoint('greeting', GreetingProvides).heard();
    this.unit.status.active('heard by ' + (heard.join(', ') || 'nobody'));
  }

  @whenNot('endpoint.greeting.joined')
  wait(): void {
    this.unit.status.waiting('nobody listens');
  }
}
`,
};

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'languages-')));
let model: Model;

beforeAll(async () => {
  addToTree(folder, GREETER);
  const { output } = await buildCharm({
    charm: path.join(folder, 'layers', 'greeter'),
    output: path.join(folder, 'built', 'greeter'),
    layersPath: [path.join(folder, 'layers')],
    interfacesPath: [path.join(folder, 'interfaces')],
  });
  // The system's python3 before one that a version manager wraps.
  model = await Model.create({ path: `/usr/bin:/bin:${process.env.PATH}` });
  await model.deploy(output);
  await model.deploy(charm('python-reader'), { units: 2 });
  await model.deploy(charm('bash-reader'));
  model.integrate('greeter', 'python-reader');
  model.integrate('greeter', 'bash-reader');
  const { errors } = await model.settle();
  expect(errors).toEqual([]);
});

afterAll(async () => {
  await model?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const messageOf = (unit: string) => {
  const application = model.status().applications[unit.split('/')[0] ?? ''];
  return application?.units?.[unit]?.['workload-status'];
};

describe('charms in TypeScript, Python and bash, related', () => {
  it('hear each other, and say so', () => {
    expect(messageOf('python-reader/0')).toMatchObject({
      current: 'active',
      message: 'greeter/0 says hello',
    });
    expect(messageOf('bash-reader/0')).toMatchObject({ current: 'active', message: 'greeter/0 says hello' });
    expect(messageOf('greeter/0')?.message).toBe('heard by python-reader/0, python-reader/1, bash-reader/0');
  });

  it('publish what they wrote, in whichever way they call the tools', () => {
    const relation = model.relations().find(({ endpoints }) => endpoints[0] === 'python-reader:greeting');
    expect(relation?.units['python-reader/0']).toMatchObject({
      heard: '["greeter/0"]',
      reader: 'python-reader/0',
    });
    expect(relation?.units['python-reader/0']).not.toHaveProperty('nothing');
    expect(relation?.applications['python-reader']).toEqual({ count: '1' });
  });

  it('run actions', async () => {
    const [asked] = await model.enqueueAction(['python-reader/leader'], 'report', { args: ['loud=true'] });
    const [task] = await model.runTasks(asked?.operation ?? '');
    expect(task).toMatchObject({
      status: 'completed',
      results: { report: { words: 'HELLO', count: '1' }, 'return-code': 0 },
      log: [{ message: 'reading' }],
    });
  });

  it('see numbers of config as they are, at every change', async () => {
    model.setConfig('python-reader', { volume: 1000000, language: 'de' });
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual([]);
    const said = hooks.flatMap(({ log }) => log.map(({ message }) => message));
    expect(said).toContain('config {"language": "de", "volume": 1000000}');
  });

  it('learn of each other as they come and go', async () => {
    model.addUnit('greeter');
    await model.settle();
    expect(messageOf('python-reader/1')?.message).toBe('greeter/0 says hello; greeter/1 says hello');
    model.removeUnit('greeter/0');
    await model.settle();
    expect(messageOf('python-reader/1')?.message).toBe('greeter/1 says hello');
    model.removeRelation('greeter', 'bash-reader');
    await model.settle();
    expect(messageOf('bash-reader/0')).toMatchObject({ current: 'blocked', message: 'nobody to read' });
    expect(messageOf('greeter/1')?.message).toBe('heard by python-reader/0, python-reader/1');
  });
});
