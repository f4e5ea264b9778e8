import { makeVitestPlugin, type ReactivePlugin } from './testing/vitest-plugin.ts';

export type { ReactivePlugin };

/**
 * The plugin for a layer's or an interface's vitest.config.ts:
 *
 *     export default defineConfig({ plugins: [reactive()] });
 *
 * See `makeVitestPlugin` for what it does. CHARM_LAYERS_DIR, CHARM_INTERFACES_DIR and CHARM_CACHE_DIR are heard as by the build.
 */
export function reactive(): ReactivePlugin {
  return makeVitestPlugin(process.env);
}
