import type { CodeSources } from '../../src/analysis/code-sources.ts';
import type { ReactiveModel } from '../../src/analysis/reactive-model.ts';
import { readModel } from '../../src/analysis/read-model.ts';
import { readMetadata } from '../../src/metadata/charm-metadata.ts';
import type { CharmModel } from '../../src/proof/reactive/charm-model.ts';
import { FlagTable } from '../../src/proof/reactive/flag-table.ts';

/** A charm called `web` for tests: its modules and scripts by path, and what its metadata says. */
export interface TestCharm {
  readonly modules?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly options?: readonly string[];
  readonly actions?: readonly string[];
  readonly isCharm?: boolean;
}

/** The names that a module of a test may use, imported. */
const NAMES =
  'action, collectMetrics, defineLayer, Endpoint, handler, hook, Layer, notUnless, onlyOnce, RelationBase, ' +
  'RequesterEndpoint, when, whenAny, whenConfigChanged, whenNone, whenNot, whenNotAll, withAutoAccessors';

/** A module of the charm's own layer: the body of its Layer class. */
export function layer(body: string, before = ''): Record<string, string> {
  return {
    'layers/web/reactive/web.ts': `import { ${NAMES} } from 'charms-reactive';\n${before}\nexport default class Web extends Layer {\n${body}\n}\n`,
  };
}

/** A module that exports an endpoint for a role of the interface `http`. */
export function endpoint(role: string, body: string, base = 'Endpoint'): Record<string, string> {
  return {
    [`interfaces/http/${role}.ts`]: `import { ${NAMES} } from 'charms-reactive';\nexport class Http extends ${base} {\n${body}\n}\n`,
  };
}

/** What is read out of a charm's code, without building it. */
export function readCharm(charm: TestCharm): ReactiveModel {
  return readModel(sourcesOf(charm));
}

/** The same with what the checks need beside. */
export function modelOf(charm: TestCharm): CharmModel {
  const sources = sourcesOf(charm);
  const model = readModel(sources);
  const { storage, containers } = metadataOf(charm);
  return {
    model,
    flags: new FlagTable(model),
    endpoints: sources.endpoints,
    storage,
    containers: containers.map(({ name }) => name),
    actions: charm.actions ?? [],
    options: sources.options,
    implemented: new Set(sources.roles.map((role) => `${role.interface}/${role.role}`)),
    isCharm: charm.isCharm ?? true,
  };
}

function sourcesOf(charm: TestCharm): CodeSources {
  const { modules = {}, scripts = {}, options = [] } = charm;
  const match = (pattern: RegExp) =>
    Object.keys(modules)
      .map((path) => pattern.exec(path))
      .filter((one) => one !== null);
  return {
    modules: Object.entries(modules).map(([path, text]) => ({ path, text })),
    layers: match(/^layers\/(\w+)\/reactive\/.+$/).map(([path, name = '']) => ({ name, path })),
    roles: match(/^interfaces\/(\w+)\/(provides|requires|peers)\.ts$/).map(([path, name = '', role]) => ({
      interface: name,
      role: role as 'provides',
      path,
    })),
    scripts: Object.entries(scripts).map(([path, text]) => ({
      path,
      text,
      language: path.endsWith('.py') ? 'python' : path.endsWith('.sh') ? 'bash' : undefined,
      hasHandlers: path.startsWith('reactive/') || path.startsWith('hooks/relations/'),
    })),
    ownLayer: 'web',
    endpoints: metadataOf(charm).endpoints,
    options,
    isPartial: false,
  };
}

function metadataOf({ metadata = {} }: TestCharm) {
  return readMetadata({ name: 'web', summary: 's', description: 'd', ...metadata }, 'metadata.yaml');
}
