/** What something took in this process. */
export interface Spent {
  readonly milliseconds: number;
  /** Of processor time: where a machine is busy with other things, only this can be compared. */
  readonly processorMilliseconds: number;
}

/** Measures from now on; the answer tells what was spent since. */
export function startStopwatch(): () => Spent {
  const processor = process.cpuUsage();
  const started = performance.now();
  return () => {
    const milliseconds = performance.now() - started;
    const { user, system } = process.cpuUsage(processor);
    return { milliseconds, processorMilliseconds: (user + system) / 1000 };
  };
}
