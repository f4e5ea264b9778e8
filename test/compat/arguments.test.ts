import { Endpoint as NativeEndpoint, RelationBase as NativeRelationBase } from 'charms-reactive';
import {
  Endpoint,
  hook,
  not_unless,
  only_once,
  RelationBase,
  scopes,
  set_flag,
  when,
  when_all,
  when_any,
  when_file_changed,
  when_none,
  when_not,
  when_not_all,
} from 'charms-reactive/compat';
import { expect, test } from 'vitest';
import type { TrialUnit } from '../charm/trial-unit.ts';
import { endpoints, trialOf } from './python-charm.ts';

class Db extends Endpoint {
  @when('endpoint.{endpoint_name}.joined')
  joined(...given: unknown[]): void {
    calls.push(['joined', ...given]);
    set_flag(this.expand_name('available'));
    set_flag(this.expand_name('{endpoint_name}.connected'));
  }
}

class Old extends RelationBase {
  static override readonly scope: string = scopes.UNIT;

  @hook('{requires:old}-relation-{joined,changed}')
  changed(): void {
    this.set_state('{relation_name}.connected');
    if (this.get_remote('ready')) this.set_state('{relation_name}.ready');
  }

  @hook('{requires:old}-relation-{departed,broken}')
  gone(): void {
    this.remove_state('{relation_name}.connected');
    this.remove_state('{relation_name}.ready');
  }
}

type Call = unknown[];
const calls: Call[] = [];

function namesOf(given: readonly unknown[]): (string | undefined)[] {
  return given.map((endpoint) => {
    if (endpoint instanceof NativeEndpoint || endpoint instanceof NativeRelationBase)
      return endpoint.endpointName;
    return typeof endpoint;
  });
}

/** A handler that writes down which endpoints it is handed. */
function noting(name: string): (...given: unknown[]) => void {
  const note = (...given: unknown[]): void => {
    calls.push([name, ...namesOf(given)]);
  };
  return Object.defineProperty(note, 'name', { value: name });
}

const parts = {
  metadata: endpoints('requires', 'db', 'db2', 'old', 'old2', 'plain'),
  interfaces: { 'requires/db': Db, 'requires/old': Old },
};

async function joinAll(unit: TrialUnit): Promise<void> {
  unit.putUnit('db:0', 'mysql/0', {});
  unit.putUnit('db2:1', 'mysql/0', {});
  unit.putUnit('plain:2', 'redis/0', {});
  await unit.join('old:3', 'store/0', { ready: 'yes' });
  await unit.join('old2:4', 'store/0', { ready: 'yes' });
  calls.length = 0;
}

test('Q14: flags hand over the objects of their relations, the lowest decorator first, then left to right', async () => {
  const unit = trialOf(() => {
    when('db.connected', 'endpoint.db2.available')(when('old.ready')(noting('stacked')));
    when_all('old2.connected', 'db.connected')(noting('all'));
  }, parts);
  await joinAll(unit);
  await unit.run('update-status');
  expect(calls).toEqual([['stacked', 'old', 'db', 'db2'], ['all', 'old2', 'db'], ['joined'], ['joined']]);
});

test('Q14: only when and when_all hand over; when_any, when_not and the rest never do', async () => {
  const unit = trialOf(() => {
    when_any('db.connected', 'endpoint.db2.available')(noting('any'));
    when_not('db.broken')(noting('not'));
    when_none('old.broken')(noting('none'));
    when_not_all('db.connected', 'old.broken')(noting('notAll'));
    when_file_changed('missing')(when('db.connected')(noting('never')));
    only_once(when('old.ready')(noting('once')));
    when_not('db.broken')(when('db.connected')(noting('mixed')));
    not_unless('db.connected')(when('db.connected')(noting('guarded')));
  }, parts);
  await joinAll(unit);
  // What runs once ran while the relations joined.
  await unit.run('update-status');
  expect(calls.filter(([name]) => name !== 'joined')).toEqual([
    ['any'],
    ['not'],
    ['none'],
    ['notAll'],
    ['mixed', 'db'],
    ['guarded', 'db'],
  ]);
});

