import { readDocument } from './field.ts';
import { parseYaml } from './yaml-text.ts';

/** An interface.yaml. The keys and their meaning are the Python reference's; others are ignored. */
export interface InterfaceFile {
  /** The protocol's name as metadata.yaml's endpoints give it. */
  readonly name?: string;
  readonly summary?: string;
  /** Patterns (gitignore's) of the interface's files that are not copied; the two lists mean the same. */
  readonly ignore: readonly string[];
  readonly exclude: readonly string[];
}

/** Reads the text of an interface.yaml. Throws `MetadataError` where it is no YAML, and as `readInterfaceFile` does. */
export function parseInterfaceFile(text: string, file: string): InterfaceFile {
  return readInterfaceFile(parseYaml(text, file), file);
}

/**
 * Reads an interface.yaml that is already parsed; null, as an empty file, says nothing. A lone string may stand for a
 * list of one. Throws one `MetadataError` with everything found wrong.
 */
export function readInterfaceFile(value: unknown, file: string): InterfaceFile {
  return readDocument(value ?? new Map(), file, (root) => {
    const fields = new Map([...root.members()].filter(([, field]) => !field.isNull));
    const name = fields.get('name')?.nonEmptyString();
    const summary = fields.get('summary')?.string();
    return {
      ...(name === undefined ? {} : { name }),
      ...(summary === undefined ? {} : { summary }),
      ignore: fields.get('ignore')?.strings() ?? [],
      exclude: fields.get('exclude')?.strings() ?? [],
    };
  });
}
