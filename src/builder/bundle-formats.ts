import { isBuiltin } from 'node:module';
import { basename } from 'node:path';
import { type TransformFailure, type TransformOptions, transform } from 'esbuild';

/**
 * What the entry of a bundle becomes:
 *
 *     function   one expression: a function of exports, require, module, the file's name and its folder's
 *     script     a CommonJS module, which Node starts faster than an ES module
 */
export type CommonFormat = 'function' | 'script';

/** `module`, an ES module, only where some module awaits at its top level. */
export type BundleFormat = CommonFormat | 'module';

/** A file of ES module code, its source map inline. */
export interface CodeFile {
  /** Its path in the charm. */
  readonly path: string;
  readonly code: string;
}

/** A file of a bundle. */
export interface BundledFile extends CodeFile {
  /** What goes into a file beside it, `<path>.map`: its source map, with the sources in it. */
  readonly map: string;
}

/** Brings files that a bundler made, the entry first, into a format; all of them stay ES modules where one has to. */
export async function formatFiles(
  files: readonly CodeFile[],
  format: CommonFormat,
): Promise<{ readonly format: BundleFormat; readonly files: readonly BundledFile[] }> {
  try {
    const formats = files.map((_, index) => (index === 0 ? format : 'script'));
    return {
      format,
      files: await Promise.all(files.map((file, index) => write(file, formats[index] ?? format))),
    };
  } catch (error) {
    if (!isTopLevelAwait(error)) throw error;
    return { format: 'module', files: await Promise.all(files.map((file) => write(file, 'module'))) };
  }
}

async function write({ path, code }: CodeFile, format: BundleFormat): Promise<BundledFile> {
  const result = await transform(format === 'module' ? code : passOnExports(code), {
    loader: 'js',
    platform: 'node',
    target: 'es2022',
    // One byte a character, which is read faster.
    charset: 'ascii',
    sourcemap: 'external',
    sourcesContent: true,
    sourcefile: path,
    legalComments: 'inline',
    logLevel: 'silent',
    ...FORMATS[format],
  });
  const link = `//# sourceMappingURL=${basename(path)}.map\n`;
  return { path, code: lightenImports(result.code) + link, map: result.map };
}

const FILE_URL = 'charmFileUrl';

/**
 * `node:child_process`, which is dear to load, is not even loaded when its functions are looked up, as in
 * `const run = promisify(execFile)`: it is when one of them is called.
 */
const LAZY_BUILTIN = `const lazyBuiltin = (name) => {
  let loaded;
  const load = () => (loaded ??= require(name));
  const isLater = (key) => name === 'node:child_process' && /^(exec|execFile|fork|spawn)(Sync)?$/.test(key);
  const wrappers = {};
  const wrap = (key) => {
    const call = (...parameters) => load()[key](...parameters);
    const promise = (...parameters) => require('node:util').promisify(load()[key])(...parameters);
    return Object.assign(call, { [Symbol.for('nodejs.util.promisify.custom')]: promise });
  };
  return new Proxy({}, {
    get: (_, key) => {
      if (!loaded && isLater(String(key))) return (wrappers[key] ??= wrap(key));
      return key === 'default' ? load() : load()[key];
    },
  });
};`;

const PRELUDE = `const ${FILE_URL} = require('node:url').pathToFileURL(__filename).href;
${LAZY_BUILTIN}`;

const COMMON_JS: TransformOptions = {
  format: 'cjs',
  // What a charm loads late it loads with require, which is there already.
  supported: { 'dynamic-import': false },
  define: {
    'import.meta.url': FILE_URL,
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
};

const FORMATS: Readonly<Record<BundleFormat, TransformOptions>> = {
  function: {
    ...COMMON_JS,
    banner: `(function (exports, require, module, __filename, __dirname) {\n${PRELUDE}`,
    footer: '})',
  },
  script: { ...COMMON_JS, banner: PRELUDE },
  module: {
    format: 'esm',
    // CommonJS packages expect these three of their surroundings.
    banner: `import { createRequire as createCharmRequire } from 'node:module';\nconst require = createCharmRequire(import.meta.url);`,
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
  },
};

/** Where a CommonJS package is imported late, esbuild passes on its exports as one; this way their names are there, too. */
function passOnExports(code: string): string {
  return code.replace(/^export default (require_\w+)\(\);$/m, 'module.exports = $1();');
}

/**
 * Lets builtin modules be loaded when something of them is first used, not when the charm starts: most hooks use few of those
 * that are imported, and loading `node:crypto` alone takes as long as all of the framework.
 *
 *     var import_node_fs = require("node:fs");   becomes   var import_node_fs = lazyBuiltin("node:fs");
 */
function lightenImports(code: string): string {
  return code.replaceAll(
    /^var (import_\w+) = (?:__toESM\()?require\("([\w:/]+)"\)(?:(?:, 1)?\))?;$/gm,
    (line, variable, name) => (isBuiltin(name) ? `var ${variable} = lazyBuiltin("${name}");` : line),
  );
}

function isTopLevelAwait(error: unknown): boolean {
  const { errors = [] } = error as Partial<TransformFailure>;
  return errors.some(({ text }) => text.startsWith('Top-level await is currently not supported'));
}
