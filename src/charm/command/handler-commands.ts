import { matchesHook } from '../../handlers/hook-pattern.ts';
import { WATCH_KEY } from '../external-runtime-keys.ts';
import { INVOKED_PREFIX } from '../gates.ts';
import { anyFileChanged } from '../watched-files.ts';
import type { CommandUnit } from './command-unit.ts';
import { splitShellWords } from './shell-words.ts';
import type { SubCommand } from './sub-commands.ts';

/** What a handler can wait for; each is a sub-command too. */
type Check = (unit: CommandUnit, words: readonly string[]) => boolean;

const hasHook: Check = (unit, patterns) => matchesHook(unit.hookName, patterns, unit.endpoints);
const wasInvoked: Check = ({ store }, ids) => ids.every((id) => store.get(INVOKED_PREFIX + id) === true);
const hasFileChanged: Check = ({ store, charmDir }, files) =>
  anyFileChanged({ files, hash: 'md5', charmDir, store });
const inPhase =
  (phase: string, check: Check): Check =>
  (unit, words) =>
    unit.phase === phase && check(unit, words);

const whenAll = inPhase('other', ({ flags }, wanted) => flags.areAllSet(...wanted));
const whenAny = inPhase('other', ({ flags }, wanted) => flags.isAnySet(...wanted));
const whenNone = inPhase('other', ({ flags }, wanted) => !flags.isAnySet(...wanted));
const whenNotAll = inPhase('other', ({ flags }, wanted) => !flags.areAllSet(...wanted));
const isHook = inPhase('hooks', hasHook);
const isRestrictedHook = inPhase('restricted', ({ hookName }, names) => names.includes(hookName));

const CHECKS_OF_FLAGS: Readonly<Record<string, Check>> = {
  when: whenAll,
  when_all: whenAll,
  when_any: whenAny,
  when_not: whenNone,
  when_none: whenNone,
  when_not_all: whenNotAll,
};

const CHECKS: Readonly<Record<string, Check>> = {
  ...CHECKS_OF_FLAGS,
  hook: isHook,
  restricted_hook: isRestrictedHook,
  when_file_changed: hasFileChanged,
};

/** What bash handlers ask; and what they note down. */
export const handlerCommands: Readonly<Record<string, SubCommand>> = {
  hook: check('is true if handlers of hooks run now, and the hook fits', ['patterns…'], isHook),
  restricted_hook: check('is true in a restricted hook of that name', ['name'], isRestrictedHook),
  any_hook: check('is true if the hook fits one of the patterns', ['patterns…'], hasHook),
  when: check('is true if handlers of flags run now, and all are set', ['flags…'], whenAll),
  when_all: check('the same', ['flags…'], whenAll),
  when_any: check('is true if handlers of flags run now, and one is set', ['flags…'], whenAny),
  when_not: check('is true if handlers of flags run now, and none is set', ['flags…'], whenNone),
  when_none: check('the same', ['flags…'], whenNone),
  when_not_all: check('is true if handlers of flags run now, and one is not set', ['flags…'], whenNotAll),
  when_file_changed: check(
    'is true if a file changed since it was asked about last',
    ['files…'],
    hasFileChanged,
  ),
  any_file_changed: check('the same', ['files…'], hasFileChanged),
  only_once: check('is true if the id was never marked', ['id'], (unit, ids) => !wasInvoked(unit, ids)),
  was_invoked: check('is true if the id was marked', ['id'], wasInvoked),
  mark_invoked: {
    summary: 'marks ids, for only_once and was_invoked',
    arguments: ['ids…'],
    run: ({ store }, { words }) => {
      for (const id of words) store.set(INVOKED_PREFIX + id, true);
      return undefined;
    },
  },
  test: {
    summary: "prints which handlers want to run, each given as 'NAME ID TEST ARGUMENTS TEST ARGUMENTS …'",
    arguments: ['handlers…'],
    run: (unit, { words }) => ({ value: words.flatMap((spec) => nameIfDue(unit, spec)).join(',') }),
  },
};

function check(summary: string, words: readonly string[], isTrue: Check): SubCommand {
  return { summary, arguments: words, run: (unit, given) => ({ isTrue: isTrue(unit, given.words) }) };
}

/**
 * Every test is made, whatever the ones before it said, and a handler that waits for flags runs in later rounds only when
 * one of them changed: the reference's rules.
 */
function nameIfDue(unit: CommandUnit, spec: string): string[] {
  const [name = '', id = '', ...tests] = splitShellWords(spec);
  const flags: string[] = [];
  let isDue = true;
  for (let at = 0; at < tests.length; at += 2) {
    const kind = tests[at] ?? '';
    const words = splitShellWords(tests[at + 1] ?? '');
    if (Object.hasOwn(CHECKS_OF_FLAGS, kind)) flags.push(...words);
    isDue = testOne(unit, { kind, words: kind === 'only_once' ? [id] : words, spec }) && isDue;
  }
  return isDue && (flags.length === 0 || hasNews(unit, flags)) ? [name] : [];
}

function testOne(
  unit: CommandUnit,
  { kind, words, spec }: { readonly kind: string; readonly words: readonly string[]; readonly spec: string },
): boolean {
  if (kind === 'only_once') return !wasInvoked(unit, words);
  const isTrue = Object.hasOwn(CHECKS, kind) ? CHECKS[kind] : undefined;
  if (!isTrue) throw new Error(`cannot test "${spec}": "${kind}" is no test`);
  return isTrue(unit, words);
}

function hasNews({ store }: CommandUnit, flags: readonly string[]): boolean {
  const watch = store.get(WATCH_KEY);
  if (typeof watch !== 'object' || watch === null) return true;
  const changes: unknown = Reflect.get(watch, 'changes');
  return (
    Reflect.get(watch, 'iteration') === 0 ||
    (Array.isArray(changes) && flags.some((flag) => changes.includes(flag)))
  );
}
