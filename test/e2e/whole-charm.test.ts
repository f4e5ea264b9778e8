import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCharm } from '../../src/builder/build.ts';
import { Model } from '../../src/simulator/model.ts';
import { addToTree, type Tree } from '../builder/charm-tree.ts';

/** A layer with everything but code in TypeScript, and the charm on top of it, with the code. */
const LAYERS: Tree = {
  'layers/board/layer.yaml': `includes: [layer:basic]
defines: {heading: {type: string, default: Notices}}
`,
  'layers/board/metadata.yaml': `resources:
  notices: {type: file, filename: notices.txt, description: What hangs on the board.}
storage:
  wall: {type: filesystem, description: Where the board hangs.}
`,
  'layers/board/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"><!-- the layer --></svg>\n',
  'layers/board/templates/board.txt': `== {{ HEADING }}
{% for notice in NOTICES.split(';') -%}
{{ loop.index }}. {{ notice }}
{% endfor %}`,
  // Rendered again when the layer asks for it, or the charm does.
  'layers/board/reactive/board.sh!': `#!/bin/bash
set -euo pipefail
source charms.reactive.sh

@when board.wall.here
@when_not board.hangs
function hang() {
    local notices
    notices=$(resource-get notices)
    HEADING=$(layer_option board heading) NOTICES=$(tr '\\n' ';' < "$notices") render_template board.txt "$CHARM_DIR/board.txt"
    set_flag board.hangs
}

@hook upgrade-charm
function take_down() {
    clear_flag board.hangs
}

reactive_handler_main
`,
  'layers/board/actions.yaml':
    'copy: {description: Copies the board to the wall., params: {name: {type: string}}}\n',
  'layers/board/actions/copy!': `#!/bin/bash
set -euo pipefail
if [[ $(action-get name) == *" "* ]]; then
    action-fail 'a name with a space'
    exit
fi
wall=$(storage-get -s "$(storage-list wall)" location)
cp board.txt "$wall/$(action-get name)"
action-set size="$(wc -c < board.txt)" node="$(command -v node)" hangs="$(charms.reactive is_flag_set board.hangs && echo yes)"
charms.reactive set_flag board.copied
`,
  'layers/top/layer.yaml': 'includes: [layer:board]\noptions: {board: {heading: Today}}\n',
  'layers/top/metadata.yaml': 'name: top\nsummary: s\ndescription: d\n',
  'layers/top/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"><!-- the charm --></svg>\n',
  'layers/top/actions.yaml': 'look: {description: Looks at the board.}\n',
  'layers/top/reactive/top.ts': `
import { readFileSync } from 'node:fs';
import { action, hook, Layer, when } from 'charms-reactive';

export default class Top extends Layer {
  @hook('wall-storage-attached')
  attach(): void {
    const [id = ''] = this.unit.tools.storageList('wall');
    this.unit.kv.set('wall', this.unit.tools.storageGet(id).location ?? null);
    this.unit.flags.set('board.wall.here');
  }

  @hook('wall-storage-detaching')
  detach(): void {
    this.unit.flags.clear('board.wall.here');
    this.unit.status.blocked('no wall');
  }

  @when('board.hangs', 'board.wall.here')
  report(): void {
    const [heading = ''] = readFileSync('board.txt', 'utf8').split('\\n');
    this.unit.status.active(heading);
  }

  @action('look')
  look(): void {
    const board = readFileSync('board.txt', 'utf8');
    const { flags, kv, tools } = this.unit;
    tools.actionSet({
      wall: String(kv.get('wall')),
      lines: String(board.trim().split('\\n').length),
      copied: String(flags.isSet('board.copied')),
    });
  }
}
`,
  'notices.txt': 'no smoking\nno swimming',
  'more-notices.txt': 'no smoking\nno swimming\nno singing',
};

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'whole-')));
let built: string;
let model: Model;

