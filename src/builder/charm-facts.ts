import { type CharmMetadata, parseMetadata } from '../metadata/charm-metadata.ts';
import { type ConfigOptions, parseConfigOptions } from '../metadata/config-options.ts';
import { readDocument, toRecord } from '../metadata/field.ts';
import { MetadataError } from '../metadata/metadata-error.ts';
import { parseYaml } from '../metadata/yaml-text.ts';
import { BuildError } from './build-error.ts';
import type { Composition } from './compose.ts';
import type { LayerStack } from './layer.ts';

/** What a charm's composed files say about it. */
export interface CharmFacts {
  readonly metadata: CharmMetadata;
  /** Empty where no layer has a config.yaml. */
  readonly config: ConfigOptions;
  /** Values of the layers' options, defaults filled in, by layer name. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Reads metadata.yaml, config.yaml and layer.yaml as they came out of the layers. Throws `MetadataError`, which names all
 * the files that went into one, where a rule is broken, and `BuildError` where there is no metadata.yaml.
 */
export function readCharmFacts(stack: LayerStack, { files }: Composition): CharmFacts {
  const read = <T>(path: string, parse: (text: string, file: string) => T): T | undefined => {
    const file = files.find((one) => one.path === path);
    return file && parse(new TextDecoder().decode(file.content), file.sources.join(' + '));
  };
  const metadata = read('metadata.yaml', parseMetadata);
  if (metadata === undefined) {
    throw new BuildError(
      `cannot build "${stack.charm}": none of its layers has a metadata.yaml; add one to the charm`,
    );
  }
  return {
    metadata,
    config: read('config.yaml', parseConfigOptions) ?? toRecord([]),
    options: read('layer.yaml', parseOptions) ?? toRecord([]),
  };
}

/**
 * The same for a charm that runs in Python, whose files the reference lets be whatever they are: what breaks a rule of
 * Juju's is a warning, and then nothing is returned.
 */
export function checkCharmFacts(
  stack: LayerStack,
  composition: Composition,
  onWarning: (warning: string) => void,
): CharmFacts | undefined {
  try {
    return readCharmFacts(stack, composition);
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    for (const line of error.message.split('\n')) onWarning(`Juju will refuse the charm: ${line}`);
    return undefined;
  }
}

/** The options of a built layer.yaml, which is not in all as the layers' own: its `ignore` is a mapping. */
function parseOptions(text: string, file: string): Readonly<Record<string, unknown>> {
  return readDocument(parseYaml(text, file), file, (root) => {
    const options = root.members().get('options')?.entries() ?? [];
    return toRecord(options.map(([layer, values]) => [layer, values.plain()]));
  });
}
