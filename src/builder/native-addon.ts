import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BuildError } from './build-error.ts';

/** The name by which the better-sqlite3 package has an addon for this machine: `linux-x64`. */
export function ownPlatform(): string {
  return `${systemName()}-${process.arch}`;
}

/**
 * The SQLite addon for a platform, out of the better-sqlite3 package, which brings one for each. Throws `BuildError` where it
 * has none.
 */
export function readNativeAddon(platform: string): Uint8Array {
  const folder = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  const path = join(folder, 'prebuilds', `${platform}.node`);
  if (!existsSync(path)) {
    throw new BuildError(
      `cannot bring SQLite into the charm: better-sqlite3 has no addon for ${platform} at "${path}"; build on a platform that it has one for`,
    );
  }
  return readFileSync(path);
}

function systemName(): string {
  if (process.platform !== 'linux') return process.platform;
  const report: unknown = process.report.getReport();
  const header =
    typeof report === 'object' && report !== null && 'header' in report ? report.header : undefined;
  // Only where glibc is the C library does Node know its version.
  const isGlibc = typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
  return isGlibc ? 'linux' : 'linuxmusl';
}
