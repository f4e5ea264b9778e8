import { basename } from 'node:path';
import { transform } from 'esbuild';

/** A file that the bundler made. */
export interface BundlerOutput {
  readonly path: string;
  readonly text: string;
}

/**
 * Puts the bundler's own helpers, which it keeps in a file of their own where several files need them, into each that imports
 * them: a hook would have to look for one more file at its start. Lines stay where they are, for source maps.
 */
export async function inlineHelpers(
  outputs: readonly BundlerOutput[],
  helpers: BundlerOutput | undefined,
): Promise<BundlerOutput[]> {
  if (!helpers) return [...outputs];
  const { code } = await transform(helpers.text.replace(/^export \{[^}]*\};$/m, ''), {
    minifyWhitespace: true,
    logLevel: 'silent',
  });
  // Who wants none of them by name may import the file all the same.
  const helperImport = new RegExp(`^import (?:\\{([^}]*)\\} from )?"\\./${basename(helpers.path)}";$`, 'm');
  return outputs
    .filter((output) => output !== helpers)
    .map(({ path, text }) => ({
      path,
      text: text.replace(helperImport, (statement, list: string | undefined) => {
        const lineEnds = '\n'.repeat(statement.split('\n').length - 1);
        return (list === undefined ? '' : defineHelpers(code, list)) + lineEnds;
      }),
    }));
}

/** The helpers of an import's list, `a, b as c`, in one line. */
function defineHelpers(code: string, list: string): string {
  const names = list.split(',').map((name) => name.trim().split(' as '));
  const pairs = names.map(([name, alias = name]) => `${name}: ${alias}`);
  const kept = names.map(([name]) => name);
  return `const { ${pairs.join(', ')} } = (() => { ${code.trim()} return { ${kept.join(', ')} }; })();`;
}
