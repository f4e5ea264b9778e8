import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addToTree } from '../builder/charm-tree.ts';

/** One block of code of the porting guide, with the comment above it: `<!-- ts: NAME file: PATH with: NAME, NAME -->`. */
export interface Snippet {
  /** `ladder.compat`: what it shows, and in which form. For YAML and bash, the file it is. */
  readonly name: string;
  readonly language: string;
  /** Where the code lies in a charm; `reactive/web.ts` unless the guide says otherwise. */
  readonly file: string;
  /** Names of the snippets that lie beside it. */
  readonly with: readonly string[];
  readonly code: string;
  /** The line of the guide on which the code begins. */
  readonly line: number;
}

const GUIDE = fileURLToPath(new URL('../../docs/porting-from-python.md', import.meta.url));
const BLOCK = /^(?:<!-- (?<comment>.*) -->\n)?```(?<language>\w+)\n(?<code>[\s\S]*?)^```$/gm;

/** Every block of code in the guide, in order; `name` is empty where no comment stands above it. */
export function readGuide(): Snippet[] {
  const text = readFileSync(GUIDE, 'utf8');
  return Array.from(text.matchAll(BLOCK), ({ groups = {}, index }) => {
    const { comment = '', language = '', code = '' } = groups;
    const [, name = '', file = 'reactive/web.ts', besides = ''] =
      /^\w+: (\S+)(?: file: (\S+))?(?: with: (.+))?$/.exec(comment) ?? [];
    const line = text.slice(0, index).split('\n').length;
    return { name, language, file, with: besides ? besides.split(', ') : [], code, line };
  });
}

/**
 * Writes a snippet, and what lies beside it, into a folder of its own. The name that an interface has in a charm is made a
 * path, as the builder does. Returns the snippet's file.
 */
export function writeSnippet(folder: string, snippet: Snippet, all: readonly Snippet[]): string {
  const own = path.join(folder, snippet.name);
  for (const part of [snippet, ...snippet.with.map((name) => findSnippet(all, name))]) {
    const up = '../'.repeat(part.file.split('/').length - 1);
    const code = part.code.replaceAll(
      /'charms-reactive\/(interfaces\/[^']+)'/g,
      (_, file) => `'${up || './'}${file}.ts'`,
    );
    addToTree(own, { [part.file]: code });
  }
  return path.join(own, snippet.file);
}

/** @throws Error when the guide has no snippet of that name. */
export function findSnippet(all: readonly Snippet[], name: string): Snippet {
  const found = all.find((snippet) => snippet.name === name);
  if (found) return found;
  throw new Error(`cannot find the snippet "${name}" in the porting guide`);
}
