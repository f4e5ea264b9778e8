/** Who owns a secret: an application (its leader manages it), a unit, or, for one an operator made, the model. */
export interface SecretOwner {
  readonly kind: 'application' | 'unit' | 'model';
  /** `redis`, `redis/0`; the model's name for an operator's secret. */
  readonly name: string;
}

/** How often a secret's owner is to make a new revision of it. */
export type RotatePolicy = 'never' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly';

/** Keys and values of one revision, values in base64. */
export type SecretContent = Readonly<Record<string, string>>;

/** A secret with all its revisions, who may read it and which revision each reader sees. */
export interface SecretState {
  /** 20 characters, without `secret:`. */
  readonly id: string;
  readonly owner: SecretOwner;
  /** The owner's label; for an operator's secret its name. Empty where there is none. */
  label: string;
  description: string;
  /** ISO 8601, as is when anything about it was changed last. */
  readonly created: string;
  updated: string;
  rotate: RotatePolicy;
  /** When secret-rotate is due next (ISO 8601); null where it never is. */
  nextRotate: string | null;
  /** When the latest revision expires (ISO 8601); null where it never does. */
  expire: string | null;
  /** When secret-expired, which changed nothing, is due again (ISO 8601); null where it has not run. */
  nextExpired: string | null;
  /** For an operator's secret: whether revisions go that nobody reads any more. */
  autoPrune: boolean;
  /** By revision number; removed ones are missing. */
  readonly revisions: Record<string, SecretRevision>;
  /** The number of the newest revision ever made. */
  latest: number;
  grants: SecretGrant[];
  /** By unit, the owner's included. */
  readonly consumers: Record<string, SecretConsumer>;
}

/** One revision's content. */
export interface SecretRevision {
  readonly content: SecretContent;
  /** ISO 8601. */
  readonly created: string;
}

/** That an application, or one unit, may read a secret. */
export interface SecretGrant {
  readonly subject: SecretSubject;
  /** The relation the grant lasts as long as; null for a grant by an operator. */
  readonly relation: number | null;
}

/** Whom a secret is granted to. */
export interface SecretSubject {
  readonly kind: 'application' | 'unit';
  readonly name: string;
}

/** What one reader sees of a secret. */
export interface SecretConsumer {
  /** The revision that secret-get answers without --peek or --refresh. */
  tracked: number;
  /** The reader's own label; empty where there is none. */
  label: string;
}
