import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Architecture,
  architectureOf,
  isScript,
  nodeArchitecture,
  ownArchitecture,
} from './architecture.ts';
import { BuildError } from './build-error.ts';
import { ownPlatform } from './native-addon.ts';
import { findNode } from './node-package.ts';

/** Where a bundled charm has its Node. */
export const NODE_PATH = 'bin/node';

/**
 * Where a charm's Node comes from:
 *
 *     bundled   the npm registry's package of it, for Linux: the charm needs none on the machine
 *     system    the machine that the charm runs on: a small script finds it on PATH
 *     link      the Node that builds the charm, by a symbolic link: the charm stays on this machine
 *     a path    that file, whatever it is called
 */
export type RuntimeChoice = 'bundled' | 'system' | 'link' | (string & {});

/** Which Node a charm gets. */
export interface RuntimeOptions {
  readonly choice: RuntimeChoice;
  /** What the charm is to run on; this machine's if not given. */
  readonly architecture?: Architecture;
  /** A folder for what is fetched. */
  readonly cache: string;
  readonly onStep: (message: string) => void;
}

/** A charm's Node. */
export interface Runtime {
  /** What is at `bin/node`: a program's content, or where a symbolic link leads. */
  readonly node: { readonly content: Uint8Array } | { readonly link: string };
  /** The platform of the addons that go with it, as better-sqlite3 names it: `linux-x64`. */
  readonly platform: string;
}

const SYSTEM_SCRIPT = `#!/bin/sh
# This charm brings no Node: it runs on the machine's own, which must be 22.12 or newer.
command -v node >/dev/null || { echo 'cannot run the charm: there is no node on PATH' >&2; exit 127; }
# Any Node runs the charm without dispatch's options; not every one may know them.
while [ "$1" != "\${1#--}" ]; do shift; done
exec node "$@"
`;

/** Brings the Node that was asked for. Throws `BuildError` where it cannot be had, or is for another architecture. */
export async function bringRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { choice, cache, onStep } = options;
  if (choice === 'link') return linkOwn(options.architecture);
  const architecture = options.architecture ?? ownArchitecture();
  const platform = `linux-${nodeArchitecture(architecture)}`;
  if (choice === 'system') return { node: { content: new TextEncoder().encode(SYSTEM_SCRIPT) }, platform };
  const program =
    choice === 'bundled'
      ? await findNode({ architecture, cache, onStep })
      : checkProgram(resolve(choice), choice, architecture);
  return { node: { content: readFileSync(program) }, platform };
}

function linkOwn(architecture: Architecture | undefined): Runtime {
  if (architecture !== undefined && architecture !== ownArchitecture()) {
    throw new BuildError(
      `cannot link the charm to this machine's Node: it is for ${ownArchitecture()}, and the charm for ${architecture}; give another --runtime`,
    );
  }
  return { node: { link: process.execPath }, platform: ownPlatform() };
}

function checkProgram(file: string, given: string, architecture: Architecture): string {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new BuildError(
      `cannot use "${given}" as the charm's Node: there is no such file; give "bundled", "system" or the path of a node`,
    );
  }
  if (isScript(file)) return file;
  const found = architectureOf(file);
  if (found === architecture) return file;
  const what = found === undefined ? 'it is no program for Linux on amd64 or arm64' : `it is for ${found}`;
  throw new BuildError(
    `cannot use "${given}" as the charm's Node: ${what}, and the charm is for ${architecture}`,
  );
}
