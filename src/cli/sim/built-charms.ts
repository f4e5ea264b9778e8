import { charmFoldersOf, type Scenario, withCharmFolders } from '../../simulator/explore/scenario.ts';
import { type CharmSource, openCharmSource } from './charm-source.ts';

/**
 * Lends a scenario with charms' folders in place of what it names: each layer is built, and each packed charm unpacked,
 * once for all runs. They are gone when `use` has settled. Throws where one of them is no charm.
 */
export async function withBuiltCharms<Result>(
  scenario: Scenario,
  use: (scenario: Scenario) => Promise<Result>,
): Promise<Result> {
  const sources = new Map<string, CharmSource>();
  try {
    for (const charm of charmFoldersOf(scenario)) sources.set(charm, await openCharmSource(charm));
    const folders = [...sources].map(([charm, { folder }]) => [charm, folder] as const);
    return await use(withCharmFolders(scenario, new Map(folders)));
  } finally {
    for (const source of sources.values()) source.dispose();
  }
}
