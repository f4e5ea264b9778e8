import type { Trigger } from '../../flags/triggers.ts';
import type { CommandUnit } from './command-unit.ts';
import type { Given, Outcome, SubCommand } from './sub-commands.ts';

/** The reference's command takes any text for true, `False` included; these are not. */
const FALSE_WORDS = ['', '0', 'false', 'no', 'off', 'none'];

const setFlag: SubCommand = {
  summary: 'sets a flag',
  arguments: ['flag'],
  options: ['value'],
  run: (unit, { words, options }) => {
    unit.loadCharmTriggers();
    for (const flag of words) unit.flags.set(flag, options.value ?? null);
    return undefined;
  },
};

const clearFlag: SubCommand = {
  summary: 'clears a flag',
  arguments: ['flag'],
  run: (unit, { words }) => {
    unit.loadCharmTriggers();
    for (const flag of words) unit.flags.clear(flag);
    return undefined;
  },
};

const toggleFlag: SubCommand = {
  summary: `sets a flag, or clears it if SHOULD_SET is ${FALSE_WORDS.slice(1).join(', ')} or empty`,
  arguments: ['flag', 'should_set'],
  run: (unit, { words: [flag = '', shouldSet = ''] }) => {
    unit.loadCharmTriggers();
    unit.flags.toggle(flag, !FALSE_WORDS.includes(shouldSet.toLowerCase()));
    return undefined;
  },
};

const isFlagSet = test('is true if the flag is set', ['flag'], (unit, flags) =>
  unit.flags.areAllSet(...flags),
);
const allFlagsSet = test('is true if all of the flags are set', ['flags…'], (unit, flags) =>
  unit.flags.areAllSet(...flags),
);
const anyFlagsSet = test('is true if one of the flags is set', ['flags…'], (unit, flags) =>
  unit.flags.isAnySet(...flags),
);

/** Flags, and the names they had when they were called states. */
export const flagCommands: Readonly<Record<string, SubCommand>> = {
  set_flag: setFlag,
  clear_flag: clearFlag,
  toggle_flag: toggleFlag,
  is_flag_set: isFlagSet,
  all_flags_set: allFlagsSet,
  any_flags_set: anyFlagsSet,
  get_flags: {
    summary: 'prints the flags that are set',
    arguments: [],
    run: (unit) => ({ value: unit.flags.list() }),
  },
  get_unset_flags: {
    summary: 'prints those of the flags that are not set',
    arguments: ['flags…'],
    run: (unit, { words }) => ({ value: unit.flags.unset(...words) }),
  },
  register_trigger: {
    summary: 'has a flag set or cleared whenever another is, until the hook ends',
    arguments: [],
    options: ['when', 'when_not', 'set_flag', 'clear_flag'],
    run: registerTrigger,
  },
  set_state: setFlag,
  remove_state: clearFlag,
  toggle_state: toggleFlag,
  is_state: isFlagSet,
  all_states: allFlagsSet,
  any_states: anyFlagsSet,
  get_states: {
    summary: 'prints the flags that are set, with their values',
    arguments: [],
    run: ({ flags }) => ({
      value: Object.fromEntries(flags.list().map((flag) => [flag, flags.value(flag) ?? null])),
    }),
  },
};

function test(
  summary: string,
  words: readonly string[],
  isTrue: (unit: CommandUnit, flags: readonly string[]) => boolean,
): SubCommand {
  return { summary, arguments: words, run: (unit, given) => ({ isTrue: isTrue(unit, given.words) }) };
}

function registerTrigger(unit: CommandUnit, { options }: Given): Outcome {
  const { when, when_not: whenNot, set_flag: setFlag, clear_flag: clearFlag } = options;
  const effect = { ...(setFlag ? { setFlag } : {}), ...(clearFlag ? { clearFlag } : {}) };
  if (when && whenNot) throw new TypeError('cannot register a trigger: give one of --when and --when_not');
  if (when) unit.flags.registerTrigger({ when, ...effect } as Trigger);
  else unit.flags.registerTrigger({ whenNot: whenNot ?? '', ...effect } as Trigger);
  unit.storeTriggers();
  return undefined;
}
