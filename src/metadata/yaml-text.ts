import { type Document, LineCounter, parseDocument } from 'yaml';
import { MetadataError } from './metadata-error.ts';

/**
 * YAML text as values: mappings are `Map`s in file order (so no key is special), the rest as in JSON.
 *
 * YAML 1.2 with `<<` merge keys. Throws `MetadataError` with line and column where the text is no YAML, has a key twice
 * in one mapping, or holds several documents. An empty text is null.
 */
export function parseYaml(text: string, file: string): unknown {
  return yamlValue(parseYamlDocument(text, file), file);
}

/** The same in two steps, for a caller that must also see how a value was written. Throws as `parseYaml` does. */
export function parseYamlDocument(text: string, file: string): Document.Parsed {
  const lines = new LineCounter();
  const document = orRefuse(file, () =>
    parseDocument(text, {
      merge: true,
      lineCounter: lines,
      prettyErrors: false,
      resolveKnownTags: false,
      // With 'silent' a second document would be dropped without a word.
      logLevel: 'error',
    }),
  );
  const [first, ...rest] = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { keyPath: `line ${line}, column ${col}`, reason: error.message };
  });
  if (first !== undefined) throw new MetadataError(file, [first, ...rest]);
  return document;
}

/** The values of a parsed document, as `parseYaml` gives them. Throws `MetadataError` where aliases cannot be followed. */
export function yamlValue(document: Document.Parsed, file: string): unknown {
  return orRefuse(file, () => document.toJS({ mapAsMap: true }));
}

/** A dangling alias, aliases of aliases that would fill the memory, or nesting too deep for the stack. */
function orRefuse<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not readable';
    throw new MetadataError(file, [{ keyPath: '', reason }]);
  }
}
