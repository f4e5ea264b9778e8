import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Has a signal to end this process first end its work in order, and a second one end it at once. A hook that runs by then
 * is killed, and runs again later. While `mayEnd` says no, Ctrl-C is left to the program that has the terminal. Answers what
 * takes that back.
 */
export function endOnSignals(finish: () => Promise<void>, mayEnd: () => boolean = () => true): () => void {
  let isEnding = false;
  const end = (signal: (typeof SIGNALS)[number]) => {
    if (signal === 'SIGINT' && !mayEnd()) return;
    const code = 128 + constants.signals[signal];
    if (isEnding) process.exit(code);
    isEnding = true;
    void finish().finally(() => process.exit(code));
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
}
