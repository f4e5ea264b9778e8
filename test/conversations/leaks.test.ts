import { hook, RelationBase, scopes } from 'charms-reactive';
import { expect, test } from 'vitest';
import { idle, Side } from './conversation-side.ts';

/** As the arangodb interface does it: each event sets a flag of its own, on the conversation of the hook. */
class Events extends RelationBase {
  @hook('{requires:mysql}-relation-joined')
  joined(): void {
    const conversation = this.conversation();
    conversation.removeState('{relation_name}.broken');
    conversation.setState('{relation_name}.connected');
  }

  @hook('{requires:mysql}-relation-departed')
  departed(): void {
    this.conversation().setState('{relation_name}.departed');
  }

  @hook('{requires:mysql}-relation-broken')
  broken(): void {
    const conversation = this.conversation();
    conversation.removeState('{relation_name}.connected');
    conversation.setState('{relation_name}.broken');
  }
}

/** Says that someone is there, and never takes it back. */
class Forgetful extends RelationBase {
  @hook('{requires:mysql}-relation-{joined,changed}')
  changed(): void {
    this.setState('{relation_name}.connected');
  }
}

test('3b.8: no flag of a UNIT conversation outlives its relation', async () => {
  for (const relationBaseClass of [Events, Forgetful]) {
    const side = new Side(relationBaseClass);
    await side.trial.join('db:0', 'mysql/0');
    await side.trial.join('db:0', 'mysql/1');
    await side.trial.depart('db:0', 'mysql/0');
    await side.trial.depart('db:0', 'mysql/1');
    expect(side.trial.flags()).toContain('db.connected');
    await side.trial.break('db:0');
    expect(side.trial.flags()).toEqual([]);
    expect(side.conversations()).toEqual({});
  }
});

test('3b.8: a handler of the broken hook takes flags from every unit, and the flag it sets holds in that hook', async () => {
  const side = new Side(Events);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.join('db:0', 'mysql/1');
  await side.trial.depart('db:0', 'mysql/0');
  await side.trial.depart('db:0', 'mysql/1');
  const flags = await side.during(
    (trial) => trial.break('db:0'),
    (_, unit) => unit.flags.list(),
  );
  expect(flags).toEqual(['db.broken', 'db.departed']);
});

test('3b.8: flags of another relation of the same endpoint stay', async () => {
  const side = new Side(Forgetful);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.join('db:1', 'maria/0');
  await side.trial.depart('db:0', 'mysql/0');
  await side.trial.break('db:0');
  expect(side.holders('db.connected')).toEqual(['db:1.maria/0']);
});

test('flags that a charm set with a value of its own stay when a relation is broken', async () => {
  const side = new Side(Forgetful);
  await side.during(idle, (_, unit) => {
    unit.flags.set('a', { relation: 'db', conversations: [] });
    unit.flags.set('b', { relation: 'db' });
    unit.flags.set('c', ['reactive.conversations.db:0.mysql/0']);
  });
  await side.trial.break('db:0');
  expect(side.trial.flags()).toEqual(['a', 'b', 'c']);
});

test('a state set for a unit that left stays until the relation is broken, and can be taken back', async () => {
  const side = new Side(Events);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.depart('db:0', 'mysql/0');
  const seen = await side.during(idle, (_, unit) => {
    const gone = unit.endpointFromFlag('db.departed') as RelationBase;
    const scopesOfGone = gone.conversations().map(({ scope, units }) => [scope, units]);
    gone.removeState('{relation_name}.departed');
    return scopesOfGone;
  });
  expect(seen).toEqual([['mysql/0', []]]);
  expect(side.trial.flags()).toEqual(['db.connected']);
});

test('a flag gives the conversations that go on, and those that ended only when there is no other', async () => {
  const side = new Side(Forgetful);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.join('db:0', 'mysql/1');
  const list = () =>
    side.during(idle, (_, unit) =>
      (unit.endpointFromFlag('db.connected') as RelationBase).conversations().map(({ scope }) => scope),
    );
  expect(await list()).toEqual(['mysql/0', 'mysql/1']);
  await side.trial.depart('db:0', 'mysql/0');
  expect(await list()).toEqual(['mysql/1']);
  await side.trial.depart('db:0', 'mysql/1');
  expect(await list()).toEqual(['mysql/0', 'mysql/1']);
});

