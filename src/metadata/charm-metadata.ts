import { type EndpointDeclaration, type Role, readEndpoints } from './endpoint-declarations.ts';
import { type Field, readDocument } from './field.ts';
import { APPLICATION_NAME } from './name-rules.ts';
import {
  type ContainerDeclaration,
  type ExtraDeclaration,
  type ResourceDeclaration,
  readContainers,
  readDevices,
  readPayloads,
  readResources,
} from './other-declarations.ts';
import { readStorage, type StorageDeclaration } from './storage-declarations.ts';
import { parseYaml } from './yaml-text.ts';

export type {
  ContainerDeclaration,
  EndpointDeclaration,
  ExtraDeclaration,
  ResourceDeclaration,
  Role,
  StorageDeclaration,
};

/** What metadata.yaml says about a charm, checked by Juju's rules. */
export interface CharmMetadata {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** Whether units of it live beside a principal unit. Such a charm has a container-scoped `requires`. */
  readonly subordinate: boolean;
  /** Provides, then requires, then peers, each in file order. Without the `juju-info` that Juju adds to each charm. */
  readonly endpoints: readonly EndpointDeclaration[];
  readonly storage: readonly StorageDeclaration[];
  readonly resources: readonly ResourceDeclaration[];
  /** Names for network bindings that are no endpoints. */
  readonly extraBindings: readonly string[];
  readonly containers: readonly ContainerDeclaration[];
  readonly payloads: readonly ExtraDeclaration[];
  readonly devices: readonly ExtraDeclaration[];
}

/** Reads the text of a metadata.yaml. Throws `MetadataError` where it is no YAML, and as `readMetadata` does. */
export function parseMetadata(text: string, file: string): CharmMetadata {
  return readMetadata(parseYaml(text, file), file);
}

/**
 * Reads a metadata.yaml that is already parsed, as objects or `Map`s. The rules are Juju's, and unknown keys are
 * ignored as Juju ignores them. `file` is what errors name. Throws one `MetadataError` with everything found wrong.
 */
export function readMetadata(value: unknown, file: string): CharmMetadata {
  return readDocument(value, file, (root) => {
    const fields = root.members();
    const name = readName(root, fields);
    const subordinate = fields.get('subordinate')?.boolean() ?? false;
    const endpoints = readEndpoints({ fields, charm: name, subordinate });
    if (subordinate && !endpoints.some(isContainerRequires)) {
      root.fault('a subordinate charm needs at least one endpoint under "requires" with scope: container');
    }
    refuseMixedFormats(root, fields);
    const storage = readStorage(fields.get('storage'));
    const resources = readResources(fields.get('resources'));
    return {
      name,
      summary: requireString(root, fields, 'summary'),
      description: requireString(root, fields, 'description'),
      subordinate,
      endpoints,
      storage,
      resources,
      extraBindings: readExtraBindings(fields.get('extra-bindings'), endpoints),
      containers: readContainers(fields.get('containers'), { storage, resources }),
      payloads: readPayloads(fields.get('payloads')),
      devices: readDevices(fields.get('devices')),
    };
  });
}

function readName(root: Field, fields: ReadonlyMap<string, Field>): string {
  const name = requireString(root, fields, 'name');
  if (name !== '' && !APPLICATION_NAME.test(name)) {
    fields
      .get('name')
      ?.fault(
        `"${name}" is no charm name: use lower-case letters, digits and single dashes, begin with a letter, and have a letter in each part`,
      );
  }
  return name;
}

function requireString(root: Field, fields: ReadonlyMap<string, Field>, key: string): string {
  const field = fields.get(key);
  if (field === undefined && root.isMapping) root.fault(`"${key}" is missing; Juju requires it`);
  const text = key === 'name' ? field?.nonEmptyString() : field?.string();
  return text ?? '';
}

function isContainerRequires(endpoint: EndpointDeclaration): boolean {
  return endpoint.role === 'requires' && endpoint.scope === 'container';
}

/** Juju tells its two metadata formats apart by their keys, and refuses a file with keys of both. */
function refuseMixedFormats(root: Field, fields: ReadonlyMap<string, Field>): void {
  const old = ['series', 'deployment', 'min-juju-version'].filter((key) => fields.has(key));
  const recent = ['containers', 'assumes', 'charm-user'].filter((key) => fields.has(key));
  if (old.length > 0 && recent.length > 0) {
    root.fault(
      `ambiguous metadata: ${quoteAll(old)} cannot stand beside ${quoteAll(recent)}, which belong to a later format; remove one or the other`,
    );
  }
}

function readExtraBindings(
  field: Field | undefined,
  endpoints: readonly EndpointDeclaration[],
): readonly string[] {
  const bindings = field?.entries() ?? [];
  if (field?.isMapping && bindings.length === 0) field.fault('must not be empty; remove the key instead');
  for (const [name, binding] of bindings) {
    if (name === '') binding.fault('a binding needs a name');
    if (!binding.isNull) binding.fault('a binding takes no value');
    if (endpoints.some((endpoint) => endpoint.name === name)) {
      binding.fault(`"${name}" is an endpoint already, and every endpoint is a binding`);
    }
  }
  return bindings.map(([name]) => name);
}

function quoteAll(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(', ');
}
