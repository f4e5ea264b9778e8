import { assertFlagName } from '../flags/flag-name.ts';
import { declareCondition, HandlerHost } from './handler-host.ts';

/** How the flags of a condition must stand: all set, one of them set, none set, or one of them not set. */
export type FlagConditionKind = 'all' | 'any' | 'none' | 'not-all';

/** A condition on flags. A flag may hold wildcards (`config.changed.*`): it then stands for every set flag it fits. */
export interface FlagCondition {
  readonly kind: FlagConditionKind;
  readonly flags: readonly string[];
}

/** A condition on the hook that runs, as patterns such as `{requires:redis}-relation-{joined,changed}`. */
export interface HookCondition {
  readonly kind: 'hook';
  readonly patterns: readonly string[];
}

/** A condition on a restricted hook, in which only handlers that ask for it run. */
export interface RestrictedHookCondition {
  readonly kind: 'restricted-hook';
  readonly hook: 'collect-metrics' | 'meter-status-changed';
}

/** A file by path, relative to the charm's folder unless absolute; or a function that answers one or several. */
export type WatchedFile = string | (() => string | readonly string[]);

/** A condition on the content of files. */
export interface FileCondition {
  readonly kind: 'file-changed';
  readonly files: readonly WatchedFile[];
  /** The name of a hash that the runtime knows. */
  readonly hash: string;
}

/** A condition on config options. */
export interface ConfigCondition {
  readonly kind: 'config-changed';
  readonly options: readonly string[];
}

/** A condition that holds until the handler ran to its end in a hook that succeeded. */
export interface OnceCondition {
  readonly kind: 'once';
}

/** The conditions that are not about flags or the hook's name: each handler remembers for itself. */
export type StatefulCondition = FileCondition | ConfigCondition | OnceCondition;

/** Everything a handler can wait for, as plain data. */
export type ConditionData = FlagCondition | HookCondition | RestrictedHookCondition | StatefulCondition;

/** A method decorator for handlers: methods of a Layer or an Endpoint that need no arguments, not static or private. */
export type HandlerDecorator = <This extends HandlerHost>(
  method: (this: This) => unknown,
  context: ClassMethodDecoratorContext<This, (this: This) => unknown> & {
    readonly static: false;
    readonly private: false;
  },
) => void;

/** A condition is a value: plain data that is a method decorator too, and an argument of `handler`. */
export type Condition = ConditionData & HandlerDecorator;

/** Waits until all flags are set. The same as `whenAll`. */
export function when(...flags: string[]): Condition {
  return flagCondition('when', 'all', flags);
}

/** Waits until all flags are set. */
export function whenAll(...flags: string[]): Condition {
  return flagCondition('whenAll', 'all', flags);
}

/** Waits until at least one of the flags is set. */
export function whenAny(...flags: string[]): Condition {
  return flagCondition('whenAny', 'any', flags);
}

/** Waits until none of the flags is set. The same as `whenNone`. */
export function whenNot(...flags: string[]): Condition {
  return flagCondition('whenNot', 'none', flags);
}

/** Waits until none of the flags is set. */
export function whenNone(...flags: string[]): Condition {
  return flagCondition('whenNone', 'none', flags);
}

/** Waits until at least one of the flags is not set. */
export function whenNotAll(...flags: string[]): Condition {
  return flagCondition('whenNotAll', 'not-all', flags);
}

/**
 * Runs in the hooks that fit one of the patterns, before any handler that waits for flags (the reference's rule).
 *
 * A pattern is a hook's name, in which `{requires:redis}` stands for each endpoint of that role and interface and
 * `{joined,changed}` for each of its parts; `actions/backup` is an action. Together with a `when…` condition the handler waits for both, and runs among
 * the handlers that wait for flags.
 */
export function hook(...patterns: string[]): Condition {
  if (patterns.length === 0 || patterns.some((pattern) => typeof pattern !== 'string' || pattern === '')) {
    throw new TypeError('cannot make a condition of hook(): give at least one hook name or pattern');
  }
  return makeCondition('hook', { kind: 'hook', patterns: Object.freeze([...patterns]) });
}

/**
 * Runs in the actions with one of these names, as `hook('actions/<name>')` does: an action is no hook, so that one called
 * `start` is not taken for the hook.
 */
export function action(...names: string[]): Condition {
  if (names.length === 0 || names.some((name) => typeof name !== 'string' || name === '')) {
    throw new TypeError('cannot make a condition of action(): give at least one name of an action');
  }
  return hook(...names.map((name) => `actions/${name}`));
}

/**
 * Runs when one of the files is not as this handler last left it: changed, made, or removed. The first look at a file that
 * is there counts as a change. Options may follow the files: `{ hash: 'sha256' }` (md5 unless given, as the reference).
 *
 * Each handler has a memory of its own, and it changes only when the handler ran: a change waits until the handler's other
 * conditions hold, and what the handler itself writes does not wake it.
 */
