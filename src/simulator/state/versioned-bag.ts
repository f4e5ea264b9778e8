import type { VersionedBag } from './model-state.ts';

/** Merges settings into a bag, `''` removing a key; its version moves on only if something differs (Juju's rule). */
export function mergeSettings(bag: VersionedBag, changes: Readonly<Record<string, string>>): void {
  // A map, so that no key (such as "__proto__") is special.
  const merged = new Map(Object.entries(bag.settings));
  let differs = false;
  for (const [key, value] of Object.entries(changes)) {
    if ((merged.get(key) ?? '') === value) continue;
    differs = true;
    if (value === '') merged.delete(key);
    else merged.set(key, value);
  }
  if (!differs) return;
  bag.settings = Object.fromEntries(merged);
  bag.version += 1;
}
