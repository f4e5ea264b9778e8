import { type Document, parseAllDocuments, type Tags } from 'yaml';

/** A mapping as plain data, without a prototype, so that no key is special. */
export type PlainMap = Record<string, unknown>;

/** Kinds of values that only YAML 1.1 has and that Juju takes for texts. */
const TEXTS_FOR_JUJU = /:(?:timestamp|binary|omap|pairs|set)$/;

/**
 * Reads YAML as Juju's command line does: its first document, in YAML 1.1, where `yes` and `y` are true. Undefined where
 * there is nothing in it. Throws for what is no YAML, and for mappings whose keys are not texts.
 */
export function parsePlainYaml(text: string): unknown {
  const [document] = parseAllDocuments(text, { version: '1.1', merge: true, customTags: withoutOddTags });
  if (document === undefined || !('contents' in document)) return undefined;
  const [error] = document.errors;
  if (error !== undefined) {
    throw new Error(
      `yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.replace(/ at line \d.*/s, '')}`,
    );
  }
  return document.contents === null ? undefined : toPlain(readValue(document));
}

/** An object of these entries, without a prototype. */
export function toPlainMap(entries: Iterable<readonly [string, unknown]>): PlainMap {
  const map: PlainMap = Object.create(null);
  for (const [key, value] of entries) map[key] = value;
  return map;
}

/** Times of day and dates are texts for Juju too, as is `1:20`, which YAML 1.1 counts in sixties. */
function withoutOddTags(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === 'string') return true;
    const isSixties = 'format' in tag && tag.format === 'TIME';
    return !isSixties && !TEXTS_FOR_JUJU.test(tag.tag);
  });
}

/** Aliases that cannot be followed are found only here. */
function readValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ mapAsMap: true });
  } catch (error) {
    throw new Error(`yaml: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (!(value instanceof Map)) return value;
  return toPlainMap(
    [...value].map(([key, member]) => {
      if (typeof key !== 'string') throw new Error('map keyed with non-string value');
      return [key, toPlain(member)] as const;
    }),
  );
}
