import { defineLayer, HookToolError, handler, hook, Layer, type Unit, when } from 'charms-reactive';
import { hookenv } from 'charms-reactive/compat';
import { expect, test, vi } from 'vitest';
import { active, blocked, maintenance, type State, setStatus } from '../../../layers/status/lib/status.ts';
import Status from '../../../layers/status/reactive/status.ts';
import { makeTrialCharm, type TrialCharm, UnitRunner } from '../unit-runner.ts';

/** Runs one hook of a charm and gives every status that Juju was told, in order. */
async function told(
  layers: TrialCharm['layers'],
  options: Readonly<Record<string, boolean>> = { 'patch-hookenv': true },
): Promise<string[]> {
  const runner = new UnitRunner(
    makeTrialCharm({ layers: { status: Status, ...layers }, options: { status: options } }),
    'web/0',
  );
  const said = vi.spyOn(runner.tools, 'statusSet');
  await runner.hook('update-status');
  return said.mock.calls.map(([status, message]) => `${status}: ${message}`);
}

/** A layer that says this much in each hook. */
const saying = (...say: ((unit: Unit) => void)[]) =>
  defineLayer(
    'any',
    say.map((run) => handler(hook('update-status'), run)),
  );

/** The same as a class, whose layer is known. */
const speaker = (say: (unit: Unit) => void) =>
  class extends Layer {
    @hook('update-status')
    speak(): void {
      say(this.unit);
    }
  };

test('the worst of all that was said is told once, at the end', async () => {
  const worst = await told({
    web: saying(
      ({ status }) => status.active('ready'),
      ({ status }) => status.blocked('no db'),
      ({ status }) => status.waiting('for db'),
    ),
  });
  expect(worst).toEqual(['blocked: no db']);
  const better = await told({
    web: saying(
      ({ status }) => status.waiting('for db'),
      ({ status }) => status.active(),
    ),
  });
  expect(better).toEqual(['waiting: for db']);
});

test('maintenance is told at once, and does not keep the end from being told', async () => {
  const all = await told({
    web: saying(
      ({ status }) => status.active('ready'),
      ({ status }) => status.maintenance('busy'),
    ),
  });
  expect(all).toEqual(['maintenance: busy', 'active: ready']);
});

test('a hook that says nothing leaves the status as it was', async () => {
  expect(await told({ web: saying(() => undefined) })).toEqual([]);
});

test('of one state the highest layer is heard, whoever came last, and of one layer the last word', async () => {
  const low = speaker(({ status }) => status.blocked('low'));
  const top = speaker(({ status }) => {
    status.blocked('top, first');
    status.blocked('top');
  });
  expect(await told({ low, web: top })).toEqual(['blocked: top']);

  class Late extends Layer {
    @when('late')
    speak(): void {
      this.unit.status.blocked('low, late');
    }
  }
  const wakes = speaker(({ status, flags }) => {
    status.blocked('top');
    flags.setForHook('late');
  });
  expect(await told({ late: Late, web: wakes })).toEqual(['blocked: top']);
});

test('a layer is named with dashes or underscores alike, and an unknown one counts least', async () => {
  const say = (layer: string) => (unit: Unit) => setStatus(unit, { state: 'waiting', message: layer, layer });
  const web = speaker((unit) => {
    for (const layer of ['tls_client', 'low', 'nowhere']) say(layer)(unit);
  });
  const silent = saying(() => undefined);
  expect(await told({ low: silent, 'tls-client': silent, web })).toEqual(['waiting: tls_client']);
  const dashed = speaker((unit) => {
    for (const layer of ['tls-client', 'low']) say(layer)(unit);
  });
  expect(await told({ low: silent, tls_client: silent, web: dashed })).toEqual(['waiting: tls-client']);
});

test('what is said as the hook begins, or as layers leave, counts too', async () => {
  class Web extends Layer {
    override beforeStart(): void {
      this.unit.status.waiting('begins');
    }
    override atExit(): void {
      this.unit.status.blocked('leaves');
    }
  }
  expect(await told({ web: Web })).toEqual(['blocked: leaves']);
});

test('what a layer below says after the end is told at once, but beats nothing worse', async () => {
  class Low extends Layer {
    override atExit(): void {
      this.unit.status.active('late');
      this.unit.status.blocked('later');
    }
  }
  const runner = new UnitRunner(
    makeTrialCharm({
      layers: {
        low: Low,
        status: Status,
        web: saying(({ status }) => status.waiting('for db')),
      },
      options: { status: { 'patch-hookenv': true } },
    }),
    'web/0',
  );
  const said = vi.spyOn(runner.tools, 'statusSet');
  await runner.hook('update-status');
  // The second is left out: the tools say nothing that was said last already.
  expect(said.mock.calls.map(([, message]) => message)).toEqual(['for db', 'later']);
});

test('without the option only the functions of the layer are collected', async () => {
  const web = saying(
    (unit) => blocked(unit, 'mine'),
    (unit) => active(unit, 'mine'),
    (unit) => maintenance(unit, 'mine'),
    ({ status }) => status.active('at once'),
  );
  expect(await told({ web }, { 'patch-hookenv': false })).toEqual([
    'maintenance: mine',
    'active: at once',
    'blocked: mine',
  ]);
});

test('what a ported layer says by its Python name is collected too', async () => {
  const web = saying(
    () => hookenv.status_set('active', 'ready'),
    () => hookenv.status_set('blocked', 'no db'),
    () => hookenv.status_set('waiting', 'for db'),
  );
  expect(await told({ web })).toEqual(['blocked: no db']);
});

test('a state that Juju does not take is an error', async () => {
  const web = saying((unit) => setStatus(unit, { state: 'error' as State, message: '' }));
  await expect(told({ web })).rejects.toThrow(
    'cannot set the status "error": it is one of maintenance, blocked, waiting, active',
  );
});

test('a hook that fails tells nothing that waited for its end', async () => {
  const runner = new UnitRunner(
    makeTrialCharm({
      layers: {
        status: Status,
        web: saying(
          ({ status }) => status.active('ready'),
          () => {
            throw new HookToolError({ command: ['relation-get'], exitCode: 1 });
          },
        ),
      },
      options: { status: { 'patch-hookenv': true } },
    }),
    'web/0',
  );
  await expect(runner.hook('update-status')).rejects.toThrow('relation-get');
  expect(runner.tools.status.status).toBe('unknown');
});

test('an end that a handler asks for is an end', async () => {
  const web = saying((unit) => {
    unit.status.blocked('no more');
    unit.endHook();
  });
  expect(await told({ web })).toEqual(['blocked: no more']);
});
