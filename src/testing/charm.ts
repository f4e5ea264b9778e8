import type { CharmDefinition } from '../charm/charm-definition.ts';

/**
 * The charm under test: the layer in whose folder the tests run, with all that it includes, put together as the build does.
 * A layer that is no charm has a metadata.yaml of its name alone.
 *
 * The plugin `reactive` of `charms-reactive/vitest` has it made. Without it there is none, and to import this throws.
 */
export const charm: CharmDefinition = refuse();

function refuse(): never {
  throw new Error(
    'cannot import the charm under test: add "reactive()" of "charms-reactive/vitest" to the plugins in vitest.config.ts',
  );
}
