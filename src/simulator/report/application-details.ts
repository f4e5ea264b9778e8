import { compareNaturally } from '../hook-tools/natural-order.ts';
import type { ApplicationState, ModelState } from '../state/model-state.ts';
import { endpointBindings } from './application-report.ts';
import { baseOf, formatBase } from './charm-base.ts';
import { ARCHITECTURE } from './machine-report.ts';
import { unlessEmpty } from './structured-text.ts';

/** An application as `juju show-application` has it. */
export interface ApplicationDetails {
  readonly charm: string;
  readonly base: string;
  readonly constraints?: { readonly arch: string };
  readonly principal: boolean;
  readonly exposed: boolean;
  readonly 'exposed-endpoints'?: Readonly<Record<string, { readonly 'expose-to-cidrs': readonly string[] }>>;
  readonly remote: boolean;
  readonly life: string;
  readonly 'endpoint-bindings'?: Readonly<Record<string, string>>;
}

/** `juju show-application`: applications by name. Throws, in Juju's words, naming all that there are not. */
export function reportApplicationDetails(
  state: ModelState,
  names: readonly string[],
): Record<string, ApplicationDetails> {
  const missing = names.filter((name) => state.applications[name] === undefined);
  if (missing.length > 0) {
    throw new Error(missing.map((name) => `application "${name}" not found`).join('\n'));
  }
  const applications = [...names].sort(compareNaturally).flatMap((name) => state.applications[name] ?? []);
  return Object.fromEntries(applications.map((application) => [application.name, reportOne(application)]));
}

function reportOne(application: ApplicationState): ApplicationDetails {
  const { metadata } = application.charm;
  const everybody = { '': { 'expose-to-cidrs': ['0.0.0.0/0', '::/0'] } };
  return {
    charm: metadata.name,
    base: formatBase(baseOf(application.charm)),
    // Juju notes for each principal what it was deployed on.
    ...(metadata.subordinate ? {} : { constraints: { arch: ARCHITECTURE } }),
    principal: !metadata.subordinate,
    exposed: application.exposed,
    ...(application.exposed ? { 'exposed-endpoints': everybody } : {}),
    remote: false,
    life: application.life,
    ...unlessEmpty('endpoint-bindings', endpointBindings(application)),
  };
}
