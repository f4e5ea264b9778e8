import type { ReceivedData } from '../../relations/received-data.ts';
import type { Relation } from '../../relations/relation.ts';
import type { JsonValue } from '../../store/python-json.ts';

/** The JSON object that a request or response is on the wire. It has no prototype. */
export type WireValues = { readonly [key: string]: JsonValue };

/** The key of a request in the databag of the unit that makes it. */
export const REQUEST_PREFIX = 'request_';

/** The key of a response in the databag of the unit that responds, followed by the request's id. */
export const RESPONSE_PREFIX = 'response_';

const NOTHING: WireValues = Object.freeze(Object.create(null));

/** One key of a databag that holds a request or a response as a JSON object. */
export class WireEntry {
  readonly #relation: Relation;
  readonly #key: string;
  readonly #received: ReceivedData | undefined;
  #text: string | null | undefined;
  #values: WireValues = NOTHING;

  /** `received` is the remote unit's data for what it wrote; without it, the entry is in our own unit's databag. */
  constructor(relation: Relation, key: string, received?: ReceivedData) {
    this.#relation = relation;
    this.#key = key;
    this.#received = received;
  }

  get isOurs(): boolean {
    return this.#received === undefined;
  }

  /** Whether the databag has the key, with a JSON object. */
  get exists(): boolean {
    return this.values !== NOTHING;
  }

  /** What the object holds now; empty when there is none. */
  get values(): WireValues {
    if (this.#received) return asWireValues(this.#received[this.#key]) ?? NOTHING;
    const text = this.#relation.toPublishRaw[this.#key];
    if (text !== this.#text) {
      this.#text = text;
      this.#values = asWireValues(this.#relation.toPublish[this.#key]) ?? NOTHING;
    }
    return this.#values;
  }

  /** Publishes the object in place of what was there. Keys whose value is undefined are left out. */
  write(values: { readonly [key: string]: JsonValue | undefined }): void {
    this.#relation.toPublish[this.#key] = values as WireValues;
  }

  /** Takes the key out of our databag. */
  withdraw(): void {
    delete this.#relation.toPublish[this.#key];
  }
}

/** A value of a databag as a request or response; undefined when it is no JSON object. */
export function asWireValues(value: JsonValue | undefined): WireValues | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as WireValues;
}
