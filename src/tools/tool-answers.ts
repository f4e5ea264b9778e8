import type { RawBag, StatusAnswer } from './hook-tools.ts';

/** A JSON answer that should be a list of strings; null, as Juju gives for none, is an empty one. */
export function stringsOf(answer: unknown): string[] {
  return Array.isArray(answer) ? answer.filter((item) => typeof item === 'string') : [];
}

/** A JSON answer that should be a databag; undefined where it is no map. Values that are no text are left out. */
export function bagOf(answer: unknown): RawBag | undefined {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined;
  const bag: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(answer)) if (typeof value === 'string') bag[key] = value;
  return bag;
}

/** A JSON answer that should be a map; one that is none, such as null, is an empty one. */
export function mapOf(answer: unknown): Record<string, unknown> {
  const isMap = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
  return Object.assign(Object.create(null), isMap ? answer : {});
}

/** What status-get answers of one unit or application; what Juju does not say is unknown. */
export function toStatus(answer: unknown): StatusAnswer {
  const { status, message } = mapOf(answer);
  return { status: String(status ?? 'unknown'), message: String(message ?? '') };
}

/** A copy of a bag without prototype, so that no key means anything but itself. */
export function copyBag(bag: RawBag): Record<string, string> {
  return Object.assign(Object.create(null), bag);
}

/**
 * Settings as text for `--file -`, which Juju reads as YAML: JSON with every character escaped that YAML does not take
 * as it is. Characters beyond the basic plane stay as they are, since Juju refuses them as escaped surrogates.
 */
export function toYamlInput(settings: RawBag): string {
  return JSON.stringify(settings).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
