import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Composition, composeLayers } from '../../src/builder/compose.ts';
import type { LayerStack } from '../../src/builder/layer.ts';
import { resolveLayers } from '../../src/builder/resolve.ts';

/** Files by path, below one folder; `!` at the end of a path makes the file executable. */
export type Tree = Readonly<Record<string, string>>;

/** Writes files into a new folder, which goes when the test ends. Returns the folder. */
export function writeTree(tree: Tree): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'charm-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  addToTree(folder, tree);
  return folder;
}

/** Writes more files into a folder. */
export function addToTree(folder: string, tree: Tree): void {
  for (const [path, text] of Object.entries(tree)) {
    const file = join(folder, path.replace(/!$/, ''));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (path.endsWith('!')) chmodSync(file, 0o755);
  }
}

/** Every file below a folder that is no link, with its bytes, or with its text where `asText`. */
export function readTree(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  if (!existsSync(folder)) return files;
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (path === join('bin', 'node') || !statSync(join(folder, path)).isFile()) continue;
    const mark = (statSync(join(folder, path)).mode & 0o111) === 0 ? '' : '!';
    files[path + mark] = readFileSync(join(folder, path), 'latin1');
  }
  return files;
}

/** The layers of a tree that has `layers/` and `interfaces/`, from the charm at `layers/<top>` down. */
export function resolveTree(folder: string, top = 'top', onWarning?: (warning: string) => void): LayerStack {
  return resolveLayers({
    charm: join(folder, 'layers', top),
    folders: { layers: [join(folder, 'layers')], interfaces: [join(folder, 'interfaces')] },
    ...(onWarning === undefined ? {} : { onWarning }),
  });
}

/** Composes such a tree. */
export function composeTree(tree: Tree): Composition {
  return composeLayers(resolveTree(writeTree(tree)));
}

/** A composition's files by path, as text, marked as in `Tree`. */
export function composedTexts(tree: Tree): Record<string, string> {
  return Object.fromEntries(
    composeTree(tree).files.map(({ path, content, isExecutable }) => [
      isExecutable ? `${path}!` : path,
      new TextDecoder().decode(content),
    ]),
  );
}
