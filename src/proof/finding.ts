/** How bad a finding is: to know (I), to mend (W), or what will not work (E). */
export type FindingLevel = 'I' | 'W' | 'E';

/** Where in a charm a finding is, as far as that is known. */
export interface FindingPlace {
  /** Relative to the charm's folder, or in its layer: `layers/redis/reactive/redis.ts`. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** The key, flag, handler or endpoint that is meant. */
  readonly key?: string;
}

/** Something that a check found. */
export interface Finding extends FindingPlace {
  readonly level: FindingLevel;
  /** The check, by its name in docs/proof.md. */
  readonly check: string;
  /** One line, without the level. */
  readonly text: string;
}

/** A finding that is good to know and breaks nothing. */
export function info(check: string, text: string, place: FindingPlace = {}): Finding {
  return { level: 'I', check, text, ...place };
}

/** A finding that somebody should look at. */
export function warning(check: string, text: string, place: FindingPlace = {}): Finding {
  return { level: 'W', check, text, ...place };
}

/** A finding that keeps the charm, or a part of it, from working. */
export function fault(check: string, text: string, place: FindingPlace = {}): Finding {
  return { level: 'E', check, text, ...place };
}

/** A finding as the reference prints it: `W: no copyright file`. */
export function formatFinding({ level, text }: Finding): string {
  return `${level}: ${text}`;
}

/** The reference's exit codes: 200 where anything is an error, 100 where the worst is a warning, else 0. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 100 | 200 {
  if (findings.some(({ level }) => level === 'E')) return 200;
  return findings.some(({ level }) => level === 'W') ? 100 : 0;
}
