import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BuildError } from './build-error.ts';

/** The SQLite addon of this machine's kind, out of the better-sqlite3 package, which brings one for each platform. */
export function readNativeAddon(): Uint8Array {
  const folder = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  const path = join(folder, 'prebuilds', `${platformName()}-${process.arch}.node`);
  if (!existsSync(path)) {
    throw new BuildError(
      `cannot bring SQLite into the charm: better-sqlite3 has no addon for ${platformName()} on ${process.arch} at "${path}"; build on a platform that it has one for`,
    );
  }
  return readFileSync(path);
}

function platformName(): string {
  if (process.platform !== 'linux') return process.platform;
  const report: unknown = process.report.getReport();
  const header =
    typeof report === 'object' && report !== null && 'header' in report ? report.header : undefined;
  // Only where glibc is the C library does Node know its version.
  const isGlibc = typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
  return isGlibc ? 'linux' : 'linuxmusl';
}
