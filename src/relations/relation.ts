import type { HookContext } from '../hook/environment.ts';
import { HookToolError } from '../tools/errors.ts';
import type { BagOwner, HookTools, RawBag } from '../tools/hook-tools.ts';
import { CombinedUnits } from './combined-units.ts';
import { Databag, type PublishedData, type PublishedRaw } from './databag.ts';
import {
  makeReceivedViews,
  type ReceivedData,
  type ReceivedRaw,
  type ReceivedViews,
} from './received-data.ts';
import { RelatedUnit } from './related-unit.ts';
import type { RemoteBags } from './remote-bags.ts';

/** A unit that is not the leader tried to write its application's databag. */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError';
}

/** What a relation needs to know and to ask. */
export interface RelationContext {
  readonly hook: HookContext;
  readonly tools: HookTools;
  /** What is kept of remote units from hook to hook; without it Juju is asked each time. */
  readonly remoteBags?: RemoteBags | undefined;
}

/** One relation of an endpoint: the units on the other side, what they published, and what we publish. */
export class Relation {
  /** `db:3`. */
  readonly relationId: string;
  /** `db`. */
  readonly endpointName: string;
  readonly #context: RelationContext;
  readonly #unitBag: Databag;
  readonly #applicationBag: Databag;
  #application: { readonly name: string | undefined } | undefined;
  #units: CombinedUnits | undefined;
  #receivedApplication: ReceivedViews | undefined;

  constructor(relationId: string, context: RelationContext) {
    const { hook, tools } = context;
    this.relationId = relationId;
    this.endpointName = relationId.split(':')[0] ?? relationId;
    this.#context = context;
    this.#unitBag = new Databag({
      name: `the databag of unit ${hook.unit} in relation ${relationId}`,
      read: () => this.#readBag({ relationId, member: hook.unit }),
    });
    this.#applicationBag = new Databag({
      name: `the databag of application ${hook.application} in relation ${relationId}`,
      read: () => this.#readBag({ relationId, member: hook.application, app: true }),
      assertWritable: () => {
        if (tools.isLeader()) return;
        throw new NotLeaderError(
          `cannot publish for the application in relation "${relationId}": unit ${hook.unit} is not the leader`,
        );
      },
    });
  }

  /** The remote application (our own in a peer relation); undefined where Juju does not say. */
  get applicationName(): string | undefined {
    this.#application ??= { name: this.#findApplication() };
    return this.#application.name;
  }

  /** The remote units that joined and did not depart, by number. */
  get joinedUnits(): CombinedUnits {
    if (!this.#units) {
      const { tools, hook } = this.#context;
      const departing =
        isDepartedHook(hook) && hook.relation?.id === this.relationId ? hook.relation.remoteUnit : null;
      const listed = ignoringGone(() => tools.relationList(this.relationId)) ?? [];
      const names = listed.filter((name) => name !== departing);
      this.#units = new CombinedUnits(names.map((name) => this.unit(name)));
    }
    return this.#units;
  }

  /**
   * A unit of the other side by name, joined or not.
   *
   * What it published is as the last hook about it found it: Juju runs one for each change. To see what Juju knows this very
   * moment, ask `tools.relationGet`.
   */
  unit(unitName: string): RelatedUnit {
    return new RelatedUnit(this, unitName, () => this.#readRemote(unitName));
  }

  /** What the remote application itself published (its leader writes it), decoded. */
  get receivedApp(): ReceivedData {
    return this.#received().decoded;
  }

  /** What the remote application itself published, as text. */
  get receivedAppRaw(): ReceivedRaw {
    return this.#received().raw;
  }

  /** What this unit publishes, as values. */
  get toPublish(): PublishedData {
    return this.#unitBag.data;
  }

  /** What this unit publishes, as text, for peers that read no JSON. */
  get toPublishRaw(): PublishedRaw {
    return this.#unitBag.raw;
  }

  /** What our application publishes, as values. Only the leader may write: others get a NotLeaderError at once. */
  get toPublishApp(): PublishedData {
    return this.#applicationBag.data;
  }

  /** What our application publishes, as text. Only the leader may write: others get a NotLeaderError at once. */
  get toPublishAppRaw(): PublishedRaw {
    return this.#applicationBag.raw;
  }

  /** Our two bags, for the publisher. */
  get ownBags(): readonly { readonly app: boolean; readonly bag: Databag }[] {
    return [
      { app: false, bag: this.#unitBag },
      { app: true, bag: this.#applicationBag },
    ];
  }

  #received(): ReceivedViews {
    if (!this.#receivedApplication) {
      const member = this.applicationName;
      const bag = member ? this.#readBag({ relationId: this.relationId, member, app: true }) : {};
      this.#receivedApplication = makeReceivedViews(bag);
    }
    return this.#receivedApplication;
  }

  #findApplication(): string | undefined {
    const first = this.joinedUnits[0];
    if (first) return first.applicationName;
    const { hook, tools } = this.#context;
    if (hook.relation?.id === this.relationId && hook.relation.remoteApplication)
      return hook.relation.remoteApplication;
    return ignoringGone(() => tools.relationApplication(this.relationId));
  }

  #readRemote(unitName: string): RawBag {
    const { relationId } = this;
    const { remoteBags } = this.#context;
    if (!remoteBags) return this.#readBag({ relationId, member: unitName });
    return ignoringGone(() => remoteBags.read({ relationId, unitName })) ?? {};
  }

  /** A relation that is gone, or a unit that left for good, reads as empty: a race with Juju must not fail the hook. */
  #readBag(owner: BagOwner): RawBag {
    return ignoringGone(() => this.#context.tools.relationGet(owner)) ?? {};
  }
}

function isDepartedHook(hook: HookContext): boolean {
  return hook.name.endsWith('-relation-departed');
}

function ignoringGone<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof HookToolError && error.isGone) return undefined;
    throw error;
  }
}
