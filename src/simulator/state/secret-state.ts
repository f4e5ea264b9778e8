/** Who owns a secret: an application (its leader manages it), a unit, or, for one an operator made, the model. */
export interface SecretOwner {
  readonly kind: 'application' | 'unit' | 'model';
  /** `redis`, `redis/0`; the model's name for an operator's secret. */
  readonly name: string;
}

/** How often a secret's owner is to make a new revision of it. */
export type RotatePolicy = 'never' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly';

/** A secret with all its revisions, who may read it and which revision each reader sees. */
export interface SecretState {
  /** 20 characters, without `secret:`. */
  readonly id: string;
  readonly owner: SecretOwner;
  /** The owner's label; for an operator's secret its name. Empty where there is none. */
  label: string;
  description: string;
  rotate: RotatePolicy;
  /** When secret-rotate is due next (ISO 8601); null where it never is. */
  nextRotate: string | null;
  /** When the latest revision expires (ISO 8601); null where it never does. */
  expire: string | null;
  /** By revision number; removed ones are missing. */
  readonly revisions: Record<string, SecretRevision>;
  /** The number of the newest revision ever made. */
  latest: number;
  grants: SecretGrant[];
  /** By unit, or by application where its leader reads as the owner. */
  readonly consumers: Record<string, SecretConsumer>;
}

/** One revision's content. */
export interface SecretRevision {
  /** Values in base64. */
  readonly content: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly created: string;
}

/** That an application, or one unit, may read a secret. */
export interface SecretGrant {
  readonly subject: { readonly kind: 'application' | 'unit'; readonly name: string };
  /** The relation the grant lasts as long as; null for a grant by an operator. */
  readonly relation: number | null;
}

/** What one reader sees of a secret. */
export interface SecretConsumer {
  /** The revision that secret-get answers without --peek or --refresh. */
  tracked: number;
  /** The reader's own label; empty where there is none. */
  label: string;
}
