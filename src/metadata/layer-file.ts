import { type Field, readDocument, toRecord } from './field.ts';
import { parseYaml } from './yaml-text.ts';

/** A layer.yaml, as the layer itself wrote it. The keys and their meaning are the Python reference's. */
export interface LayerFile {
  /** The layer's name where it is not its folder's: it names its options, and it is what tells layers apart. */
  readonly name?: string;
  /** What goes below this layer, in order: `layer:NAME`, `interface:NAME` or a path. */
  readonly includes: readonly string[];
  /** JSON schemas of the options this layer takes, by option. */
  readonly defines: Readonly<Record<string, unknown>>;
  /** Values for options, by layer and option. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Patterns (gitignore's) of files of lower layers that are left out. */
  readonly ignore: readonly string[];
  /** Patterns (gitignore's) of files of this layer that are left out. */
  readonly exclude: readonly string[];
  /** The dotted paths to remove from a merged file, by section (`metadata`, `config`, `actions`, …). */
  readonly deletes: Readonly<Record<string, readonly string[]>>;
  /** The whole file, keys unknown here included, as objects without prototypes. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** The sections of a layer.yaml that may hold `deletes`: one for each kind of file that is merged. */
export const EDITED_SECTIONS = ['metadata', 'config', 'actions', 'dist', 'resources'] as const;

/** Reads the text of a layer.yaml. Throws `MetadataError` where it is no YAML, and as `readLayerFile` does. */
export function parseLayerFile(text: string, file: string): LayerFile {
  return readLayerFile(parseYaml(text, file), file);
}

/**
 * Reads a layer.yaml that is already parsed; null, as an empty file, says nothing. A lone string may stand for a list of one.
 * Throws one `MetadataError` with everything found wrong.
 */
export function readLayerFile(value: unknown, file: string): LayerFile {
  return readDocument(value ?? new Map(), file, (root) => {
    const fields = root.members();
    const name = given(fields, 'name')?.nonEmptyString();
    return {
      ...(name === undefined ? {} : { name }),
      includes: given(fields, 'includes')?.strings() ?? [],
      defines: toRecord(
        (given(fields, 'defines')?.entries() ?? []).map(([key, field]) => [key, field.plain()]),
      ),
      options: readOptions(given(fields, 'options')),
      ignore: given(fields, 'ignore')?.strings() ?? [],
      exclude: given(fields, 'exclude')?.strings() ?? [],
      deletes: toRecord(EDITED_SECTIONS.flatMap((section) => readDeletes(section, given(fields, section)))),
      document: toRecord([...fields].map(([key, field]) => [key, field.plain()])),
    };
  });
}

/** The field of a key, unless nothing stands after it. */
function given(fields: ReadonlyMap<string, Field>, key: string): Field | undefined {
  const field = fields.get(key);
  return field?.isNull ? undefined : field;
}

function readOptions(field: Field | undefined): Record<string, Record<string, unknown>> {
  return toRecord(
    (field?.entries() ?? []).map(([layer, options]) => [
      layer,
      toRecord((options.isNull ? [] : options.entries()).map(([name, option]) => [name, option.plain()])),
    ]),
  );
}

function readDeletes(section: string, field: Field | undefined): readonly [string, readonly string[]][] {
  const deletes = field === undefined ? undefined : given(field.members(), 'deletes');
  return deletes === undefined ? [] : [[section, deletes.strings()]];
}
