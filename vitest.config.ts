import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { defineConfig, type Plugin } from 'vitest/config';
import { FileOrder } from './test/file-order.ts';
import { TallyReporter } from './test/tally-reporter.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Lowers standard decorators, which vitest's own TypeScript transform leaves as they are. */
const lowerDecorators: Plugin = {
  name: 'lower-decorators',
  enforce: 'pre',
  async transform(code, id) {
    if (!/\.ts($|\?)/.test(id)) return undefined;
    const result = await transform(code, {
      loader: 'ts',
      target: 'es2022',
      sourcemap: true,
      sourcefile: id.split('?')[0] ?? id,
    });
    return { code: result.code, map: result.map };
  },
};

/**
 * `*.redis.test.ts` talk to a real redis-server. Where there is none they are left out, with a word about it; CI, which
 * installs one, runs them always, so that they are never left out unnoticed.
 */
const redisTests = '**/*.redis.test.ts';
const hasRedisServer = (process.env.PATH ?? '')
  .split(':')
  .some((folder) => existsSync(`${folder}/redis-server`));
const runsRedisTests = hasRedisServer || Boolean(process.env.CI);
if (!runsRedisTests) console.warn(`redis-server is not on PATH: ${redisTests} are left out`);

export default defineConfig({
  oxc: false,
  plugins: [lowerDecorators],
  resolve: {
    alias: [
      { find: /^charms-reactive$/, replacement: here('./src/index.ts') },
      { find: /^charms-reactive\/compat$/, replacement: here('./src/compat.ts') },
      { find: /^charms-reactive\/testing$/, replacement: here('./src/testing.ts') },
      { find: /^charms-reactive\/(interfaces|layers)\/(.*)$/, replacement: `${here('./')}$1/$2.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: runsRedisTests ? [] : [redisTests],
    // Most tests wait for processes: one worker alone would leave half of a small machine idle.
    maxWorkers: '100%',
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['default', ...(process.env.GITHUB_ACTIONS ? ['github-actions'] : []), new TallyReporter()],
    globalSetup: here('./test/shared-folder.ts'),
    // Tests start the command many times, and each would compile all of it again.
    env: { NODE_COMPILE_CACHE: here('./node_modules/.cache/compiled') },
    // A worker of its own for each file would cost more than many files themselves do: files share workers, and the
    // modules that are loaded there. What a file changes of its process it puts back, or it fails.
    isolate: false,
    setupFiles: here('./test/unchanged-process.ts'),
    sequence: { sequencer: FileOrder },
  },
});
