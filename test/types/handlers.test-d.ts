/** Handlers as plain functions, layers and charms: what compiles, and what must not. Nothing here is run. */
import {
  type CharmDefinition,
  type Condition,
  type ConditionData,
  collectMetrics,
  defineLayer,
  Endpoint,
  type FunctionHandler,
  type FunctionLayer,
  handler,
  hook,
  type JsonValue,
  Layer,
  type LayerClass,
  onlyOnce,
  type Trigger,
  type Unit,
  when,
  whenNot,
} from 'charms-reactive';

export const good: FunctionHandler[] = [
  handler(when('a'), () => {}),
  handler(when('a'), (unit) => unit.flags.set('b')),
  handler(when('a'), whenNot('b'), hook('start'), onlyOnce(), async (unit: Unit) => {
    unit.status.active();
  }),
  handler(collectMetrics(), function collect(unit) {
    const name: string = unit.name;
    return name;
  }),
];

// @ts-expect-error no condition
handler(() => {});
// @ts-expect-error no function
handler(when('a'));
// @ts-expect-error no function
handler(when('a'), when('b'));
// @ts-expect-error nothing
handler();
// @ts-expect-error a flag is no condition
handler('a', () => {});
// @ts-expect-error a condition that was not made
handler(when, () => {});
// @ts-expect-error plain data is no condition
handler({ kind: 'all', flags: ['a'] }, () => {});
// @ts-expect-error a condition after the function
handler(when('a'), () => {}, whenNot('b'));
// @ts-expect-error two arguments that nobody gives
handler(when('a'), (_unit: Unit, _more: string) => {});
// @ts-expect-error not the unit
handler(when('a'), (_unit: string) => {});
// @ts-expect-error a list of conditions
handler([when('a')], () => {});

export const layer: FunctionLayer = defineLayer('web', good, {
  triggers: [{ when: 'a', setFlag: 'b' }],
  beforeStart: (unit) => unit.manageConfigFlags(),
  atExit: async (unit) => unit.log.info('done'),
});
// @ts-expect-error a function is no handler until it has conditions
defineLayer('web', [() => {}]);
// @ts-expect-error a layer has a name
defineLayer(good);
// @ts-expect-error no such moment
defineLayer('web', good, { atNoon: () => {} });

export class AsClass extends Layer {}
export const asClass: LayerClass = AsClass;
// @ts-expect-error an Endpoint is no Layer
export const notALayer: LayerClass = Endpoint;

/** Conditions are data. */
export function describe(condition: Condition): string {
  const data: ConditionData = condition;
  switch (data.kind) {
    case 'hook':
      return data.patterns.join();
    case 'restricted-hook':
      return data.hook;
    case 'file-changed':
      return data.hash;
    case 'config-changed':
      return data.options.join();
    case 'once':
      return 'once';
    default:
      return data.flags.join();
  }
}
const flagCondition: Condition = when('a');
// @ts-expect-error a condition cannot be changed
flagCondition.kind = 'any';

export const triggers: Trigger[] = [
  { when: 'a', setFlag: 'b' },
  { whenNot: 'a', clearFlag: 'b' },
  { when: 'a', setFlag: 'b', clearFlag: 'c', callback: () => {} },
];
// @ts-expect-error both when and whenNot
export const both: Trigger = { when: 'a', whenNot: 'b', setFlag: 'c' };
// @ts-expect-error neither when nor whenNot
export const neither: Trigger = { setFlag: 'c' };
// @ts-expect-error nothing at all
export const nothing: Trigger = {};
// @ts-expect-error one flag, not several
export const several: Trigger = { when: ['a', 'b'], setFlag: 'c' };
// @ts-expect-error a flag is text
export const aNumber: Trigger = { when: 'a', setFlag: 1 };
// @ts-expect-error a function, not its result
export const called: Trigger = { when: 'a', callback: 'now' };
// @ts-expect-error no such effect
export const mistyped: Trigger = { when: 'a', set_flag: 'b' };

class Redis extends Endpoint {
  servers(): string[] {
    return [];
  }
}
class Http extends Endpoint {
  port(): number {
    return 80;
  }
}

export function handle(unit: Unit, other: Unit): void {
  const servers: string[] = unit.endpoint('db', Redis).servers();
  const plain: Endpoint = unit.endpoint('db', Endpoint);
  // @ts-expect-error Http has no servers
  unit.endpoint('web', Http).servers();
  // @ts-expect-error a class is missing
  unit.endpoint('db');
  // @ts-expect-error no Endpoint
  unit.endpoint('db', Date);
  // @ts-expect-error no Endpoint
  unit.endpoint('db', AsClass);
  // @ts-expect-error an object of the class, not the class
  unit.endpoint('db', plain);
  // @ts-expect-error an endpoint has a name
  unit.endpoint(Redis);

  unit.flags.set('a', { deep: [1, 'two', null] });
  // @ts-expect-error a function has no JSON form
  unit.flags.set('a', () => {});
  // @ts-expect-error a flag is text
  unit.flags.set(1);
  // @ts-expect-error a trigger waits for one edge
  unit.flags.registerTrigger({ when: 'a', whenNot: 'b', setFlag: 'c' });
  // @ts-expect-error a trigger waits for something
  unit.flags.registerTrigger({ setFlag: 'c' });

  const stored: JsonValue = unit.kv.get('a');
  // @ts-expect-error what is stored can be anything
  const text: string = stored;
  // @ts-expect-error undefined has no JSON form
  unit.kv.set('a', undefined);
  // @ts-expect-error a date has no JSON form of its own
  unit.kv.set('a', new Date());

  const option: string | number | boolean | null = unit.config.get('port');
  const port: number = unit.config.number('port');
  // @ts-expect-error an option can be of any type
  const guess: string = unit.config.get('port');
  // @ts-expect-error config cannot be changed from here
  unit.config.current.port = 1;

  // @ts-expect-error no such level
  unit.status.broken('x');
  // @ts-expect-error a unit that waits says for what
  unit.status.waiting();
  // @ts-expect-error what Juju said cannot be changed
  unit.hook.name = 'start';
  // @ts-expect-error the flags are what they are
  unit.flags = other.flags;
  unit.log.debug([servers, option, port, text, guess].join());
}

export const charm: CharmDefinition = {
  metadata: {} as CharmDefinition['metadata'],
  layers: [{ name: 'web', file: 'reactive/web.ts', exports: { default: AsClass, layer } }],
  interfaces: [
    { role: 'requires', interface: 'redis', file: 'interfaces/redis/requires.ts', exports: { Redis } },
  ],
};
export const wrongRole: NonNullable<CharmDefinition['interfaces']> = [
  // @ts-expect-error no such role
  { role: 'peer', interface: 'redis', file: 'x', exports: {} },
];
