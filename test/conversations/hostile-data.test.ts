import { hook, RelationBase, scopes, withAutoAccessors } from 'charms-reactive';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idle, Side } from './conversation-side.ts';

/** Passes everything it reads on, as careless interfaces do. */
class Careless extends withAutoAccessors(['host', 'to-json']) {
  @hook('{requires:mysql}-relation-{joined,changed,departed}')
  changed(): void {
    for (const key of ['host', '__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const value = this.getRemote(key);
      this.setLocal(key, value);
      this.setLocal({ copy: { [key]: value } });
      if (value !== null) this.setRemote(key, value);
      this.toggleState(`{relation_name}.${key}`, value !== null);
    }
    this.host();
    this.to_json();
  }
}

class CarelessGlobal extends Careless {
  static override readonly scope: string = scopes.GLOBAL;
}

class CarelessService extends Careless {
  static override readonly scope: string = scopes.SERVICE;
}

const key = fc.oneof(
  fc.constantFrom('host', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'to-json'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    '{"__proto__": {"polluted": true}}',
    `${'['.repeat(5000)}`,
    'null',
    '"\\ud800"',
    'x'.repeat(200_000),
  ),
);
const bag = fc.dictionary(key, text, { maxKeys: 8, noNullPrototype: false });

test('no remote data fails a hook, touches a prototype, or is changed on its way through', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(Careless, CarelessGlobal, CarelessService),
      bag,
      bag,
      async (careless, first, second) => {
        const side = new Side(careless);
        await side.trial.join('db:0', 'mysql/0', first);
        await side.trial.change('db:0', 'mysql/0', second);
        const host = Object.hasOwn(second, 'host') ? second.host : null;
        expect(await side.during(idle, (db) => [db.getRemote('host'), db.getLocal('host')])).toEqual([
          host,
          host,
        ]);
        expect(side.trial.published('db:0').unit.host ?? null).toBe(host ?? first.host ?? null);
        await side.trial.depart('db:0', 'mysql/0');
        await side.trial.break('db:0');
        await side.trial.run('update-status');
      },
    ),
    { numRuns: 25 },
  );
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('a unit or an application with an odd name makes a conversation like any other', async () => {
  for (const unit of ['remote-0123456789abcdef/0', '__proto__/0', 'a.local-data.b/1']) {
    const side = new Side(CarelessService);
    await side.trial.join('db:0', unit, { host: 'a' });
    const application = unit.split('/')[0];
    expect(side.trial.stored(`reactive.conversations.db:0.${application}`)).toMatchObject({
      [`reactive.conversations.db:0.${application}`]: { units: [unit] },
    });
    expect(await side.during(idle, (db) => db.getRemote('host'))).toBe('a');
  }
});

test('tools that answer nothing for a unit read as empty, and a race with removal fails no hook', async () => {
  class Reading extends RelationBase {
    static override readonly scope = scopes.GLOBAL;

    @hook('{requires:mysql}-relation-{joined,changed,departed}')
    changed(): void {
      this.setState(`{relation_name}.${this.getRemote('host')}`);
    }
  }
  const side = new Side(Reading);
  await side.trial.join('db:0', 'mysql/0', { host: 'a' });
  await side.trial.join('db:1', 'maria/0', {});
  side.trial.wrap = (tools) =>
    new Proxy(tools, {
      get(target, name) {
        if (name === 'relationGet') return () => undefined;
        if (name === 'relationIds') return () => ['db:0', 'db:1', 'db:9'];
        return Reflect.get(target, name).bind(target);
      },
    });
  await side.trial.change('db:1', 'maria/0', {});
  expect(side.trial.flags()).toEqual(['db.a', 'db.null']);
});
