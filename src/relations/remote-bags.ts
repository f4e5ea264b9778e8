import type { HookContext } from '../hook/environment.ts';
import { parsePythonJson } from '../store/python-json.ts';
import type { UnitStore } from '../store/unit-store.ts';
import type { HookTools, RawBag } from '../tools/hook-tools.ts';

/** Where the store keeps what remote units published, one key for each of them: `reactive.remote.<relation id>.<unit>`. */
export const REMOTE_BAGS = 'reactive.remote.';

/** How many characters are kept of a bag; to ask for a larger one is cheaper than to write and read it with the store. */
const MAX_KEPT = 64 * 1024;

/** A unit in a relation. */
export interface Member {
  readonly relationId: string;
  readonly unitName: string;
}

/**
 * What remote units published, kept from hook to hook: a hook asks for its own unit and for those it has not seen before, and not
 * for all of hundreds.
 *
 * Juju runs a changed hook for each change of a bag, so one that is kept can be older than `relation-get` by the events that are
 * still to come, and no more. A hook that fails, or is killed, leaves the store as it was; should it never be run again (`juju
 * resolved --no-retry`), its unit's bag has to be asked for anew: that is the caller's to see to, with `forget`.
 */
export class RemoteBags {
  readonly #store: UnitStore;
  readonly #tools: HookTools;
  /** By relation, then by unit. */
  readonly #known = new Map<string, Map<string, KeptBag>>();
  /** Whom this hook is about: asked for, whatever is kept. */
  #stale: Member | undefined;

  constructor(source: { readonly store: UnitStore; readonly tools: HookTools }) {
    this.#store = source.store;
    this.#tools = source.tools;
  }

  /**
   * Begins a hook, before anything is read: what Juju says has changed, or is about to go, is not taken as it was. After
   * `upgrade-charm` nothing is, since a charm that keeps nothing may have run here meanwhile.
   */
  begin({ name, relation }: HookContext): void {
    if (name === 'upgrade-charm') this.forgetAll();
    if (!relation) return;
    const { id: relationId, remoteUnit: unitName } = relation;
    if (name.endsWith('-relation-broken')) this.forgetGone(relationId);
    else if (unitName !== undefined) this.#stale = { relationId, unitName };
  }

  /** A unit's bag, as kept, or else as Juju answers; undefined where Juju knows no such bag. */
  read(member: Member): RawBag | undefined {
    const kept = this.#find(member);
    if (kept) return kept.bag;
    const bag = this.#tools.relationGet({ relationId: member.relationId, member: member.unitName });
    // A unit that Juju does not know may come to be.
    if (bag) this.#keep(member, { bag, isCompared: false, isFresh: true });
    return bag;
  }

  /** Whether a unit's bag is kept, and `markCompared` was called since it was read from Juju. */
  isCompared(member: Member): boolean {
    return this.#find(member)?.isCompared ?? false;
  }

  /** Remembers that nobody has to look for changes in a unit's bag as it is. */
  markCompared(member: Member): void {
    const kept = this.#find(member);
    if (kept && !kept.isCompared) this.#keep(member, { ...kept, isCompared: true });
  }

  /** Asks at once for those of the units whose bags are not kept. */
  askAhead(members: readonly Member[]): void {
    const missing = members.filter((member) => !this.#find(member));
    if (missing.length < 2) return;
    this.#tools.askAhead((tools) => {
      for (const { relationId, unitName } of missing) tools.relationGet({ relationId, member: unitName });
    });
  }

  forget(member: Member): void {
    this.#known.get(member.relationId)?.delete(member.unitName);
    this.#store.unset(keyOf(member));
  }

  /** Forgets the units of a relation but for those that are here. */
  forgetGone(relationId: string, isHere: (unitName: string) => boolean = () => false): void {
    for (const unitName of [...this.#of(relationId).keys()]) {
      if (!isHere(unitName)) this.forget({ relationId, unitName });
    }
  }

  /** Forgets all units. */
  forgetAll(): void {
    for (const key of this.#store.listKeys(REMOTE_BAGS)) this.#store.unset(key);
    this.#known.clear();
  }

  /** The ids of relations of which something is kept. */
  relationIds(): string[] {
    const ids = this.#store
      .listKeys(REMOTE_BAGS)
      .map((key) => key.slice(REMOTE_BAGS.length, key.lastIndexOf('.')));
    return [...new Set(ids)];
  }

  #find(member: Member): KeptBag | undefined {
    const kept = this.#of(member.relationId).get(member.unitName);
    return kept && !kept.isFresh && this.#isStale(member) ? undefined : kept;
  }

  #isStale({ relationId, unitName }: Member): boolean {
    return this.#stale?.unitName === unitName && this.#stale.relationId === relationId;
  }

  /** All that is kept of a relation, read at once. */
  #of(relationId: string): Map<string, KeptBag> {
    let units = this.#known.get(relationId);
    if (!units) {
      const prefix = `${REMOTE_BAGS}${relationId}.`;
      const stored = this.#store.listTexts(prefix);
      units = new Map(
        stored.flatMap(({ key, data }) => readKept(data).map((kept) => [key.slice(prefix.length), kept])),
      );
      this.#known.set(relationId, units);
    }
    return units;
  }

  #keep(member: Member, kept: KeptBag): void {
    this.#of(member.relationId).set(member.unitName, kept);
    if (sizeOf(kept.bag) > MAX_KEPT) this.#store.unset(keyOf(member));
    else this.#store.set(keyOf(member), { data: { ...kept.bag }, compared: kept.isCompared });
  }
}

interface KeptBag {
  readonly bag: RawBag;
  readonly isCompared: boolean;
  /** Whether Juju gave it in this hook. */
  readonly isFresh: boolean;
}

function sizeOf(bag: RawBag): number {
  return Object.entries(bag).reduce((size, [key, text]) => size + key.length + text.length, 0);
}

function keyOf({ relationId, unitName }: Member): string {
  return `${REMOTE_BAGS}${relationId}.${unitName}`;
}

/** Whatever the store holds, only a bag is taken for one. */
function readKept(text: string): KeptBag[] {
  const value = parseText(text);
  const { data, compared } = (value ?? {}) as { readonly data?: unknown; readonly compared?: unknown };
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return [];
  const bag = data as RawBag;
  for (const key of Object.keys(bag)) if (typeof bag[key] !== 'string') return [];
  // No key means anything but itself.
  return [{ bag: Object.setPrototypeOf(bag, null), isCompared: compared === true, isFresh: false }];
}

/** The runtime's own parser is several times faster; it reads a few escapes in keys wrong. */
function parseText(text: string): unknown {
  try {
    return text.includes('\\') ? parsePythonJson(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
}
