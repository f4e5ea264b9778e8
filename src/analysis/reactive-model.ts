import type { FlagText } from './flag-text.ts';
import type { CodePlace } from './syntax-tree.ts';

/** What a handler waits for, as far as it can be told. */
export type ModelCondition =
  | { readonly kind: 'all' | 'any' | 'none' | 'not-all'; readonly flags: readonly FlagText[] }
  | { readonly kind: 'hook'; readonly patterns: readonly FlagText[] }
  | { readonly kind: 'restricted-hook'; readonly hook: string }
  | { readonly kind: 'config-changed'; readonly options: readonly FlagText[] }
  | { readonly kind: 'file-changed' }
  | { readonly kind: 'once' }
  /** Something that cannot be told. */
  | { readonly kind: 'unknown' };

/** A handler. */
export interface ModelHandler {
  /** As in logs: `redis.start`, `redis/requires.joined@db`. Two may have the same. */
  readonly id: string;
  /** What it belongs to: `redis` for a layer, `interface:redis` for an interface. */
  readonly group: string;
  /** The endpoint that it serves. */
  readonly endpoint?: string;
  readonly conditions: readonly ModelCondition[];
  readonly place: CodePlace;
}

/** Something that code does to a flag, or asks of it. */
export interface FlagEffect {
  readonly kind: 'set' | 'clear' | 'read';
  readonly flag: FlagText;
  /** Whether a flag that is set lives no longer than the hook. */
  readonly isForHook?: boolean;
  /** The group of the code that does it. */
  readonly group: string;
  /** Those who come to do it: ids of handlers, or of what runs at certain times, such as `apt.atStart`; none where it cannot be told. */
  readonly by: readonly string[];
  /** The handler in whose own body it stands. */
  readonly inside?: string;
  readonly place: CodePlace;
}

/** A trigger: what happens at once when a flag is set or cleared. */
export interface ModelTrigger {
  readonly edge: 'set' | 'clear';
  readonly flag: FlagText;
  readonly sets: readonly FlagText[];
  readonly clears: readonly FlagText[];
  readonly group: string;
  readonly place: CodePlace;
}

/** An endpoint that code asks for by its name. */
export interface EndpointCall {
  readonly name: FlagText;
  readonly group: string;
  readonly place: CodePlace;
}

/** Code that keeps something from being known. */
export interface Unknown {
  /** What may be done there to any flag at all. */
  readonly of: 'set' | 'clear' | 'read';
  readonly place: CodePlace;
  readonly reason: string;
}

/** What a charm's code says of its flags: who sets them and who waits for them. */
export interface ReactiveModel {
  /** Lowest layer first, then endpoints'. */
  readonly handlers: readonly ModelHandler[];
  readonly effects: readonly FlagEffect[];
  readonly triggers: readonly ModelTrigger[];
  readonly endpointCalls: readonly EndpointCall[];
  /** The actions that code compares the running one with. */
  readonly comparedActions: readonly string[];
  /** The flags that the framework keeps itself. */
  readonly automatic: readonly FlagText[];
  /** The charm's own group. */
  readonly ownGroup: string;
  /** Where there is some, nothing may be said of flags that nothing sets, or that nobody waits for. */
  readonly unknowns: readonly Unknown[];
}
