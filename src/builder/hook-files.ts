import { readFileSync } from 'node:fs';
import { BuildError } from './build-error.ts';
import { readCharmEndpoints, refuseSlash } from './charm-endpoints.ts';
import { type Addition, type CompositionPlan, copiesOf } from './compose.ts';
import { HOOK_TEMPLATE, renderHook } from './hook-template.ts';
import { addInterfaceFiles, refuseMissingRoles } from './interface-files.ts';
import type { LayerStack } from './layer.ts';
import type { PlannedPath } from './planned-paths.ts';
import { readCharmMapping } from './tactics/metadata.ts';
import { type ComposedFile, highest } from './tactics/tactic.ts';

/**
 * What a charm in Python has on top of its layers' files: a hook made from `hooks/hook.template` for everything that can
 * happen to a unit and that no layer has a hook for, and the code of the interfaces it uses.
 *
 * Throws `BuildError` where no layer has a template or a metadata.yaml, or where that says no interface for an endpoint.
 */
export function planHookFiles(charm: {
  readonly plan: CompositionPlan;
  readonly stack: LayerStack;
  readonly onWarning: (warning: string) => void;
}): Addition {
  const { plan, stack, onWarning } = charm;
  const template = plan.paths.get(HOOK_TEMPLATE);
  if (template === undefined) {
    throw new BuildError(
      `cannot build "${stack.charm}": at least one layer must provide ${HOOK_TEMPLATE}, as layer:basic does, or handlers in reactive/*.ts; include such a layer`,
    );
  }
  const copies = copiesOf(plan.paths.get('metadata.yaml'));
  if (copies === undefined) {
    throw new BuildError(
      `cannot build "${stack.charm}": none of its layers has a metadata.yaml; add one to the charm`,
    );
  }
  const { metadata, storageOwners } = readCharmMapping(copies, stack);
  if (metadata.size === 0) refuseUnbound(stack, onWarning);
  const endpoints = readCharmEndpoints(metadata, stack.charm);
  for (const { url, name } of stack.interfaces) {
    if (endpoints.some((endpoint) => endpoint.interface === name)) continue;
    onWarning(`"${url}" is included, and no endpoint in metadata.yaml uses the interface "${name}"`);
  }
  warnOfPip(plan, onWarning);
  return {
    check: () => refuseMissingRoles(stack, endpoints),
    addTo: (files) => {
      const source = copiesOf(template);
      if (source === undefined) refuseDroppedTemplate(stack, template.dropped?.by.url);
      const { layer, source: path } = highest(source);
      const text = readFileSync(path, 'utf8');
      const hook = (name: string, argument: string, owner: string): readonly ComposedFile[] => {
        // What a layer has there counts, though an ignore or exclude leaves it out.
        if (plan.paths.has(`hooks/${name}`)) return [];
        return [hookFile(`hooks/${name}`, renderHook(text, argument, layer.url), owner)];
      };
      const standard = STANDARD_HOOKS.flatMap((name) => hook(name, 'hook', layer.url));
      const relations = endpoints.flatMap(({ name }) =>
        RELATION_EVENTS.flatMap((event) => hook(`${name}-relation-${event}`, name, layer.url)),
      );
      const storage = [...storageOwners].flatMap(([name, owner]) =>
        STORAGE_EVENTS.flatMap((event) =>
          hook(`${refuseSlash(name, stack.charm)}-storage-${event}`, name, owner),
        ),
      );
      const hooks = new Map([...standard, ...relations, ...storage].map((file) => [file.path, file]));
      return [...addInterfaceFiles(files, stack, endpoints), ...hooks.values()];
    },
  };
}

/** Whether a layer has a template for hooks, though it may be left out. */
export function hasHookTemplate({ paths }: CompositionPlan): boolean {
  return paths.has(HOOK_TEMPLATE);
}

const STANDARD_HOOKS = [
  'install',
  'config-changed',
  'leader-elected',
  'leader-settings-changed',
  'start',
  'stop',
  'update-status',
  'upgrade-charm',
  'pre-series-upgrade',
  'post-series-upgrade',
];

const RELATION_EVENTS = ['created', 'joined', 'changed', 'broken', 'departed'];

const STORAGE_EVENTS = ['attached', 'detaching'];

function refuseUnbound(stack: LayerStack, onWarning: (warning: string) => void): void {
  const [first] = stack.interfaces;
  if (first !== undefined) {
    throw new BuildError(
      `cannot build "${stack.charm}": metadata.yaml is empty, and has no endpoint for "${first.url}" to belong to; add one`,
    );
  }
  onWarning('metadata.yaml is empty');
}

function warnOfPip({ paths }: CompositionPlan, onWarning: (warning: string) => void): void {
  const isThere = ({ path, copies }: PlannedPath) =>
    copies.length > 0 && (path === 'wheelhouse.txt' || path.endsWith('.pypi'));
  for (const { path } of [...paths.values()].filter(isThere)) {
    onWarning(
      path === 'wheelhouse.txt'
        ? 'wheelhouse.txt is merged, and nothing is downloaded: before the charm is deployed, fill its wheelhouse/ with "pip download --no-binary :all: -r wheelhouse.txt -d wheelhouse"'
        : `"${path}" is copied, and what it names is not installed: this builder runs no pip`,
    );
  }
}

function refuseDroppedTemplate(stack: LayerStack, by: string | undefined): never {
  throw new BuildError(
    `cannot build "${stack.charm}": the layer.yaml of "${by}" leaves ${HOOK_TEMPLATE} out, and hooks are made from it; take it off the list`,
  );
}

function hookFile(path: string, text: string, owner: string): ComposedFile {
  return {
    path,
    content: new TextEncoder().encode(text),
    isExecutable: true,
    owner,
    kind: 'dynamic',
    sources: [],
  };
}
