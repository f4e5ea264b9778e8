import { fillEndpointName, hasEndpointName } from '../flags/flag-name.ts';
import { parseRelationHook } from '../hook/hook-name.ts';
import type { EndpointDeclaration } from '../metadata/charm-metadata.ts';
import type { ConditionData, FlagConditionKind, StatefulCondition } from './condition.ts';
import { type FlagMatcher, FlagMatchers } from './flag-pattern.ts';
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

/** What a wildcard, or a place for the endpoint's name, has in it. */
const IS_MORE_THAN_A_NAME = /[*?{]/;

/**
 * Settles, before anything runs, all that this hook decides: fills in endpoint names, leaves out handlers that wait for
 * another hook, compiles flags.
 * @throws TypeError, naming the handler, for a pattern that cannot be read or `{endpoint_name}` outside an Endpoint.
 */
export async function resolveHandlers(
  declared: readonly DeclaredHandler[],
  facts: HookFacts,
): Promise<Handler[]> {
  const matchers = new FlagMatchers();
  const idOf = ownIds();
  const handlers: Handler[] = [];
  for (const handler of declared) {
    const id = idOf(handler.id);
    const conditions: CompiledCondition[] = [];
    const stateful: StatefulCondition[] = [];
    for (const condition of handler.conditions) {
      if ('flags' in condition) {
        const flags: FlagMatcher[] = [];
        for (const text of condition.flags) {
          flags.push(
            IS_MORE_THAN_A_NAME.test(text) ? matchers.of(fillEndpoint(handler, id, text)) : { text },
          );
        }
        conditions.push({ kind: condition.kind, flags });
      } else if (condition.kind !== 'hook' && condition.kind !== 'restricted-hook') {
        stateful.push(condition);
      }
    }
    // After that, since what cannot be read is wrong in every hook.
    if (!hookFits(handler, id, facts)) continue;
    const gates =
      stateful.length > 0 ? stateful.map((condition) => facts.makeGate(condition, id)) : undefined;
    const waitsForHookOnly = conditions.length === 0 && !gates;
    const phase = !waitsForHookOnly ? 'other' : facts.restricted ? 'restricted' : 'hooks';
    const { run } = handler;
    handlers.push(gates ? { id, phase, conditions, gates, run } : { id, phase, conditions, run });
  }
  await matchers.load();
  return handlers;
}

/** Handlers of one name, as a factory makes them, are told apart by their number: `web.reload`, `web.reload#2`. */
function ownIds(): (id: string) => string {
  const counts = new Map<string, number>();
  return (id) => {
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  };
}

function fillEndpoint({ endpoint }: DeclaredHandler, id: string, text: string): string {
  if (!hasEndpointName(text)) return text;
  if (endpoint !== undefined) return fillEndpointName(text, endpoint);
  throw new TypeError(
    `cannot register the handler "${id}": {endpoint_name} in "${text}" means something in an Endpoint only`,
  );
}

/** An endpoint's handler answers to relation hooks of its own endpoint only, though a pattern may name its siblings. */
function hookFits(handler: DeclaredHandler, id: string, facts: HookFacts): boolean {
  const { hook, restricted, endpoints } = facts;
  let asksForRestricted = false;
  for (const condition of handler.conditions) {
    if (condition.kind === 'restricted-hook') {
      if (condition.hook !== hook) return false;
      asksForRestricted = true;
    } else if (condition.kind === 'hook') {
      const names = condition.patterns.flatMap((pattern) =>
        expandPattern(id, fillEndpoint(handler, id, pattern), endpoints),
      );
      if (!names.includes(hook) || belongsToSibling(handler, hook, endpoints)) return false;
    }
  }
  return restricted === asksForRestricted;
}

function expandPattern(id: string, pattern: string, endpoints: readonly EndpointDeclaration[]): string[] {
  try {
    return expandHookPattern(pattern, endpoints);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`cannot register the handler "${id}": ${reason}`, { cause: error });
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
