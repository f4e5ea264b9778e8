import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CharmMetadata, EndpointDeclaration } from '../metadata/charm-metadata.ts';
import { BuildError } from './build-error.ts';
import type { InterfaceModule } from './charm-entry.ts';
import type { InterfaceLayer, LayerStack } from './layer.ts';

/** What a role's file may end in, the first that is there wins. */
const ENDINGS = ['ts', 'mts', 'js', 'mjs'];

/**
 * The interface code that a charm's endpoints need: for each included interface the file of each role in which it is used,
 * in the order of the interfaces, then of the endpoints. An endpoint whose interface is not included needs none.
 * Throws `BuildError` where the file of a used role is missing.
 */
export function findInterfaceModules(options: {
  readonly stack: LayerStack;
  readonly metadata: CharmMetadata;
  readonly onWarning: (warning: string) => void;
}): readonly InterfaceModule[] {
  const { stack, metadata, onWarning } = options;
  return stack.interfaces.flatMap((layer) => {
    const endpoints = metadata.endpoints.filter((endpoint) => endpoint.interface === layer.name);
    if (endpoints.length === 0) {
      onWarning(
        `"${layer.url}" is included, and no endpoint in metadata.yaml uses the interface "${layer.name}"`,
      );
    }
    const firstOfRole = endpoints.filter(
      (endpoint, index) => endpoints.findIndex(({ role }) => role === endpoint.role) === index,
    );
    return firstOfRole.map((endpoint) => findModule(stack.charm, layer, endpoint));
  });
}

function findModule(charm: string, layer: InterfaceLayer, endpoint: EndpointDeclaration): InterfaceModule {
  const { role } = endpoint;
  const names = ENDINGS.map((ending) => `${role}.${ending}`);
  const name = names.find((file) => existsSync(join(layer.folder, file)));
  if (name === undefined) {
    throw new BuildError(
      `cannot build "${charm}": Missing implementation for interface role: ${role}.ts; endpoint "${endpoint.name}" needs it of "${layer.url}", and "${layer.folder}" has none of ${names.join(', ')}; write it`,
    );
  }
  return {
    role,
    interface: layer.name,
    file: `interfaces/${layer.name}/${name}`,
    source: join(layer.folder, name),
  };
}
