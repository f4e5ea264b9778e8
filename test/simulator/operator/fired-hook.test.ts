import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hooksOf, saidBy, Workshop } from '../bash-charm.ts';

const workshop = new Workshop();
afterAll(() => workshop.clean());

describe('a hook that is asked for', () => {
  it('runs once nothing else is due', async () => {
    const model = await workshop.model();
    await model.deploy(workshop.charm({ name: 'web', metadata: 'peers:\n  ring: ring\n' }), { units: 2 });
    await model.settle();
    model.fire('web/0', 'update-status');
    model.fire('web/0', 'ring-relation-changed', { remoteUnit: 'web/1' });
    expect(hooksOf('web/0', (await model.settle()).hooks)).toEqual([
      'update-status',
      'ring-relation-changed web/1',
    ]);
  });

  it('is refused where it would tell the life of a unit wrongly, or is about what is not there', async () => {
    const model = await workshop.model();
    await model.deploy(workshop.charm({ name: 'web', metadata: 'peers:\n  ring: ring\n' }));
    await model.settle();
    expect(() => model.fire('web/0', 'install')).toThrow(
      'cannot fire "install" on "web/0": only update-status',
    );
    expect(() => model.fire('web/0', 'db-relation-changed')).toThrow('the unit is in no such relation');
    expect(() => model.fire('web/0', 'ring-relation-changed', { remoteUnit: 'web/7' })).toThrow(
      'has not joined',
    );
    expect(() => model.fire('web/0', 'collect-metrics')).toThrow('the charm has no metrics.yaml');
  });

  it('collects metrics in the restricted context', async () => {
    const charm = workshop.charm({
      name: 'web',
      hooks: {
        'collect-metrics': 'add-metric users=3; config-get || echo refused; env | grep -c JUJU_HOOK_NAME',
      },
    });
    writeFileSync(join(charm, 'metrics.yaml'), 'metrics:\n  users: {type: gauge, description: d}\n');
    const model = await workshop.model();
    await model.deploy(charm);
    await model.settle();
    model.fire('web/0', 'collect-metrics');
    const { hooks } = await model.settle();
    expect(saidBy(hooks[0])).toEqual(expect.arrayContaining(['DEBUG refused', 'DEBUG 0']));
    expect(model.snapshot().units['web/0']?.metrics[0]?.values).toEqual({ users: '3' });
  });

  it('lets a secret be rotated, or expire, before its time', async () => {
    const model = await workshop.model();
    const hooks = {
      'leader-elected': 'secret-add --label mine --rotate yearly password=one',
      'secret-rotate': 'secret-set "$JUJU_SECRET_ID" password=two; echo "rotate $JUJU_SECRET_LABEL"',
      'secret-expired': 'echo "expired $JUJU_SECRET_REVISION"',
    };
    await model.deploy(workshop.charm({ name: 'web', hooks }));
    await model.settle();
    const [id = ''] = Object.keys(model.snapshot().secrets);
    model.fire('web/0', 'secret-rotate', { secret: `secret:${id}` });
    expect(saidBy((await model.settle()).hooks[0])).toEqual(['DEBUG rotate mine']);
    model.fire('web/0', 'secret-expired', { secret: id });
    expect(saidBy((await model.settle()).hooks[0])).toEqual(['DEBUG expired 2']);
    expect((await model.settle()).hooks).toEqual([]);
    expect(() => model.fire('web/0', 'secret-rotate')).toThrow('say which secret');
    expect(() => model.fire('web/0', 'secret-rotate', { secret: 'nowhere' })).toThrow(
      'secret "nowhere" not found',
    );
  });
});
