import { spawnSync } from 'node:child_process';
import { CommandFailure } from '../sim/command-failure.ts';

/** Runs `npm install` in a folder, which prints what it has to say. Throws `CommandFailure` where it fails. */
export function installPackages(folder: string): void {
  // Warnings are about the Node that runs now, and the folder gets one of its own.
  const words = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', words, { cwd: folder, stdio: 'inherit' });
  if (status === 0) return;
  throw new CommandFailure(
    `cannot install what "${folder}" needs: ${error?.message ?? `npm ended with exit code ${status}`}; all its files are there, so run "npm install" in it once that can work`,
  );
}
