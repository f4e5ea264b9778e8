import type { HookRecord } from '../../simulator/agent/hook-record.ts';

/** What a hook did, in lines: its name and outcome, then each handler that ran with the flag changes that woke it. */
export function describeHook(record: HookRecord): string[] {
  const about = record.remoteUnit ? ` (${record.remoteUnit})` : '';
  const outcome = record.outcome === 'failed' ? `  FAILED: ${record.failure ?? ''}` : '';
  return [
    `  ${record.unit.padEnd(12)} ${record.hook}${about}${outcome}`,
    ...handlerLines(record),
    ...problemLines(record),
  ];
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

function problemLines({ log }: HookRecord): string[] {
  return log
    .filter(({ level }) => level === 'ERROR')
    .flatMap(({ message }) => message.split('\n'))
    .map((line) => `      ! ${line}`);
}