test('a flag that belongs to no relation hands over nothing, so that the others move up', async () => {
  const unit = trialOf(() => {
    when('web.installed', 'db.connected')(noting('own first'));
    when('ready', 'old.custom', 'old.ready')(noting('without a dot'));
    when('endpoint.nosuch.x', 'nosuch.x', 'db.connected')(noting('no such endpoint'));
    when('plain.up', 'db.connected')(noting('no interface'));
  }, parts);
  await joinAll(unit);
  unit.presetFlags('web.installed', 'ready', 'old.custom', 'endpoint.nosuch.x', 'nosuch.x', 'plain.up');
  await unit.run('update-status');
  expect(calls.filter(([name]) => name !== 'joined')).toEqual([
    ['own first', 'db'],
    ['without a dot', 'old'],
    ['no such endpoint', 'db'],
    ['no interface', 'plain', 'db'],
  ]);
});

test('a flag that is set by hand leads to an endpoint, but not to a RelationBase', async () => {
  const unit = trialOf(() => {
    when('old.by-hand')(noting('old'));
    when('db.by-hand')(noting('db'));
  }, parts);
  unit.presetFlags('old.by-hand', 'db.by-hand');
  calls.length = 0;
  await unit.run('update-status');
  expect(calls).toEqual([['old'], ['db', 'db']]);
});

test('the object of a state speaks for the conversations in that state only', async () => {
  const seen: string[][] = [];
  const unit = trialOf(() => {
    when('old.ready')(function ready(old: Old) {
      seen.push(old.conversations().map(({ scope }) => scope));
    });
  }, parts);
  await unit.join('old:3', 'store/0', { ready: 'yes' });
  await unit.join('old:3', 'store/1');
  await unit.run('update-status');
  expect(seen.at(-1)).toEqual(['store/0']);
  await unit.change('old:3', 'store/1', { ready: 'yes' });
  expect(seen.at(-1)).toEqual(['store/0', 'store/1']);
  await unit.depart('old:3', 'store/0');
  expect(seen.at(-1)).toEqual(['store/1']);
});

test("Q15: a function that waits for a relation hook gets that relation's object, and in other hooks none", async () => {
  const unit = trialOf(() => {
    hook('{requires:db}-relation-{joined,departed}', 'install')(noting('hooked'));
    hook('db-relation-joined')(when('endpoint.db.joined')(noting('both')));
  }, parts);
  calls.length = 0;
  await unit.run('install');
  await unit.join('db2:1', 'mysql/0');
  await unit.join('db:0', 'mysql/0');
  await unit.depart('db2:1', 'mysql/0');
  expect(calls.filter(([name]) => name !== 'joined')).toEqual([
    ['hooked'],
    ['hooked', 'db2'],
    ['hooked', 'db'],
    ['both', 'db', 'db'],
    ['hooked', 'db2'],
  ]);
});

test('Q15: the RelationBase of a relation hook speaks for the conversation of that hook only', async () => {
  const seen: unknown[] = [];
  const unit = trialOf(() => {
    hook('old-relation-{joined,changed,departed}')(function note(old: Old) {
      old.set_remote('seen', old.conversation().scope);
      seen.push(old.conversations().map(({ scope }) => scope));
    });
  }, parts);
  await unit.join('old:3', 'store/0');
  await unit.join('old:5', 'store/1');
  expect(seen).toEqual([['store/0'], ['store/1']]);
  expect(unit.published('old:3').unit).toEqual({ seen: 'store/0' });
  expect(unit.published('old:5').unit).toEqual({ seen: 'store/1' });
});

test('a native interface is handed over as well', async () => {
  class NativeOld extends NativeRelationBase {
    @hook('{requires:old}-relation-joined')
    joined(): void {
      this.setState('{relation_name}.connected');
    }
  }
  class Plain extends NativeEndpoint {}
  const unit = trialOf(
    () => {
      hook('{requires:old}-relation-joined')(noting('hooked'));
      when('old.connected')(noting('flagged'));
      when('endpoint.db.joined')(noting('plain'));
    },
    { metadata: parts.metadata, interfaces: { 'requires/db': Plain, 'requires/old': NativeOld } },
  );
  calls.length = 0;
  unit.putUnit('db:0', 'mysql/0', {});
  await unit.join('old:3', 'store/0');
  expect(calls).toEqual([
    ['hooked', 'old'],
    ['flagged', 'old'],
    ['plain', 'db'],
  ]);
});

test('a method of an endpoint gets no arguments but itself', async () => {
  const unit = trialOf(() => {}, parts);
  calls.length = 0;
  await unit.join('db:0', 'mysql/0');
  expect(calls).toEqual([['joined']]);
});