beforeAll(async () => {
  addToTree(folder, LAYERS);
  const { output, warnings } = await buildCharm({
    charm: path.join(folder, 'layers', 'top'),
    output: path.join(folder, 'built', 'top'),
    layersPath: [path.join(folder, 'layers')],
  });
  expect(warnings).toEqual([]);
  built = output;
  model = await Model.create();
  await model.deploy(output, { resources: { notices: path.join(folder, 'notices.txt') } });
  await settle();
});

afterAll(async () => {
  await model?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function settle(): Promise<void> {
  const { errors } = await model.settle();
  expect(errors).toEqual([]);
}

async function run(action: string, params: Record<string, string> = {}) {
  const args = Object.entries(params).map(([key, value]) => `${key}=${value}`);
  const [asked] = await model.enqueueAction(['top/0'], action, { args });
  const [task] = await model.runTasks(asked?.operation ?? '');
  return task;
}

const onUnit = (file: string) => readFileSync(path.join(model.unitFolder('top/0'), file), 'utf8');

const status = () => model.status().applications.top?.units?.['top/0']?.['workload-status'];

describe('a charm out of layers that bring one of each', () => {
  it('has the icon of the charm itself', () => {
    expect(onUnit('icon.svg')).toBe(LAYERS['layers/top/icon.svg']);
  });

  it('runs the hook of its storage first, and knows where it is', () => {
    const hooks = model.hooks().map(({ hook }) => hook);
    expect(hooks.slice(0, 2)).toEqual(['wall-storage-attached', 'install']);
  });

  it('has rendered a layer’s template out of a resource and a layer’s option, by a handler in bash', () => {
    expect(onUnit('board.txt')).toBe('== Today\n1. no smoking\n2. no swimming\n');
    expect(status()).toMatchObject({ current: 'active', message: '== Today' });
  });

  it('runs an action in TypeScript', async () => {
    const task = await run('look');
    const wall = path.dirname(String(task?.results?.wall));
    expect(task).toMatchObject({ status: 'completed', results: { lines: '3' } });
    expect(wall.startsWith(model.folder)).toBe(true);
  });

  it('runs an action that is a program, with the charm’s commands and its Node', async () => {
    const task = await run('copy', { name: 'copied.txt' });
    expect(task).toMatchObject({
      status: 'completed',
      results: { size: '38', node: path.join(model.unitFolder('top/0'), 'bin/node'), hangs: 'yes' },
    });
    // What the program did is there for handlers.
    const { results } = (await run('look')) ?? {};
    expect(results?.copied).toBe('true');
    expect(readFileSync(path.join(String(results?.wall), 'copied.txt'), 'utf8')).toBe(onUnit('board.txt'));
    expect(await run('copy', { name: 'a b' })).toMatchObject({
      status: 'failed',
      message: 'a name with a space',
    });
  });

  it('renders anew what another resource says', async () => {
    model.attachResource('top', 'notices', path.join(folder, 'more-notices.txt'));
    await settle();
    expect(onUnit('board.txt')).toContain('3. no singing\n');
  });

  it('lets its storage go', async () => {
    const [id = ''] = Object.keys(model.snapshot().storage);
    model.detachStorage(id);
    await settle();
    expect(model.hooks().at(-1)).toMatchObject({ hook: 'wall-storage-detaching', outcome: 'ran' });
    expect(status()).toMatchObject({ current: 'blocked', message: 'no wall' });
  });

  it('has what its manifest says, the program as executable as it was', async () => {
    const { signatures } = JSON.parse(readFileSync(path.join(built, '.build.manifest'), 'utf8'));
    expect(signatures['actions/copy']).toMatchObject(['layer:board', 'static', expect.any(String)]);
    expect(signatures['icon.svg']).toMatchObject(['top', 'static', expect.any(String)]);
    expect(signatures['templates/board.txt']).toMatchObject(['layer:board', 'static', expect.any(String)]);
  });
});
