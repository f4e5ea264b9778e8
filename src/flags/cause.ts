/** What made a flag change. `because` leads from a trigger back to the change that fired it. */
export type Cause =
  | { readonly kind: 'hook'; readonly hook: string }
  | { readonly kind: 'endpoint'; readonly endpoint: string; readonly hook: string }
  | { readonly kind: 'handler'; readonly handler: string }
  | { readonly kind: 'trigger'; readonly change: FlagEdge; readonly because: Cause }
  | { readonly kind: 'unknown' };

/** A flag going from clear to set or back. */
export interface FlagEdge {
  readonly flag: string;
  readonly to: 'set' | 'clear';
}

/** A change that really happened: setting a flag that is set, or clearing one that is not, is none. */
export interface FlagChange extends FlagEdge {
  readonly cause: Cause;
}

/** Says a cause in a few words, the trigger's own cause included: `trigger on a set, by handler web:start`. */
export function describeCause(cause: Cause): string {
  switch (cause.kind) {
    case 'hook':
      return `hook ${cause.hook}`;
    case 'endpoint':
      return `endpoint ${cause.endpoint} in ${cause.hook}`;
    case 'handler':
      return `handler ${cause.handler}`;
    case 'trigger':
      return `trigger on ${describeEdge(cause.change)}, by ${describeCause(cause.because)}`;
    case 'unknown':
      return 'an unknown cause';
  }
}

/** `+flag` for a flag that was set, `-flag` for one that was cleared. */
export function describeEdge(edge: FlagEdge): string {
  return `${edge.to === 'set' ? '+' : '-'}${edge.flag}`;
}
