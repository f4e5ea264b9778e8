import type { Fault } from './fault.ts';

/** What can go wrong on purpose, with what it does to the hook it strikes. */
export const FAULT_KINDS: Readonly<Record<Fault['kind'], string>> = {
  fail: 'the hook is killed at a tool call and has failed; it is resolved and tried again',
  kill: 'the hook is killed at a tool call with its agent, and runs again',
  'lose-leadership': 'another unit leads from a tool call on',
  'restart-agent': 'the agent starts anew after the hook',
  'run-again': 'the agent ends before it has noted that the hook ran, which runs again',
};

/** The kinds that strike at a tool call, and not after the hook. */
export const FAULTS_AT_TOOLS = ['fail', 'kill', 'lose-leadership'] as const;

/** Whether a text names a kind of fault. */
export function isFaultKind(text: string): text is Fault['kind'] {
  return Object.hasOwn(FAULT_KINDS, text);
}

/** A fault in words, without where it strikes. */
export function describeFault(fault: Fault): string {
  return 'toolCall' in fault ? `${fault.kind} at tool call ${fault.toolCall}` : `${fault.kind} after it`;
}
