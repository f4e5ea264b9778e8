import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The one name of script that the reference runs. */
const SCRIPT = 'charm-pre-install';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Where programs are if nobody says. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A script that ended with anything but 0. */
export interface ExecFailure {
  /** Relative to the charm's folder: `exec.d/nvidia/charm-pre-install`. */
  readonly script: string;
  /** Its exit code; -1 where it could not be run, or was killed. */
  readonly code: number;
  /** What it printed, and what went wrong. */
  readonly output: string;
}

/**
 * Runs the scripts that must be done before anything else: each executable `exec.d/<name>/charm-pre-install` of the charm,
 * by name, with the charm's `bin/` first on PATH. One that went well leaves a mark in the charm's folder and never runs again, whatever an upgrade makes of it.
 * Stops at the first that fails.
 */
export async function runExecScripts(
  charmDir: string,
  log: (line: string) => void,
): Promise<ExecFailure | undefined> {
  for (const name of foldersOf(path.join(charmDir, 'exec.d'))) {
    const script = `exec.d/${name}/${SCRIPT}`;
    const mark = path.join(charmDir, 'exec.d', `.${name}_${SCRIPT}.done`);
    if (existsSync(mark) || !isProgram(path.join(charmDir, script))) continue;
    const { code, output } = await runScript(charmDir, script);
    log(`${script} ended with exit code ${code}${output && `:\n${output}`}`);
    if (code !== 0) return { script, code, output };
    writeFileSync(
      mark,
      `${script} was run, and is not run again.\nRemove this file to have it run once more.\n`,
    );
  }
  return undefined;
}

function foldersOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile())
    .map(({ name }) => name)
    .sort();
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function runScript(charmDir: string, script: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const file = path.join(charmDir, script);
    // The shell puts both streams into one, in their order.
    const command = ['-c', 'exec "$0" 2>&1', file];
    const { PATH = DEFAULT_PATH } = process.env;
    const env = { ...process.env, PATH: `${path.join(charmDir, 'bin')}${path.delimiter}${PATH}` };
    execFile('/bin/sh', command, { cwd: charmDir, env, maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, output: stdout.trimEnd() });
    });
  });
}
