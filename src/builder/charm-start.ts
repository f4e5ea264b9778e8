import { createHash } from 'node:crypto';

/** What `dispatch` runs. */
export const CHARM_START = 'charm.js';

/** What `bin/charms.reactive` runs. */
export const COMMAND_START = 'charm.command.js';

/** The file with the code that one of them runs: `charm.bundle.js`. */
export function codeOf(start: string): string {
  return start.replace(/\.js$/, '.bundle.js');
}

/**
 * The text of a file that runs the bundle beside it, as Node would, but with what V8 made of the code in an earlier
 * process, which halves the time that loading takes.
 *
 *     charm.js ──► charm.bundle.js ◄── charm.bundle.<hash>.cache
 *
 * The first process that ends well writes that file, whole or not at all; it is named after the code's content, since V8
 * itself tells two texts apart by their length alone. One that another version of Node wrote is not used, and written anew. Where
 * it cannot be written the charm runs all the same.
 */
export function writeStart(start: string, code: string): string {
  const file = codeOf(start);
  const earlier = new RegExp(`^${file.replace(/\.js$/, '').replaceAll('.', '\\.')}\\.[0-9a-f]{16}\\.cache$`);
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  return `'use strict';
// Runs ${file} with the code cache of an earlier process. To do without: CHARM_CODE_CACHE=off, or no right to write here.
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const bundle = \`\${__dirname}/${file}\`;
const cache = \`\${__dirname}/${file.replace(/\.js$/, '')}.${hash}.cache\`;
const wants = process.env.CHARM_CODE_CACHE !== 'off';

let cachedData;
try {
  if (wants) cachedData = readFileSync(cache);
} catch {}
const script = new Script(readFileSync(bundle, 'latin1'), { filename: bundle, cachedData });
if (wants && (cachedData === undefined || script.cachedDataRejected)) process.once('exit', keepCode);
script.runInThisContext()(exports, require, module, bundle, __dirname);

function keepCode(exitCode) {
  if (exitCode !== 0) return;
  const { readdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
  try {
    const draft = \`\${cache}.\${process.pid}\`;
    writeFileSync(draft, script.createCachedData());
    renameSync(draft, cache);
    for (const name of readdirSync(__dirname)) {
      if (${earlier}.test(name) && !cache.endsWith(name)) rmSync(\`\${__dirname}/\${name}\`);
    }
  } catch {}
}
`;
}
