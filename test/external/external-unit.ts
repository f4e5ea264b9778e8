import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { defineLayer, type FunctionHandler, type FunctionLayerParts } from 'charms-reactive';
import { addToTree, type Tree } from '../builder/charm-tree.ts';
import { makeCharm, TrialUnit } from '../charm/trial-unit.ts';
import { builtCommand } from './built-command.ts';

/** The endpoints of every charm here. */
export const ENDPOINTS = {
  requires: { db: { interface: 'redis' }, cache: { interface: 'redis' } },
  provides: { site: { interface: 'http' } },
  peers: { ring: { interface: 'web-ring' } },
};

/** A unit whose charm has the given files below its folder, and a `bin` as the builder makes it. */
export async function unitWithFiles(
  files: Tree,
  code: {
    readonly handlers?: readonly FunctionHandler[];
    readonly parts?: FunctionLayerParts;
    readonly config?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<TrialUnit> {
  const layer = defineLayer('web', code.handlers ?? [], code.parts);
  const unit = new TrialUnit(
    makeCharm({
      metadata: ENDPOINTS,
      layers: { web: layer },
      ...(code.config ? { config: code.config } : {}),
    }),
    { config: Object.fromEntries(Object.keys(code.config ?? {}).map((name) => [name, 'value'])) },
  );
  await addCommand(unit.charmDir);
  addToTree(unit.charmDir, files);
  return unit;
}

/** Gives a charm's folder what the builder puts there for handlers in other languages. */
export async function addCommand(charmDir: string): Promise<void> {
  const built = await builtCommand();
  mkdirSync(path.join(charmDir, 'bin'));
  copyFileSync(path.join(built, 'bin/charms.reactive'), path.join(charmDir, 'bin/charms.reactive'));
  for (const file of ['bin/charms.reactive.sh', 'bin/node', 'charm.js', 'charm.command.js']) {
    symlinkSync(path.join(built, file), path.join(charmDir, file));
  }
}

/** A unit with one handler file in bash, `reactive/web.sh`. Its functions write what they do with `note`. */
export function unitWithBash(
  body: string,
  code: Parameters<typeof unitWithFiles>[1] = {},
): Promise<TrialUnit> {
  return unitWithFiles({ 'reactive/web.sh!': bash(body) }, code);
}

/** A handler file in bash. */
export function bash(body: string): string {
  return `#!/bin/bash
source charms.reactive.sh
note() { printf '%s\\n' "$*" >> "$CHARM_DIR/notes"; }
${body}
reactive_handler_main
`;
}

/** A handler file in sh, without the library, that notes how it is called. */
export function plain(parts: { readonly test?: string; readonly invoke?: string }): string {
  return `#!/bin/sh
note() { printf '%s\\n' "$*" >> "$CHARM_DIR/notes"; }
case "$1" in
--test)
${parts.test ?? 'exit 0'}
;;
--invoke)
${parts.invoke ?? ':'}
;;
esac
`;
}

/** What handlers noted since this was asked last. */
export function notes(unit: TrialUnit): string[] {
  const file = path.join(unit.charmDir, 'notes');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  writeFileSync(file, '');
  return lines;
}

/** What hooks left beside the store. */
export function leftovers(unit: TrialUnit): string[] {
  return readdirSync(unit.charmDir).filter((name) => name.startsWith('.unit-state.hook-'));
}
