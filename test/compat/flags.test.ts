import {
  all_flags_set,
  any_flags_set,
  bus,
  clear_flag,
  flags,
  get_flags,
  get_state,
  get_states,
  get_unset_flags,
  is_flag_set,
  register_trigger,
  State,
  StateList,
  set_flag,
  set_state,
  toggle_flag,
  when,
  when_not,
} from 'charms-reactive/compat';
import { expect, test } from 'vitest';
import { endpoints, trialOf } from './python-charm.ts';

/** Runs one hook of a charm of one handler, and gives what it answers. */
async function inHandler<T>(body: () => T, preset: readonly string[] = []): Promise<[T, string[]]> {
  let answer: T | undefined;
  const unit = trialOf(() => {
    when_not('never')(function act() {
      answer = body();
    });
  });
  unit.presetFlags(...preset);
  await unit.run('update-status');
  return [answer as T, unit.flags()];
}

test('flags are set, cleared and asked about', async () => {
  const [seen, kept] = await inHandler(() => {
    set_flag('b');
    set_flag('a');
    clear_flag('old');
    clear_flag('never there');
    return {
      flags: get_flags(),
      is: [is_flag_set('a'), is_flag_set('old')],
      all: [all_flags_set('a', 'b'), all_flags_set('a', 'c'), all_flags_set()],
      any: [any_flags_set('c', 'a'), any_flags_set('c'), any_flags_set()],
      unset: get_unset_flags('z', 'a', 'c', 'z'),
    };
  }, ['old']);
  expect(seen).toEqual({
    flags: ['a', 'b'],
    is: [true, false],
    all: [true, false, true],
    any: [true, false, false],
    unset: ['c', 'z'],
  });
  expect(kept).toEqual(['a', 'b']);
});

const TRUE = [
  true,
  1,
  -1,
  'x',
  'False',
  [0],
  { a: undefined },
  new Set([1]),
  new Map([[1, 1]]),
  () => {},
  new Date(),
];
const FALSE = [false, 0, '', null, undefined, [], {}, Object.create(null), new Set(), new Map()];

test('toggling goes by what Python takes for true: an empty list or mapping is not', async () => {
  const [, kept] = await inHandler(() => {
    for (const [index, value] of TRUE.entries()) toggle_flag(`true-${index}`, value);
    for (const [index, value] of FALSE.entries()) {
      set_flag(`false-${index}`);
      toggle_flag(`false-${index}`, value);
    }
  });
  expect(kept).toEqual(TRUE.map((_, index) => `true-${index}`).sort());
});

test('toggling takes lists of relations and units for what is in them', async () => {
  const { Endpoint } = await import('charms-reactive/compat');
  class Db extends Endpoint {
    override manage_flags(): void {
      toggle_flag('relations', this.relations);
      toggle_flag('units', this.all_joined_units);
      toggle_flag('departed', this.all_departed_units);
    }
  }
  const unit = trialOf(() => {}, {
    metadata: endpoints('requires', 'db'),
    interfaces: { 'requires/db': Db },
  });
  const own = (): string[] => unit.flags().filter((flag) => !flag.includes('.'));
  await unit.run('install');
  expect(own()).toEqual([]);
  await unit.join('db:0', 'mysql/0');
  expect(own()).toEqual(['relations', 'units']);
  await unit.depart('db:0', 'mysql/0');
  expect(own()).toEqual(['departed']);
});

test('Q14: flags carry values, which a flag without one has not', async () => {
  const [seen] = await inHandler(() => {
    set_state('port', 8080);
    set_flag('plain');
    return [
      get_state('port'),
      get_state('plain', 'fallback'),
      get_state('unset'),
      get_state('unset', 'fallback'),
      get_states(),
      bus.get_state('port'),
      flags.get_states(),
    ];
  });
  const states = { plain: null, port: 8080 };
  expect(seen).toEqual([8080, null, null, 'fallback', states, 8080, states]);
});

test('states are texts, and lists of them are classes', () => {
  class States extends StateList {
    static readonly connected = State('{relation_name}.connected');
  }
  expect(States.connected).toBe('{relation_name}.connected');
  expect(bus.State('a')).toBe('a');
  expect(new States()).toBeInstanceOf(bus.StateList);
});

test('Q8: a trigger of a module fires in every hook, on edges, at once', async () => {
  const log: string[] = [];
  const unit = trialOf(() => {
    register_trigger({ when: 'config.changed', clear_flag: 'web.configured', set_flag: 'web.stale' });
    register_trigger({ when_not: 'web.configured', callback: () => void log.push('no longer configured') });
    when('go')(function change() {
      set_flag('config.changed');
      log.push(`stale: ${is_flag_set('web.stale')}, configured: ${is_flag_set('web.configured')}`);
      clear_flag('config.changed');
      clear_flag('web.stale');
    });
  });
  for (const hook of ['install', 'update-status']) {
    unit.presetFlags('go', 'web.configured');
    await unit.run(hook);
  }
  const once = ['no longer configured', 'stale: true, configured: false'];
  expect(log).toEqual([...once, ...once]);
});

test('Q8: a trigger of a handler lasts for the rest of that hook', async () => {
  const unit = trialOf(() => {
    when('first')(function register() {
      register_trigger({ when: 'a', set_flag: 'b' });
      clear_flag('first');
      set_flag('a');
    });
  });
  unit.presetFlags('first');
  await unit.run('install');
  expect(unit.flags()).toEqual(['a', 'b']);
  const later = trialOf(() => {
    when('again')(function again() {
      clear_flag('a');
      clear_flag('b');
      set_flag('a');
    });
  });
  unit.charm = later.charm;
  unit.presetFlags('again');
  await unit.run('update-status');
  expect(unit.flags()).toEqual(['a', 'again']);
});

test('a trigger that waits for nothing, for two flags, or does nothing is refused where it is registered', () => {
  for (const wrong of [{ set_flag: 'b' }, { when: 'a', when_not: 'b', set_flag: 'c' }, { when: 'a' }]) {
    expect(() => register_trigger(wrong)).toThrow('cannot register a trigger');
  }
});

test('outside of a hook each function says so, by its name', () => {
  const calls: Readonly<Record<string, () => unknown>> = {
    set_flag: () => set_flag('a'),
    clear_flag: () => clear_flag('a'),
    toggle_flag: () => toggle_flag('a', true),
    is_flag_set: () => is_flag_set('a'),
    all_flags_set: () => all_flags_set('a'),
    any_flags_set: () => any_flags_set('a'),
    get_flags: () => get_flags(),
    get_unset_flags: () => get_unset_flags('a'),
    get_state: () => get_state('a'),
    get_states: () => get_states(),
  };
  for (const [name, call] of Object.entries(calls)) {
    expect(call).toThrow(`cannot call ${name}() now: no hook is running; call it from a handler`);
  }
});
