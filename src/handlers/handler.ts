import { fillEndpointName, hasEndpointName } from '../flags/flag-name.ts';
import { parseRelationHook } from '../hook/hook-name.ts';
import type { EndpointDeclaration } from '../metadata/charm-metadata.ts';
import type { ConditionData, FlagCondition, FlagConditionKind, StatefulCondition } from './condition.ts';
import { compileFlags, type FlagMatcher } from './flag-pattern.ts';
import type { Gate } from './gate.ts';
import { expandHookPattern } from './hook-pattern.ts';

/** A handler as declared: what it waits for, and what it does. */
export interface DeclaredHandler {
  /** Names the handler in logs, causes and errors: `guestbook.start`, or `redis/requires.joined@db` for an endpoint. */
  readonly id: string;
  readonly conditions: readonly ConditionData[];
  /** For a handler of an endpoint: the endpoint's name, which fills `{endpoint_name}`. */
  readonly endpoint?: string;
  readonly run: () => unknown;
}

/** A flag condition with its flags ready to be looked up. */
export interface CompiledCondition {
  readonly kind: FlagConditionKind;
  readonly flags: readonly FlagMatcher[];
}

/**
 * A handler that can run in this hook.
 *
 * One that waits for hooks only belongs to the phase `hooks` (or `restricted`); every other one to the phase `other`,
 * where it runs again and again until nothing it waits for changes. One of the phase `every` is looked at in all of them.
 */
export interface Handler {
  readonly id: string;
  readonly phase: 'restricted' | 'hooks' | 'other' | 'every';
  readonly conditions: readonly CompiledCondition[];
  /** What else must be so; a handler with gates is looked at in every round, not only when its flags change. */
  readonly gates?: readonly Gate[];
  /** For a handler of the phase `every`: the flags that made its gates open, where it can tell. */
  readonly watchedFlags?: readonly string[] | undefined;
  readonly run: () => unknown;
}

/** What decides which handlers can run at all. */
export interface HookFacts {
  readonly hook: string;
  /** Whether this is a restricted hook: only handlers that ask for it run. */
  readonly restricted: boolean;
  readonly endpoints: readonly EndpointDeclaration[];
  /** Makes the gate of a condition that is not about flags. */
  readonly makeGate: (condition: StatefulCondition, handlerId: string) => Gate;
}

/**
 * Settles, before anything runs, all that this hook decides: fills in endpoint names, leaves out handlers that wait for
 * another hook, compiles flags.
 * @throws TypeError, naming the handler, for a pattern that cannot be read or `{endpoint_name}` outside an Endpoint.
 */
export async function resolveHandlers(
  declared: readonly DeclaredHandler[],
  facts: HookFacts,
): Promise<Handler[]> {
  const due = withOwnIds(declared)
    .map(fillEndpoint)
    .filter((handler) => hookFits(handler, facts));
  const matchers = await compileFlags(due.flatMap(flagConditions).flatMap(({ flags }) => flags));
  return due.map((handler) => {
    const conditions = flagConditions(handler);
    const gates = gateConditions(handler).map((condition) => facts.makeGate(condition, handler.id));
    const waitsForHookOnly = conditions.length === 0 && gates.length === 0;
    return {
      id: handler.id,
      phase: !waitsForHookOnly ? 'other' : facts.restricted ? 'restricted' : 'hooks',
      conditions: conditions.map(({ kind, flags }) => ({
        kind,
        flags: flags.map((text) => matchers.get(text) ?? { text }),
      })),
      ...(gates.length > 0 ? { gates } : {}),
      run: handler.run,
    };
  });
}

/** Handlers of one name, as a factory makes them, are told apart by their number: `web.reload`, `web.reload#2`. */
function withOwnIds(handlers: readonly DeclaredHandler[]): DeclaredHandler[] {
  const counts = new Map<string, number>();
  return handlers.map((handler) => {
    const count = (counts.get(handler.id) ?? 0) + 1;
    counts.set(handler.id, count);
    return count === 1 ? handler : { ...handler, id: `${handler.id}#${count}` };
  });
}

function fillEndpoint(handler: DeclaredHandler): DeclaredHandler {
  const { endpoint } = handler;
  const fill = (text: string): string => {
    if (endpoint !== undefined) return fillEndpointName(text, endpoint);
    if (!hasEndpointName(text)) return text;
    throw new TypeError(
      `cannot register the handler "${handler.id}": {endpoint_name} in "${text}" means something in an Endpoint only`,
    );
  };
  return {
    ...handler,
    conditions: handler.conditions.map((condition) => {
      if (condition.kind === 'hook') return { kind: 'hook', patterns: condition.patterns.map(fill) };
      return 'flags' in condition ? { kind: condition.kind, flags: condition.flags.map(fill) } : condition;
    }),
  };
}

/** An endpoint's handler answers to relation hooks of its own endpoint only, though a pattern may name its siblings. */
function hookFits(handler: DeclaredHandler, { hook, restricted, endpoints }: HookFacts): boolean {
  const asksForRestricted = handler.conditions.some(({ kind }) => kind === 'restricted-hook');
  if (restricted !== asksForRestricted) return false;
  return handler.conditions.every((condition) => {
    if (condition.kind === 'restricted-hook') return condition.hook === hook;
    if (condition.kind !== 'hook') return true;
    const names = condition.patterns.flatMap((pattern) => expandPattern(handler, pattern, endpoints));
    return names.includes(hook) && !belongsToSibling(handler, hook, endpoints);
  });
}

function expandPattern(
  handler: DeclaredHandler,
  pattern: string,
  endpoints: readonly EndpointDeclaration[],
): string[] {
  try {
    return expandHookPattern(pattern, endpoints);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`cannot register the handler "${handler.id}": ${reason}`, { cause: error });
  }
}

function belongsToSibling(
  handler: DeclaredHandler,
  hook: string,
  endpoints: readonly EndpointDeclaration[],
): boolean {
  const owner = parseRelationHook(hook)?.endpoint;
  if (handler.endpoint === undefined || owner === handler.endpoint) return false;
  return endpoints.some(({ name }) => name === owner);
}

function flagConditions(handler: DeclaredHandler): FlagCondition[] {
  return handler.conditions.filter((condition) => 'flags' in condition);
}

function gateConditions(handler: DeclaredHandler): StatefulCondition[] {
  return handler.conditions.filter(
    (condition) =>
      condition.kind === 'file-changed' || condition.kind === 'config-changed' || condition.kind === 'once',
  );
}
