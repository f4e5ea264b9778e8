import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { comparableName, readRequirementName } from './python-requirement.ts';
import { type ComposedFile, type Copies, highest, type Tactic } from './tactic.ts';

/** Where a layer says which versions may be taken, for packages asked for by others too. */
const CONSTRAINTS = 'wheelhouse-constraints.txt';

/**
 * wheelhouse.txt: the requirements of all layers one after the other, each under its layer's name; one that a higher layer
 * has too becomes a comment. So do the constraints that lie beside them. Nothing is downloaded: the wheelhouse itself
 * is for pip to fill.
 */
export const wheelhouseTactic: Tactic = {
  handles: (path) => path === 'wheelhouse.txt',
  needsLower: true,
  plan: (copies) => {
    const merge = () => mergeCopies(copies);
    // One alone has nothing to go together with, and is looked at when all else was.
    const merged = copies.length > 1 ? merge() : undefined;
    return () => merged ?? merge();
  },
};

function mergeCopies(copies: Copies): readonly ComposedFile[] {
  const requirements = mergeLines(copies.map(({ source, layer }) => readBlock(source, layer.url)));
  const constraints = withDefaults(
    mergeLines(copies.map(({ source, layer }) => readBlock(join(dirname(source), CONSTRAINTS), layer.url))),
  );
  return [mergedText(copies, 'wheelhouse.txt', requirements), mergedText(copies, CONSTRAINTS, constraints)];
}

/** The reference's own constraint, unless a layer has one for that package: what comes after cannot build old packages. */
const DEFAULT_CONSTRAINTS = ['setuptools<82'];

interface Line {
  readonly text: string;
  /** The package it is about, undefined for comments and the like. */
  readonly name: string | undefined;
}

interface Block {
  readonly layer: string;
  readonly lines: readonly Line[];
}

function readBlock(source: string, layer: string): Block {
  if (!existsSync(source)) return { layer, lines: [] };
  const lines = splitLines(readFileSync(source, 'utf8')).map((text) => {
    const name = readRequirementName(text, { source, layer });
    return { text, name: name === undefined ? undefined : comparableName(name) };
  });
  return { layer, lines: [comment(`# ${layer}`), ...lines, comment('')] };
}

function mergeLines(blocks: readonly Block[]): readonly Line[] {
  return blocks.reduce<readonly Line[]>((lower, { layer, lines }) => {
    const names = new Set(lines.map(({ name }) => name));
    const kept = lower.map((line) =>
      line.name !== undefined && names.has(line.name)
        ? comment(`# ${line.text}  # overridden by ${layer}`)
        : line,
    );
    return [...kept, ...lines];
  }, []);
}

function withDefaults(lines: readonly Line[]): readonly Line[] {
  const missing = DEFAULT_CONSTRAINTS.filter(
    (text) => !lines.some(({ name }) => name === /^[\w.-]+/.exec(text)?.[0]),
  ).map(comment);
  if (lines.length === 0 || missing.length === 0) return [...lines, ...missing];
  return [...lines, comment('# Default constraints'), ...missing, comment('')];
}

function comment(text: string): Line {
  return { text, name: undefined };
}

function mergedText(copies: Copies, path: string, lines: readonly Line[]): ComposedFile {
  return {
    path,
    content: new TextEncoder().encode(lines.map(({ text }) => `${text}\n`).join('')),
    isExecutable: false,
    owner: highest(copies).layer.url,
    kind: 'dynamic',
    sources: copies.map(({ source }) => source),
  };
}

/** Lines as the reference's language splits them; the last one ends with the text. */
function splitLines(text: string): readonly string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they end a line there
  const lines = text.split(/\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
