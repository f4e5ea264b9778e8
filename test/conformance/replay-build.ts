import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonValue } from 'charms-reactive';
import { parse } from 'yaml';
import { type BuildResult, buildCharm } from '../../src/builder/build.ts';
import { BuildError } from '../../src/builder/build-error.ts';
import { hashContent } from '../../src/builder/manifest.ts';
import { MetadataError } from '../../src/metadata/metadata-error.ts';
import type { BuildCase, BuiltExpectation, FailedExpectation } from './build-case.ts';
import { describeBuildError, describeExpectedError } from './build-errors.ts';
import { firstDifference } from './difference.ts';

/** Writes a case's layers into a folder, builds them, and says where the result first differs from the record. */
export async function replayBuildCase(recorded: BuildCase): Promise<string | undefined> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'conformance-')));
  try {
    writeLayers(recorded, root);
    const output = path.join(root, 'built');
    const { expect } = recorded;
    const outcome = await build(recorded, root, output);
    if (outcome instanceof Error) {
      return expect.ok
        ? `expected a charm, got ${outcome.message}`
        : compareError(expect.error, outcome, root);
    }
    if (!expect.ok) return `expected an error, ${expect.error.reason}, got a charm`;
    return compareCharm(expect, readCharm(output, outcome), letteredKeys(recorded));
  } catch (error) {
    return `expected an error of the builder's own, got ${error instanceof Error ? error.stack : String(error)}`;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function writeLayers({ layers, interfaces, modes, links = {} }: BuildCase, root: string): void {
  for (const [kind, folders] of Object.entries({ layers, interfaces })) {
    mkdirSync(path.join(root, kind));
    for (const [folder, files] of Object.entries(folders)) {
      mkdirSync(path.join(root, kind, folder));
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(root, kind, folder, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
  }
  for (const file of Object.keys(modes)) chmodSync(path.join(root, file), 0o755);
  for (const [link, target] of Object.entries(links)) symlinkSync(target, path.join(root, link));
}

/** The result, or the error of ours in which the build ended. */
async function build({ top }: BuildCase, root: string, output: string): Promise<BuildResult | Error> {
  try {
    return await buildCharm({
      charm: path.join(root, 'layers', top),
      output,
      layersPath: [path.join(root, 'layers')],
      interfacesPath: [path.join(root, 'interfaces')],
      workingFolder: root,
    });
  } catch (error) {
    if (error instanceof BuildError || error instanceof MetadataError) return error;
    throw error;
  }
}

function compareError(expected: FailedExpectation['error'], error: Error, root: string): string | undefined {
  if (expected.crash) return undefined;
  const actual = describeBuildError(error, root) ?? { reason: error.message };
  return firstDifference(describeExpectedError(expected), actual, 'error');
}

type Charm = Omit<BuiltExpectation, 'ok'>;

/** Left out of the records. */
const UNRECORDED = ['.build.manifest', 'version'];

const MERGED = /^(?:metadata|config|actions|layer|dist|resources)\.yaml$/;

function readCharm(folder: string, { name, layers }: BuildResult): Charm {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(folder, file)).isFile() && !UNRECORDED.includes(file))
    .sort();
  const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
  const [merged, others] = [true, false].map((isMerged) =>
    files.filter((file) => MERGED.test(file) === isMerged),
  );
  return {
    name,
    layers,
    files,
    exec: files.filter((file) => (statSync(path.join(folder, file)).mode & 0o111) !== 0),
    yaml: Object.fromEntries((merged ?? []).map((file) => [file, parse(read(file))])),
    text: Object.fromEntries((others ?? []).map((file) => [file, read(file)])),
    manifest: readManifest(folder),
  };
}

function readManifest(folder: string): Charm['manifest'] {
  const { signatures }: { signatures: Record<string, [string, string, string]> } = JSON.parse(
    readFileSync(path.join(folder, '.build.manifest'), 'utf8'),
  );
  const signed = Object.entries(signatures).filter(([file]) => !UNRECORDED.includes(file));
  for (const [file, [, , hash]] of signed) {
    if (hashContent(readFileSync(path.join(folder, file))) !== hash)
      throw new Error(`the manifest has another hash for "${file}" than its content`);
  }
  return Object.fromEntries(signed.map(([file, [layer, kind]]) => [file, [layer, kind]]));
}

function compareCharm(
  expected: BuiltExpectation,
  actual: Charm,
  lettered: readonly (readonly [file: string, key: string])[],
): string | undefined {
  const parts: (keyof Charm)[] = ['name', 'layers', 'files', 'exec', 'yaml', 'text', 'manifest'];
  for (const part of parts) {
    const [wanted, got] = [expected, actual].map((charm) =>
      part === 'files' || part === 'exec'
        ? [...charm[part]].sort()
        : part === 'yaml'
          ? withoutKeys(charm.yaml, lettered)
          : charm[part],
    );
    const difference = firstDifference(wanted as JsonValue, got as JsonValue, part);
    if (difference) return difference;
  }
  return undefined;
}

/** A string where a list belongs comes out of the reference letter by letter, which nobody wants back. */
function letteredKeys({ layers }: BuildCase): readonly (readonly [file: string, key: string])[] {
  const keys = [
    ['layer.yaml', 'includes'],
    ['metadata.yaml', 'series'],
  ] as const;
  return keys.filter(([file, key]) =>
    Object.values(layers).some((files) => {
      const value: unknown = parse(files[file] ?? '');
      return typeof value === 'object' && value !== null && typeof Reflect.get(value, key) === 'string';
    }),
  );
}

function withoutKeys(
  yaml: Charm['yaml'],
  keys: readonly (readonly [file: string, key: string])[],
): Charm['yaml'] {
  return Object.fromEntries(
    Object.entries(yaml).map(([file, value]) => {
      const left = keys.filter(([other]) => other === file).map(([, key]) => key);
      return [
        file,
        left.length === 0
          ? value
          : { ...Object(value), ...Object.fromEntries(left.map((key) => [key, null])) },
      ];
    }),
  );
}
