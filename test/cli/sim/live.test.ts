import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimShop } from './sim-shop.ts';

let shop: SimShop;

beforeEach(() => {
  shop = new SimShop();
});

afterEach(() => shop.close());

const WEB = { name: 'web', dispatch: 'status-set active "in $JUJU_HOOK_NAME"' };

test('watch runs the hooks of what other processes do, keeps the model from being destroyed, and ends in order', async () => {
  await shop.doneInside('add-model');
  const watch = shop.start('watch');
  await watch.says('Watching model "dev"');
  shop.done('deploy', shop.charm(WEB));
  await watch.says(' start ');
  await shop.doneInside('fire', 'web/0', 'update-status');
  await watch.says(' update-status ');
  expect((await shop.inside('destroy-model')).stderr).toMatch(
    /^ERROR cannot open model "dev": another process has it open/,
  );
  expect(await watch.end('SIGINT')).toBe(130);
  expect(await shop.doneInside('status')).toMatch(/^web\/0\* +active +idle .*in update-status$/m);
});

test('what the watching process has open is settled, run and logged through it', async () => {
  const charm = shop.charm(WEB);
  await shop.doneInside('deploy', charm);
  const watch = shop.start('watch', '--quiet');
  await watch.says('Watching');
  expect(shop.done('exec', '--all', 'echo $JUJU_MODEL_NAME')).toBe('dev\n');
  expect(shop.done('deploy', charm, 'more', '--settle')).toContain('nothing more is due');
  expect(await shop.doneInside('debug-log', '--replay')).toContain('unit-more-0: ');
  expect(await watch.end('SIGTERM')).toBe(143);
});

test('debug-hooks opens a shell in place of a hook, with its environment, and its code is the outcome', async () => {
  await shop.doneInside('deploy', shop.charm(WEB));
  const debugging = shop.start('debug-hooks', 'web/0', 'config-changed');
  const banner = await debugging.says('exit 1');
  expect(banner).toContain('a shell in place of the hook "config-changed" of web/0');
  expect(banner).toContain('./dispatch   runs it by hand');
  expect(banner).not.toMatch(/^web\/0 +config-changed/m);
  // A shell whose input is no terminal ends with it, so all is said in one line.
  debugging.type(
    'echo "at $PWD in $JUJU_DISPATCH_PATH with $(tr \\\\0 \\\\n < /proc/$$/environ | grep ^PS1)"; ./dispatch && status-get; exit 9\n',
  );
  const output = await debugging.says('failed: exit status 9');
  expect(output).toMatch(/at \S+\/charm in hooks\/config-changed with PS1=web\/0:config-changed/);
  expect(output).toContain('active');
  expect(await debugging.end('SIGINT')).toBe(130);
  expect((await shop.inside('settle', '-q')).stderr).toContain('web/0: hook failed: "config-changed"');
});

test('Ctrl-C ends a settle with its hook, which runs again', async () => {
  const charm = shop.charm({
    name: 'slow',
    dispatch: 'touch "$CHARM_DIR/../began"; sleep 60',
  });
  await shop.doneInside('deploy', charm);
  const settling = shop.start('settle');
  await shop.sees('agents/unit-slow-0/began');
  expect(await settling.end('SIGINT')).toBe(130);
  expect(await settling.says('install')).toMatch(/^slow\/0 +install +interrupted/m);
  expect(await shop.doneInside('status', '--format', 'line')).toContain('agent:idle');
});
