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

/** Made once, since vitest may call `setup` for each project at the same time. */
const folder = mkdtempSync(path.join(tmpdir(), 'tests-'));

/** Gives every worker of a run one folder, and removes it at the end. */
export function setup(project: TestProject): void {
  project.provide('sharedFolder', folder);
}

/** Removes the folder. */
export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
