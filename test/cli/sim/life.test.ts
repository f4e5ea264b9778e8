import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimShop } from './sim-shop.ts';

let shop: SimShop;

beforeEach(() => {
  shop = new SimShop();
});

afterEach(() => shop.close());

const WEB = {
  name: 'web',
  metadata: 'requires: {db: db}\n',
  config: 'options: {title: {type: string, default: Hi}, port: {type: int, default: 80}}\n',
  dispatch: `case "$JUJU_DISPATCH_PATH" in
    actions/backup) action-log half; action-set where="$(action-get path)"; echo copied; exit 0 ;;
    actions/break) exit 4 ;;
  esac
  status-set active "$(config-get title)"`,
};
const DB = {
  name: 'db',
  metadata: 'provides: {db: db}\n',
  hooks: { 'db-relation-joined': 'relation-set port=5432' },
};

test('a model is deployed into, related, settled and looked at, each by a process of its own', async () => {
  const { stdout, stderr } = shop.sim('deploy', shop.charm(WEB), '-n', '2', '--config', 'title=Hello');
  expect(stdout).toBe('');
  expect(stderr).toBe(
    'Located local charm "web", revision 0\nDeploying "web" from local charm "web", revision 0\n',
  );
  shop.done('deploy', shop.charm(DB), 'store');
  expect(shop.sim('integrate', 'web:db', 'store')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(await shop.doneInside('status')).toMatch(/^web\/0\* +waiting +allocating +0 /m);

  const settled = shop.done('settle', '--seed', '3');
  expect(settled).toMatch(/^store\/0 +db-relation-joined \(web\/1\) +ran +\d+ ms$/m);
  expect(settled).toMatch(/\d+ hooks ran; nothing more is due\.\n$/);

  const status = shop.done('status', '--relations');
  expect(status).toMatch(/^web +active +2 +web +0 +no +Hello$/m);
  expect(status).toMatch(/^store:db +web:db +db +regular/m);
  const unit = JSON.parse(await shop.doneInside('show-unit', 'web/0', '--format', 'json'));
  expect(unit['web/0']['relation-info'][0]['related-units']['store/0'].data).toMatchObject({ port: '5432' });
  expect(await shop.doneInside('debug-log', '-n', '1', '-i', 'store')).toMatch(/^unit-store-0: .*\n$/);
});

test('config is shown, set, and taken back to its default', async () => {
  await shop.doneInside('deploy', shop.charm(WEB));
  expect(await shop.doneInside('config', 'web', 'title')).toBe('Hi\n');
  expect(shop.done('config', 'web', 'title=Other', 'port=8080')).toBe('');
  const settings = JSON.parse(await shop.doneInside('config', 'web', '--format', 'json')).settings;
  expect(settings).toMatchObject({
    title: { value: 'Other', source: 'user' },
    port: { value: 8080, source: 'user' },
  });
  await shop.doneInside('config', 'web', '--reset', 'title');
  expect(await shop.doneInside('config', 'web')).toContain(
    'title:\n    default: Hi\n    description: ""\n    source: default',
  );
  expect((await shop.inside('config', 'web', 'port', 'title=x')).status).toBe(2);
  const refused = await shop.inside('config', 'web', 'port=many');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/^ERROR .*"port".*\n$/);
});

test('run waits for an action and exec for a command, and both end with what became of it', () => {
  shop.done(
    'deploy',
    shop.charm(WEB, { 'actions.yaml': 'backup: {params: {path: {type: string}}}\nbreak: {}\n' }),
    '--settle',
  );

  const ran = shop.sim('run', 'web/leader', 'backup', 'path=/x');
  expect(ran).toMatchObject({ status: 0, stdout: 'where: /x\n\ncopied\n' });
  expect(ran.stderr).toMatch(
    /^Running operation 1 with 1 task\n {2}- task 2 on unit-web-0\n\nWaiting for task 2\.\.\.\n.* half\n/,
  );
  const failed = shop.sim('run', 'web/0', 'break');
  expect(failed.status).toBe(1);
  expect(failed.stdout).toContain('Action id 4 failed: exit status 4');
  expect(failed.stderr).toContain('ERROR the following task failed:\n - id "4" with return code 4\n');

  const line = 'echo "$1 on $JUJU_UNIT_NAME"; echo oops >&2; exit 7';
  expect(shop.sim('exec', '--unit', 'web/0', '--', 'bash', '-c', line, '-', 'a  b')).toEqual({
    status: 7,
    stdout: 'a  b on web/0\n',
    stderr: 'oops\n',
  });
});

test('a hook that fails is named with its last words, and runs again in code that was refreshed', () => {
  const broken = shop.charm({ ...WEB, dispatch: 'echo no disk >&2; exit 3' });
  const { status, stdout, stderr } = shop.sim('deploy', broken, '--settle');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^web\/0 +install +failed: exit status 3 +\d+ ms\n {6}! no disk$/m);
  expect(stderr).toContain('ERROR a unit is in error:\n  web/0: hook failed: "install"');
  expect(stderr).toContain('resolved web/0');

  expect(shop.sim('refresh', 'web', '--path', shop.charm(WEB), '--force-units').stderr).toBe(
    'Added local charm "web", revision 1, to the model\n',
  );
  expect(shop.done('resolved', 'web/0', '--settle')).toMatch(/^web\/0 +install +ran/m);
  expect(shop.sim('resolved', 'web/0')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'ERROR unit "web/0" is not in an error state\n',
  });
});

test('a settle that is killed leaves a model that the next one goes on with', async () => {
  const charm = shop.charm({
    name: 'slow',
    hooks: {
      install: '[ -e "$CHARM_DIR/../second" ] && exit 0; touch "$CHARM_DIR/../second"; sleep 60',
    },
  });
  shop.done('deploy', charm);
  const settling = shop.start('settle');
  await shop.sees('agents/unit-slow-0/second');
  expect(await settling.end('SIGKILL')).toBeNull();
  expect(shop.done('settle')).toMatch(/^slow\/0 +install +ran/m);
});

test('a model is destroyed with its folder, and commands say then that there is none', async () => {
  shop.done('add-model', 'other', '--seed', '5');
  expect(await shop.doneInside('models')).toMatch(/^other +0 +0 +0 /m);
  await shop.doneInside('-m', 'other', 'deploy', shop.charm(DB));
  expect(shop.sim('status').stderr).toMatch(/^ERROR no model "dev" in .*add-model/);
  expect(await shop.doneInside('status', '-m', shop.modelFolder('other'), '--format', 'line')).toMatch(
    /^- db\/0: /,
  );
  expect((await shop.inside('add-model', 'other')).stderr).toMatch(/^ERROR model "other" already exists/);
  expect(existsSync(join(shop.modelFolder('other'), 'model.db'))).toBe(true);
  shop.done('destroy-model', 'other', '--no-prompt');
  expect(existsSync(shop.modelFolder('other'))).toBe(false);
});
