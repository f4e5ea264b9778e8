import type { RelatedUnit } from '../../relations/related-unit.ts';
import type { Relation } from '../../relations/relation.ts';
import type { JsonValue } from '../../store/python-json.ts';
import type { NewFields } from './field.ts';
import { newFieldsFault, receivedFieldsFault } from './field-fault.ts';
import type { Malformed } from './malformed.ts';
import type { AnyRequestClass, RequestSource } from './request.ts';
import { RequestList, type RequestMatch } from './request-list.ts';
import { asWireValues, REQUEST_PREFIX, RESPONSE_PREFIX, WireEntry } from './wire-entry.ts';

/** What a request is made of: its fields, and an id where it shall not be a new UUID. */
export type NewRequest<C extends AnyRequestClass> = NewFields<C['fields']> & { readonly requestId?: string };

/** The requests this unit made on the relations of one endpoint. */
export class SentRequests<C extends AnyRequestClass> extends RequestList<C> {
  readonly #endpointName: string;

  /** Finds what earlier hooks published, and who answered it. What cannot be used of the answers goes to `malformed`. */
  constructor(source: {
    readonly requestClass: C;
    readonly endpointName: string;
    readonly relations: Iterable<Relation>;
    readonly malformed: Malformed[];
  }) {
    const { requestClass, endpointName, relations, malformed } = source;
    super(
      requestClass,
      [...relations].flatMap((relation) => findRequests(requestClass, relation, malformed)),
    );
    this.#endpointName = endpointName;
  }

  /**
   * Makes a request on a relation, in place of one with the same id. Exactly the fields that are given go out.
   * @throws TypeError for another endpoint's relation, an unknown field, and a value a field's check refuses.
   */
  create(relation: Relation, fields: NewRequest<C>): InstanceType<C> {
    const { requestId = crypto.randomUUID(), ...values } = fields as NewRequest<C> & {
      readonly [key: string]: JsonValue | undefined;
    };
    const fault = this.#relationFault(relation) ?? newFieldsFault(this.requestClass.fields, values);
    if (fault) throw new TypeError(`cannot create a request on relation "${relation.relationId}": ${fault}`);
    if (requestId === '') throw new TypeError('cannot create a request: its id cannot be empty');
    new WireEntry(relation, REQUEST_PREFIX + requestId).write({ ...values, request_id: requestId });
    return this.add({ requestId, relation });
  }

  /**
   * Finds the request on a relation whose fields named in `match` have the values in `fields`, and gives it all of
   * `fields`; makes one when there is none. In a loop over relations it makes one on each.
   * @throws TypeError when `match` names no field of `fields`, and for what `create` and `update` refuse.
   */
  createOrUpdate(
    relation: Relation,
    { match, fields }: { readonly match: readonly (keyof NewRequest<C>)[]; readonly fields: NewRequest<C> },
  ): InstanceType<C> {
    const unknown = match.find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined || match.length === 0) {
      throw new TypeError(
        `cannot find the request to update on relation "${relation.relationId}": ` +
          (unknown === undefined
            ? 'name the fields to find it by'
            : `no value is given for "${String(unknown)}"`),
      );
    }
    const found = this.find(
      Object.fromEntries(match.map((name) => [name, fields[name]])) as RequestMatch<C>,
      relation,
    );
    if (!found) return this.create(relation, fields);
    const { requestId, ...values } = fields as NewRequest<C>;
    if (requestId !== undefined && requestId !== found.requestId)
      throw new TypeError(`cannot give request "${found.requestId}" the id "${requestId}": an id stays`);
    found.update(values);
    return found;
  }

  #relationFault(relation: Relation): string | undefined {
    if (relation.endpointName === this.#endpointName) return undefined;
    return `it belongs to another endpoint than "${this.#endpointName}"`;
  }
}

function findRequests(
  requestClass: AnyRequestClass,
  relation: Relation,
  malformed: Malformed[],
): RequestSource[] {
  return Object.keys(relation.toPublishRaw)
    .filter((key) => key.startsWith(REQUEST_PREFIX))
    .flatMap((key) => {
      const requestId = key.slice(REQUEST_PREFIX.length);
      if (asWireValues(relation.toPublish[key] ?? null)?.request_id !== requestId) return [];
      const responder = findResponder({ requestClass, relation, requestId, malformed });
      return [{ requestId, relation, responder }];
    });
}

/** The first unit with an answer that can be used. */
function findResponder(search: {
  readonly requestClass: AnyRequestClass;
  readonly relation: Relation;
  readonly requestId: string;
  readonly malformed: Malformed[];
}): RelatedUnit | undefined {
  const key = RESPONSE_PREFIX + search.requestId;
  return search.relation.joinedUnits.find((unit) => {
    if (!(key in unit.received)) return false;
    const values = asWireValues(unit.received[key]);
    const fault = values
      ? receivedFieldsFault(search.requestClass.responseClass.fields, values)
      : 'it is no JSON object';
    if (fault) search.malformed.push({ unit, key, fault });
    return !fault;
  });
}
