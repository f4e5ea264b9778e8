import { runningUnit } from '../charm/running-unit.ts';
import { pythonText } from '../conversations/python-text.ts';
import type { JsonValue } from '../store/python-json.ts';
import type { NetworkAnswer, RawBag } from '../tools/hook-tools.ts';

/** Whether this is the hook of a relation. */
export function in_relation_hook(): boolean {
  return runningUnit('in_relation_hook').hook.relation !== undefined;
}

/** The endpoint that the hook is about; null outside of relation hooks. */
export function relation_type(): string | null {
  return runningUnit('relation_type').hook.relation?.endpoint ?? null;
}

/** The id of the hook's relation, or of an endpoint's relation with an application, given by itself or by one of its units. */
export function relation_id(relation_name?: string, service_or_unit?: string): string | null {
  const { hook, tools } = runningUnit('relation_id');
  if (!relation_name || !service_or_unit) return hook.relation?.id ?? null;
  const application = service_or_unit.split('/')[0];
  return tools.relationIds(relation_name).find((id) => tools.relationApplication(id) === application) ?? null;
}

/** The ids of an endpoint's relations; of the hook's endpoint where none is given. */
export function relation_ids(reltype?: string): string[] {
  const { hook, tools } = runningUnit('relation_ids');
  const endpoint = reltype ?? hook.relation?.endpoint;
  return endpoint ? tools.relationIds(endpoint) : [];
}

/** The remote units of a relation; of the hook's where none is given. */
export function related_units(relid?: string): string[] {
  const { hook, tools } = runningUnit('related_units');
  const id = relid ?? hook.relation?.id;
  return id ? tools.relationList(id) : [];
}

/** The unit that the hook is about; null where it is about none. */
export function remote_unit(): string | null {
  return runningUnit('remote_unit').hook.relation?.remoteUnit ?? null;
}

/** The application on the other side of a relation; of the hook's where none is given. */
export function remote_service_name(relid?: string): string | null {
  const { hook, tools } = runningUnit('remote_service_name');
  if (relid !== undefined) return tools.relationApplication(relid) ?? null;
  return hook.relation?.remoteApplication ?? null;
}

/** The unit that goes, in a departed hook, which may be this one. */
export function departing_unit(): string | null {
  return runningUnit('departing_unit').hook.relation?.departingUnit ?? null;
}

/** Whose databag to look into: a unit's, or with `app` an application's. What the hook is about, where it is not said. */
export interface WhoseData {
  readonly unit?: string;
  readonly app?: string;
  readonly rid?: string;
}

/** What a unit published under a key, as text, null where it did not; or, without a key, all of it. */
export function relation_get(attribute?: null, whose?: WhoseData): RawBag;
export function relation_get(attribute: string, whose?: WhoseData): string | null;
export function relation_get(
  attribute: string | null = null,
  { unit, app, rid }: WhoseData = {},
): RawBag | string | null {
  const { hook, tools } = runningUnit('relation_get');
  const relationId = rid ?? hook.relation?.id;
  const member = app ?? unit ?? hook.relation?.remoteUnit;
  if (!relationId || !member) {
    throw new TypeError(
      `cannot read relation data in the hook "${hook.name}": it is about no unit; give { unit, rid }`,
    );
  }
  const bag = tools.relationGet({ relationId, member, ...(app ? { app: true } : {}) }) ?? {};
  return attribute === null ? bag : (bag[attribute] ?? null);
}

/**
 * Publishes values as Python's `str` writes them, in the hook's relation unless another one is given; null removes a key.
 * It lands when the hook succeeds. An endpoint's `to_publish` does the same, and skips what is published already.
 */
export function relation_set(
  settings: Readonly<Record<string, JsonValue>>,
  { rid, app = false }: { readonly rid?: string; readonly app?: boolean } = {},
): void {
  const { hook, tools } = runningUnit('relation_set');
  const relationId = rid ?? hook.relation?.id;
  if (!relationId) {
    throw new TypeError(
      `cannot publish relation data in the hook "${hook.name}": it is about no relation; give { rid }`,
    );
  }
  const texts = Object.entries(settings).map(([key, value]) => [key, pythonText(value ?? '')]);
  tools.relationSet({ relationId, app }, Object.fromEntries(texts));
}

/** An address of this unit. Throws when it is not known. */
export function unit_get(attribute: 'private-address' | 'public-address'): string {
  return runningUnit('unit_get').tools.unitGet(attribute);
}

/** The address that other units reach this one at. Throws when it is not known. */
export function unit_private_ip(): string {
  return unit_get('private-address');
}

/** The address that the world reaches this unit at. Throws when it is not known. */
export function unit_public_ip(): string {
  return unit_get('public-address');
}

/** The addresses of an endpoint or an extra binding, of one relation where it is given. */
export function network_get(endpoint: string, relation_id?: string): NetworkAnswer {
  const { tools } = runningUnit('network_get');
  return tools.networkGet(endpoint, relation_id === undefined ? {} : { relationId: relation_id });
}

/** The address to bind to for an endpoint or an extra binding. @throws Error when Juju knows none. */
export function network_get_primary_address(binding: string): string {
  const address = network_get(binding)['bind-addresses']?.[0]?.addresses?.[0]?.value;
  if (address) return address;
  throw new Error(`cannot find an address for the binding "${binding}": network-get gives none`);
}

/** The address under which a unit says it is reached; null when it does not say. */
export function ingress_address(rid?: string, unit?: string): string | null {
  const bag = relation_get(null, { ...(rid ? { rid } : {}), ...(unit ? { unit } : {}) });
  return bag['ingress-address'] ?? bag['private-address'] ?? null;
}