test('a hook without a unit takes no nameless unit in, in any scope', async () => {
  class Always extends RelationBase {
    @hook('{requires:mysql}-relation-{created,changed,broken}')
    changed(): void {
      this.conversation().join();
    }
  }
  class Service extends Always {
    static override readonly scope = scopes.SERVICE;
  }
  class Global extends Always {
    static override readonly scope = scopes.GLOBAL;
  }
  for (const relationBaseClass of [Always, Service, Global]) {
    const side = new Side(relationBaseClass);
    side.trial.putRelation('db:0', { application: 'mysql' });
    await side.trial.run('db-relation-created', { relation: 'db:0' });
    await side.trial.changeApp('db:0', { a: 'b' });
    await side.trial.break('db:0');
    expect(side.trial.stored()).toEqual({});
  }
});

test('in a hook that names no unit, a UNIT interface speaks for every unit of the relation', async () => {
  const seen: unknown[] = [];
  class Reading extends Forgetful {
    override changed(): void {
      super.changed();
      const conversation = this.conversation();
      seen.push([
        conversation.scope,
        conversation.units,
        this.getRemote('host'),
        this.isState('{relation_name}.connected'),
      ]);
    }
  }
  const side = new Side(Reading);
  side.trial.putUnit('db:0', 'mysql/0', { host: 'a' });
  await side.trial.changeApp('db:0', { shared: '1' });
  expect(side.holders('db.connected')).toEqual(['db:0.']);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  await side.trial.join('db:0', 'mysql/1', { host: 'b' });
  await side.trial.changeApp('db:0', { shared: '2' });
  expect(seen).toEqual([
    ['', [], null, true],
    ['mysql/0', ['mysql/0'], 'a', true],
    ['mysql/1', ['mysql/1'], 'b', true],
    ['', ['mysql/0', 'mysql/1'], 'a', true],
  ]);
  expect(side.holders('db.connected')).toEqual(['db:0.', 'db:0.mysql/0', 'db:0.mysql/1']);
  await side.trial.depart('db:0', 'mysql/0');
  await side.trial.depart('db:0', 'mysql/1');
  await side.trial.break('db:0');
  expect(side.trial.flags()).toEqual([]);
});

test('in a hook that names no unit, a state is set for each unit there is', async () => {
  class Informed extends Forgetful {
    override changed(): void {
      if (!this.hook.relation?.remoteUnit) this.setState('{relation_name}.informed');
    }
  }
  const side = new Side(Informed);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.join('db:0', 'mysql/1');
  await side.trial.changeApp('db:0', { shared: '1' });
  expect(side.holders('db.informed')).toEqual(['db:0.mysql/0', 'db:0.mysql/1']);
});

test('in a hook that names no unit, a SERVICE interface speaks to the application', async () => {
  const seen: unknown[] = [];
  class Service extends RelationBase {
    static override readonly scope = scopes.SERVICE;

    @hook('{requires:mysql}-relation-{joined,changed,broken}')
    changed(): void {
      seen.push(this.conversation().key);
    }
  }
  const side = new Side(Service);
  await side.trial.join('db:0', 'mysql/0');
  await side.trial.changeApp('db:0', { a: 'b' });
  await side.trial.depart('db:0', 'mysql/0');
  await side.trial.break('db:0');
  expect(seen).toEqual(Array(3).fill('reactive.conversations.db:0.mysql'));
});

test('the nameless conversation that the reference stored in a broken hook is none, and goes with its flags', async () => {
  const side = new Side(Forgetful);
  side.trial.putRelation('db:0', { application: 'mysql' });
  await side.during(idle, (_, unit) => {
    unit.kv.set('reactive.conversations.db:0.', { namespace: 'db:0', units: [''], scope: '' });
    unit.flags.set('db.broken', { relation: 'db', conversations: ['reactive.conversations.db:0.'] });
  });
  expect(await side.during(idle, (db) => db.conversations())).toEqual([]);
  await side.trial.break('db:0');
  expect(side.trial.stored()).toEqual({});
});
