import type { HookRecord } from '../../simulator/agent/hook-record.ts';

/** How many lines of a hook that failed are told. */
const LAST_WORDS = 8;

/** What a hook did, in lines: its name and outcome, then each handler that ran with the flag changes that woke it. */
export function describeHook(record: HookRecord): string[] {
  const outcome = record.outcome === 'failed' ? `  FAILED: ${record.failure ?? ''}` : '';
  const first = `  ${record.unit.padEnd(12)} ${nameHook(record)}${outcome}`;
  return [first, ...handlerLines(record), ...problemLines(record.log)];
}

/**
 * As `describeHook`, with how the hook ended and how long it took in its first line, and what a hook that failed has printed
 * and logged last.
 */
export function describeHookRun(record: HookRecord): string[] {
  const failure = record.outcome === 'failed' ? `: ${record.failure ?? 'killed'}` : '';
  const time = `${Math.round(record.milliseconds)} ms`;
  const first = `${record.unit.padEnd(12)} ${nameHook(record).padEnd(36)} ${record.outcome}${failure}  ${time}`;
  const own = record.log.filter(({ logger }) => logger.startsWith('unit.'));
  const last = record.outcome === 'failed' ? lastWords(own) : problemLines(own);
  return [first, ...handlerLines(record), ...last];
}

/** A hook with what it was about: `db-relation-joined (redis/0)`, `backup (task 2)`. */
function nameHook({ hook, task, remoteUnit }: HookRecord): string {
  if (task !== undefined) return `${hook} (task ${task})`;
  return remoteUnit ? `${hook} (${remoteUnit})` : hook;
}

const HANDLER_RUN = /running (\S+) \((.*)\)$/;

/** The framework logs one INFO line for each handler that runs. */
function handlerLines({ log }: HookRecord): string[] {
  return log
    .flatMap(({ message }) => message.split('\n'))
    .flatMap((line) => {
      const match = HANDLER_RUN.exec(line);
      return match?.[1] ? [`      ran ${match[1]}`, ...wakingLines(match[2] ?? '')] : [];
    });
}

function wakingLines(waking: string): string[] {
  if (waking === 'this hook') return ['          it waits for this hook'];
  return waking.split('; ').map((change) => `          ${change}`);
}

function problemLines(log: HookRecord['log']): string[] {
  return mark(log.filter(({ level }) => level === 'ERROR').flatMap(({ message }) => message.split('\n')));
}

function lastWords(log: HookRecord['log']): string[] {
  return mark(log.flatMap(({ message }) => message.split('\n')).slice(-LAST_WORDS));
}

function mark(lines: readonly string[]): string[] {
  return lines.map((line) => `      ! ${line}`);
}
