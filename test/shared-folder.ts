import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that lasts as long as the run, for what many tests need and none changes. */
    sharedFolder: string;
  }
}

/** Gives every worker of a run one folder, in which Node keeps what it has compiled, too, and removes it at the end. */
export default function setup(project: TestProject): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'tests-'));
  project.provide('sharedFolder', folder);
  // For the workers and all they start: each further process starts sooner.
  process.env.NODE_COMPILE_CACHE ??= path.join(folder, 'compiled');
  // Not before: workers write what they have compiled as they end.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
