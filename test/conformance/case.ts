import type { JsonValue } from 'charms-reactive';

/** One thing a handler of a case does: its name first, then what it does it with. */
export type Action = readonly [name: string, ...parameters: JsonValue[]];

export interface CaseHandler {
  readonly id: string;
  /** Outermost first, as written above a function: name, then patterns or flags. */
  readonly decorators: readonly (readonly [name: string, ...flags: string[]])[];
  readonly actions: readonly Action[];
}

export interface CaseInterface {
  readonly style: string;
  readonly handlers?: readonly CaseHandler[];
  readonly own_triggers?: readonly CaseTrigger[];
  readonly manage_flags?: readonly Action[];
  readonly scope?: string;
  readonly auto_accessors?: readonly string[];
  readonly request_fields?: readonly string[];
  readonly response_fields?: readonly string[];
}

export interface CaseTrigger {
  readonly when?: string;
  readonly when_not?: string;
  readonly set_flag?: string;
  readonly clear_flag?: string;
}

export interface CaseRelation {
  readonly app: string;
  readonly app_data: Readonly<Record<string, string>>;
  readonly units: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly departed?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface CaseHook {
  readonly hook: string;
  readonly relation_id?: string;
  readonly remote_unit?: string;
  readonly config?: Readonly<Record<string, JsonValue>>;
  readonly relations?: Readonly<Record<string, CaseRelation>>;
}

export interface Expectation {
  readonly ok: boolean;
  readonly invoked: readonly string[];
  readonly observed: readonly JsonValue[];
  readonly flags: readonly string[];
  readonly local: Readonly<Record<string, { readonly unit?: JsonValue; readonly app?: JsonValue }>>;
  readonly unchecked?: readonly string[];
  readonly kv: Readonly<Record<string, JsonValue>>;
}

/** What the reference did on one random charm, recorded. */
export interface Case {
  readonly id: string;
  readonly family: string;
  readonly unit: string;
  readonly leader: boolean;
  readonly charm: {
    readonly metadata: Readonly<Record<string, JsonValue>>;
    readonly config?: Readonly<Record<string, JsonValue>>;
    readonly layers?: readonly string[];
    readonly triggers?: readonly CaseTrigger[];
    readonly handlers?: readonly CaseHandler[];
    readonly interfaces?: Readonly<Record<string, CaseInterface>>;
  };
  readonly hooks: readonly CaseHook[];
  readonly expect: readonly Expectation[];
}
