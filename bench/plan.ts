import type { Rival } from './against.ts';
import type { Workshop } from './workshop.ts';

/** What to measure, and how thoroughly. */
export interface Plan {
  /** How many turns each candidate takes. */
  readonly rounds: number;
  /** Milliseconds by which a hook tool takes longer than its process. */
  readonly delays: readonly number[];
  /** Whether less is measured, to see whether it works at all. */
  readonly isQuick: boolean;
  readonly rivals: readonly Rival[];
  readonly workshop: Workshop;
  /** Told what is being measured. */
  readonly tell: (what: string) => void;
}
