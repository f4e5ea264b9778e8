import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** How long processes are given to end by themselves. */
const GRACE_MILLISECONDS = 2000;

/**
 * Ends what hooks have left running: on a cloud such a daemon ends with its machine. It finds processes by the
 * environment that they inherited, so only on systems with /proc, and touches no process of another model.
 * Settles when they are gone: asked to end at first (SIGTERM), killed if they do not.
 */
export async function endLeftovers(owner: { readonly model: string; readonly unit?: string }): Promise<void> {
  const marks = [`JUJU_MODEL_UUID=${owner.model}`];
  if (owner.unit !== undefined) marks.push(`JUJU_UNIT_NAME=${owner.unit}`);
  const deadline = Date.now() + GRACE_MILLISECONDS;
  let left = findProcesses(marks);
  signalAll(left, 'SIGTERM');
  while (left.length > 0 && Date.now() < deadline) {
    await setTimeout(20);
    left = findProcesses(marks);
  }
  signalAll(left, 'SIGKILL');
  for (let tries = 0; tries < 50 && findProcesses(marks).length > 0; tries += 1) await setTimeout(20);
}

function findProcesses(marks: readonly string[]): number[] {
  return listProcesses().filter((pid) => {
    const environment = readEnvironment(pid);
    return marks.every((mark) => environment.has(mark));
  });
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 1 && pid !== process.pid);
  } catch {
    return [];
  }
}

/** Empty for a process that is gone, or a zombie, or another user's. */
function readEnvironment(pid: number): ReadonlySet<string> {
  try {
    return new Set(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'));
  } catch {
    return new Set();
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}