export function whenFileChanged(...files: (WatchedFile | { readonly hash: string })[]): Condition {
  const last = files.at(-1);
  const hash = typeof last === 'object' ? last.hash : 'md5';
  const watched = files.filter((file) => typeof file !== 'object');
  if (watched.length === 0)
    throw new TypeError('cannot make a condition of whenFileChanged(): give at least one file');
  return makeCondition('whenFileChanged', { kind: 'file-changed', files: Object.freeze(watched), hash });
}

/**
 * Runs when one of the options is not as this handler last saw it; at first, every option counts as changed.
 *
 * Unlike the flags `config.changed.<option>`, which live for one hook, a change waits here until the handler's other
 * conditions hold, however many hooks later; and each handler sees it, whoever else did.
 */
export function whenConfigChanged(...options: string[]): Condition {
  if (options.length === 0 || options.some((option) => typeof option !== 'string' || option === '')) {
    throw new TypeError(
      'cannot make a condition of whenConfigChanged(): give the names of one or more options',
    );
  }
  return makeCondition('whenConfigChanged', { kind: 'config-changed', options: Object.freeze([...options]) });
}

/**
 * Runs one time only in the life of the unit: until the handler ran to its end in a hook that succeeded. Told apart by the
 * handler's id (its layer and method), so that a line moved in the file changes nothing.
 */
export function onlyOnce(): Condition {
  return makeCondition('onlyOnce', { kind: 'once' });
}

/** Runs in the restricted hook `collect-metrics`, in which Juju serves few tools and no flag handlers run. */
export function collectMetrics(): Condition {
  return makeCondition('collectMetrics', { kind: 'restricted-hook', hook: 'collect-metrics' });
}

/** Runs in the restricted hook `meter-status-changed`, in which Juju serves few tools and no flag handlers run. */
export function meterStatusChanged(): Condition {
  return makeCondition('meterStatusChanged', { kind: 'restricted-hook', hook: 'meter-status-changed' });
}

/** Compilers that lower decorators give each class an object of its own under this symbol, where there is one. */
if (!Symbol.metadata) {
  Object.defineProperty(Symbol, 'metadata', { value: Symbol.for('Symbol.metadata') });
}

const conditions = new WeakSet<object>();

/** Whether a value was made by `when`, `hook` or one of their kin. */
export function isCondition(value: unknown): value is Condition {
  return typeof value === 'function' && conditions.has(value);
}

function flagCondition(name: string, kind: FlagConditionKind, flags: readonly string[]): Condition {
  if (flags.length === 0) throw new TypeError(`cannot make a condition of ${name}(): give at least one flag`);
  for (const flag of flags) assertFlagName(flag);
  return makeCondition(name, { kind, flags: Object.freeze([...flags]) });
}

function makeCondition(name: string, data: ConditionData): Condition {
  const decorate = (_method: unknown, context: unknown): void => {
    const { method, owner, addInitializer } = checkDecorated(name, context);
    addInitializer(function (this: unknown): void {
      if (!HandlerHost.isHost(this)) {
        const className = (this as object | undefined)?.constructor?.name ?? 'its class';
        throw new TypeError(
          `cannot use @${name} on "${method}": ${className} is neither a Layer nor an Endpoint`,
        );
      }
      declareCondition(this, { method, condition, owner });
    });
  };
  const condition = Object.freeze(Object.assign(decorate, data)) as unknown as Condition;
  conditions.add(condition);
  return condition;
}

interface Decorated {
  readonly method: string;
  readonly owner: object | undefined;
  readonly addInitializer: (initializer: (this: unknown) => void) => void;
}

/** The checks of the types again, for code that was never type checked. */
function checkDecorated(name: string, context: unknown): Decorated {
  if (typeof context !== 'object' || context === null || !('kind' in context)) {
    throw new TypeError(
      `cannot use @${name} on "${String(context)}": it is a standard decorator; turn experimentalDecorators off`,
    );
  }
  const member = context as ClassMethodDecoratorContext & { readonly metadata?: object };
  const what = String(member.name);
  if (member.kind !== 'method') {
    throw new TypeError(
      `cannot use @${name} on the ${member.kind} "${what}": only a method can be a handler`,
    );
  }
  if (member.static) throw new TypeError(`cannot use @${name} on "${what}": a handler cannot be static`);
  if (member.private) throw new TypeError(`cannot use @${name} on "${what}": a handler cannot be private`);
  if (typeof member.name === 'symbol') {
    throw new TypeError(`cannot use @${name} on ${what}: a handler needs a name, not a symbol`);
  }
  return { method: member.name, owner: member.metadata, addInitializer: member.addInitializer };
}
