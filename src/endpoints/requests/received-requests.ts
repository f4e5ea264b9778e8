import type { RelatedUnit } from '../../relations/related-unit.ts';
import { receivedFieldsFault } from './field-fault.ts';
import type { Malformed } from './malformed.ts';
import type { AnyRequestClass, RequestSource } from './request.ts';
import { RequestList } from './request-list.ts';
import { asWireValues, REQUEST_PREFIX } from './wire-entry.ts';

/**
 * The requests that remote units make of this one.
 *
 * Ids are unique; should two relations hold the same one, the request of the later relation hides the other (the
 * reference's rule), which is still found on its own relation.
 */
export class ReceivedRequests<C extends AnyRequestClass> extends RequestList<C> {
  /** Finds the units' requests. What cannot be used of them goes to `malformed`. */
  constructor(source: {
    readonly requestClass: C;
    readonly units: Iterable<RelatedUnit>;
    readonly malformed: Malformed[];
  }) {
    const { requestClass, units, malformed } = source;
    super(
      requestClass,
      [...units].flatMap((unit) => findRequests(requestClass, unit, malformed)),
    );
  }

  protected override visible(requests: InstanceType<C>[]): InstanceType<C>[] {
    return [...new Map(requests.map((request) => [request.requestId, request])).values()];
  }
}

function findRequests(
  requestClass: AnyRequestClass,
  unit: RelatedUnit,
  malformed: Malformed[],
): RequestSource[] {
  return Object.keys(unit.received)
    .filter((key) => key.startsWith(REQUEST_PREFIX))
    .flatMap((key) => {
      const fault = requestFault(requestClass, unit, key);
      if (fault) {
        malformed.push({ unit, key, fault });
        return [];
      }
      return [{ requestId: key.slice(REQUEST_PREFIX.length), relation: unit.relation, remoteUnit: unit }];
    });
}

function requestFault(requestClass: AnyRequestClass, unit: RelatedUnit, key: string): string | undefined {
  const values = asWireValues(unit.received[key]);
  if (!values) return 'it is no JSON object';
  if (key === REQUEST_PREFIX) return 'it has no id';
  if (values.request_id !== key.slice(REQUEST_PREFIX.length))
    return 'its "request_id" is not that of its key';
  return receivedFieldsFault(requestClass.fields, values);
}
