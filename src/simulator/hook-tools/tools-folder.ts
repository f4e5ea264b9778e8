import { accessSync, chmodSync, constants, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST_MARK } from './host-recorder.ts';
import { HOST_TOOLS } from './host-tools.ts';
import { MODEL_TOOLS } from './model-tools.ts';
import { perlToolClient } from './perl-tool-client.ts';
import { NODE_CLIENT_FILE, nodeToolClient } from './tool-client.ts';

/** Linux takes no more than this of a script's first line. */
const LONGEST_SHEBANG = 127;

/** Every name that is on a charm's PATH. */
export const TOOL_NAMES: readonly string[] = [...MODEL_TOOLS.keys()];

/** What the tools are written in: perl starts several times as fast (see bench/README.md), node is always there. */
export type ToolLanguage = 'perl' | 'node';

/** Fills a directory with the hook tools, ready to be put on PATH. */
export function writeTools(folder: string, language: ToolLanguage = chooseLanguage()): void {
  writeLinks({ folder, names: TOOL_NAMES, mark: '', language });
}

/**
 * Fills a directory with stand-ins for the host's programs that change it, to be put on PATH between the hook tools and the
 * host's own folders. These are in `path`, which tells whether the host has those that tell what it is.
 */
export function writeHostTools(
  folder: string,
  path: string,
  language: ToolLanguage = chooseLanguage(),
): void {
  const folders = path.split(':').filter((part) => part !== '');
  const names = [...HOST_TOOLS]
    .filter(([name, { isSign }]) => !isSign || folders.some((part) => existsSync(join(part, name))))
    .map(([name]) => name);
  writeLinks({ folder, names, mark: HOST_MARK, language });
}

function chooseLanguage(): ToolLanguage {
  try {
    accessSync('/usr/bin/perl', constants.X_OK);
    return 'perl';
  } catch {
    return 'node';
  }
}

interface Links {
  readonly folder: string;
  readonly names: readonly string[];
  readonly mark: string;
  readonly language: ToolLanguage;
}

/** Through links and not wrappers in shell: one start less at each call. */
function writeLinks({ folder, names, mark, language }: Links): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = language === 'perl' ? '.tool-client.pl' : NODE_CLIENT_FILE;
  const client = join(folder, file);
  writeExecutable(client, language === 'perl' ? perlToolClient(mark) : nodeToolClient(mark));
  const isLinkable = language === 'perl' || isShebang(process.execPath);
  for (const name of names) {
    const tool = join(folder, name);
    if (isLinkable) symlinkSync(file, tool);
    else writeExecutable(tool, wrapperOf(client, name));
  }
}

function isShebang(program: string): boolean {
  return `#!${program}`.length <= LONGEST_SHEBANG && !/\s/.test(program);
}

function wrapperOf(client: string, name: string): string {
  return `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(client)} ${name} "$@"\n`;
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}

function writeExecutable(file: string, text: string): void {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}
