import type { Unit } from 'charms-reactive';

/** What the leader may set: a text, or what reads back as one; null, undefined and `''` take a key away. */
export type LeaderSettings = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where the unit keeps the settings as it last saw them, as the reference does. */
const PREFIX = 'leadership.settings.';

/** The leader's settings, or one of them; null where there is none of that name. */
export function leaderGet(unit: Unit): Readonly<Record<string, string>>;
export function leaderGet(unit: Unit, key: string): string | null;
export function leaderGet(unit: Unit, key?: string): Readonly<Record<string, string>> | string | null {
  const settings = unit.tools.leaderGet();
  if (key === undefined) return settings;
  return Object.hasOwn(settings, key) ? (settings[key] ?? null) : null;
}

/**
 * Sets some of the leader's settings, at once, for every unit to read, and the flags that go with them: Juju runs no hook on
 * the leader for what it set itself. Everything is kept as text.
 *
 * @throws HookToolError where this unit is not the leader: guard it with `leadership.is_leader`.
 */
export function leaderSet(unit: Unit, settings: LeaderSettings): void {
  const texts = Object.entries(settings).map(([key, value]) => [key, String(value ?? '').trim()] as const);
  unit.tools.leaderSet(Object.fromEntries(texts));
  noteSettings(unit, Object.fromEntries(texts.map(([key, text]) => [key, text || null])), {
    keepsOthers: true,
  });
}

/** Sets the flags by what Juju says now; what is different from the last time counts as changed. */
export function noteLeadership(unit: Unit): void {
  const { flags, kv } = unit;
  flags.toggle('leadership.is_leader', unit.isLeader);
  const known = Object.keys(kv.getRange(PREFIX, { strip: true })).map((key) => [key, null]);
  noteSettings(unit, { ...Object.fromEntries(known), ...leaderGet(unit) }, { keepsOthers: false });
}

/** With `keepsOthers`, what changed earlier in this hook stays changed. */
function noteSettings(
  { flags, kv }: Unit,
  settings: Readonly<Record<string, string | null>>,
  { keepsOthers }: { readonly keepsOthers: boolean },
): void {
  const changed = Object.entries(settings).filter(([key, value]) => value !== kv.get(PREFIX + key));
  for (const [key, value] of Object.entries(settings)) {
    const isChanged = changed.some(([name]) => name === key);
    if (isChanged || !keepsOthers) flags.toggle(`leadership.changed.${key}`, isChanged);
    flags.toggle(`leadership.set.${key}`, value !== null);
  }
  if (changed.length > 0 || !keepsOthers) flags.toggle('leadership.changed', changed.length > 0);
  kv.update(Object.fromEntries(changed), PREFIX);
}
