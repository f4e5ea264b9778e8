import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** How long processes are given to end by themselves. */
const GRACE_MILLISECONDS = 2000;

/** Whose processes are meant: a whole model's, or one unit's of it. */
export interface ProcessOwner {
  readonly model: string;
  readonly unit?: string;
  /** Where the model's, or the unit's, files are. */
  readonly folder: string;
}

/**
 * Ends what hooks have left running: on a cloud such a daemon ends with its machine. It finds processes by the
 * environment that they inherited, and, for those that wrote their title over it, by the folder they work in; so only on
 * systems with /proc. It touches no process of another model.
 * Settles when they are gone: asked to end at first (SIGTERM), killed if they do not.
 */
export async function endLeftovers(owner: ProcessOwner): Promise<void> {
  const deadline = Date.now() + GRACE_MILLISECONDS;
  let left = findProcesses(owner);
  signalAll(left, 'SIGTERM');
  while (left.length > 0 && Date.now() < deadline) {
    await setTimeout(20);
    left = findProcesses(owner);
  }
  signalAll(left, 'SIGKILL');
  for (let tries = 0; tries < 50 && findProcesses(owner).length > 0; tries += 1) await setTimeout(20);
}

function findProcesses({ model, unit, folder }: ProcessOwner): number[] {
  const marks = [`JUJU_MODEL_UUID=${model}`, ...(unit === undefined ? [] : [`JUJU_UNIT_NAME=${unit}`])];
  return listProcesses().filter((pid) => {
    const environment = readEnvironment(pid);
    return marks.every((mark) => environment.has(mark)) || worksIn(pid, folder);
  });
}

function worksIn(pid: number, folder: string): boolean {
  try {
    return `${readlinkSync(`/proc/${pid}/cwd`)}${sep}`.startsWith(`${realpathSync(folder)}${sep}`);
  } catch {
    return false;
  }
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
