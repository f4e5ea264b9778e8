import { execFile, spawn } from 'node:child_process';
import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What goes into an archive, and where it goes. */
export interface DebugPlan {
  /** The charm's folder; every file in its `debug-scripts/` is run. */
  readonly charmDir: string;
  /** Files by their path in the archive, beside what scripts leave. */
  readonly files: Readonly<Record<string, string>>;
  /** Variables that scripts find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the archive goes, if it can. */
  readonly archiveFolder: string;
  /** How long a script may take before it is asked to end, and how long until it is killed then. */
  readonly patience?: ScriptPatience;
}

/** In milliseconds. */
export interface ScriptPatience {
  readonly limit: number;
  readonly grace: number;
}

const PATIENCE: ScriptPatience = { limit: 300_000, grace: 10_000 };

/**
 * Runs the charm's debug scripts, each with a folder of its own for what it finds and prints (`DEBUG_SCRIPT_DIR`), and packs
 * everything. Scripts that fail, or take too long, are noted in `debug.log` and stop nothing. Answers the archive's path.
 *
 * @throws Error when it cannot be packed.
 */
export async function collectDebugArchive(plan: DebugPlan): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'debug-'));
  try {
    const name = `debug-${new Date().toISOString().replaceAll(/[-:T]|\..*/g, '')}`;
    const contents = path.join(folder, name);
    mkdirSync(contents);
    for (const [file, text] of Object.entries(plan.files)) {
      mkdirSync(path.dirname(path.join(contents, file)), { recursive: true });
      writeFileSync(path.join(contents, file), text);
    }
    await runScripts(plan, contents);
    const archive = path.join(placeFor(plan.archiveFolder), `${name}.tar.gz`);
    await run('tar', ['-czf', archive, '-C', folder, name]);
    return archive;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function placeFor(folder: string): string {
  try {
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return tmpdir();
  }
}

async function runScripts(plan: DebugPlan, contents: string): Promise<void> {
  const log = (line: string): void => {
    appendFileSync(path.join(contents, 'debug.log'), `${new Date().toISOString()} | ${line}\n`);
  };
  log('Collecting debug information');
  const scripts = path.join(plan.charmDir, 'debug-scripts');
  for (const script of existsSync(scripts) ? readdirSync(scripts).sort() : []) {
    log(`Running script: ${script}`);
    const folder = path.join(contents, script);
    mkdirSync(folder, { recursive: true });
    const failure = await runScript(plan, { script: path.join(scripts, script), folder });
    if (failure !== undefined) log(`ERROR: ${script} ${failure}`);
  }
}

/** Why it failed; undefined when it went well. */
async function runScript(
  { charmDir, environment, patience: { limit, grace } = PATIENCE }: DebugPlan,
  { script, folder }: { readonly script: string; readonly folder: string },
): Promise<string | undefined> {
  const outputs = ['stdout', 'stderr'].map((name) => openSync(path.join(folder, name), 'w'));
  const [stdout, stderr] = outputs;
  const child = spawn(script, {
    cwd: charmDir,
    env: { ...process.env, ...environment, DEBUG_SCRIPT_DIR: folder },
    stdio: ['ignore', stdout, stderr],
    detached: true,
  });
  for (const output of outputs) closeSync(output);
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It has ended meanwhile.
    }
  };
  const timers = [
    setTimeout(() => signal('SIGTERM'), limit),
    setTimeout(() => signal('SIGKILL'), limit + grace),
  ];
  return new Promise((resolve) => {
    const end = (failure: string | undefined): void => {
      for (const timer of timers) clearTimeout(timer);
      resolve(failure);
    };
    child.once('error', (error) => end(`could not be run: ${error.message}`));
    child.once('exit', (code, by) => {
      end(code === 0 ? undefined : by ? `was ended by ${by}` : `failed with exit code ${code}`);
    });
  });
}
