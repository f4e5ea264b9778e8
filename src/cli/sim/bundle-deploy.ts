import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import { type Bundle, type BundleApplication, parseBundle } from './bundle.ts';
import { inPlacementOrder, Placement } from './bundle-placement.ts';
import { type CharmSource, openCharmSource } from './charm-source.ts';
import { CommandFailure } from './command-failure.ts';
import { messageOf, say } from './output.ts';

/** A bundle with the charms of its applications at hand. */
export interface ReadyBundle {
  readonly bundle: Bundle;
  /** The bundle's own, from which its paths go. */
  readonly folder: string;
  readonly charms: ReadonlyMap<string, CharmSource>;
  /** Removes what was made for the charms. */
  dispose(): void;
}

/** Reads a bundle with its overlays, and makes charm folders of its charms. Throws where one of them cannot be had. */
export async function prepareBundle(given: string, overlays: readonly string[]): Promise<ReadyBundle> {
  const isFolder = statSync(given).isDirectory();
  const file = isFolder ? join(given, 'bundle.yaml') : given;
  const folder = resolve(dirname(file));
  const texts = [file, ...overlays].map((name) => ({ file: basename(name), text: readText(name) }));
  const bundle = parseBundle(texts);
  const charms = new Map<string, CharmSource>();
  const dispose = () => {
    for (const source of charms.values()) source.dispose();
  };
  try {
    const byPath = new Map<string, CharmSource>();
    for (const [name, { charm }] of Object.entries(bundle.applications)) {
      const path = charm.replace(/^local:/, '');
      const source = byPath.get(path) ?? (await openNamedCharm(name, path, folder));
      byPath.set(path, source);
      charms.set(name, source);
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { bundle, folder, charms, dispose };
}

/**
 * Makes a model what a bundle says: its applications that are not there are deployed, the others get its config and the units
 * that they lack; then what is not related yet is related. Tells each change.
 */
export async function deployBundle(model: ModelHandle, ready: ReadyBundle): Promise<void> {
  const { bundle } = ready;
  if (bundle.ignored.length > 0) say(`NOTE The bundle's ${bundle.ignored.join(', ')} change nothing here.`);
  say('Executing changes:');
  for (const [name, wanted] of Object.entries(bundle.applications)) {
    await deployOne(model, { ready, name, wanted });
  }
  const placement = new Placement(model, bundle.machines);
  for (const [name, wanted] of inPlacementOrder(bundle.applications)) await placement.addUnits(name, wanted);
  for (const [first, second] of bundle.relations) await relate(model, first, second);
  say('Deploy of bundle completed.');
}

async function openNamedCharm(name: string, path: string, folder: string): Promise<CharmSource> {
  const place = isAbsolute(path) ? path : join(folder, path);
  const isStoreName = /^(?:ch:|cs:)/.test(path) || (!path.includes('/') && !existsSync(place));
  if (isStoreName) {
    throw new CommandFailure(
      `cannot deploy application "${name}": Charmhub is not simulated; give a path for its charm "${path}"`,
    );
  }
  try {
    return await openCharmSource(place);
  } catch (error) {
    throw new CommandFailure(`application "${name}": ${messageOf(error)}`);
  }
}

async function deployOne(
  model: ModelHandle,
  part: { readonly ready: ReadyBundle; readonly name: string; readonly wanted: BundleApplication },
): Promise<void> {
  const { ready, name, wanted } = part;
  const state = await model.snapshot();
  const options = readIncludes(wanted.options, ready.folder);
  if (state.applications[name] === undefined) {
    say(`- deploy application ${name} from local charm "${wanted.charm}"`);
    await model.deploy(ready.charms.get(name)?.folder ?? '', {
      application: name,
      units: 0,
      config: options,
      trust: wanted.trust,
      storage: wanted.storage,
      resources: resolveResources(wanted.resources, ready.folder),
    });
  } else if (Object.keys(options).length > 0) {
    say(`- set application options for ${name}`);
    await model.setConfig(name, options);
  }
  if (wanted.expose && !(state.applications[name]?.exposed ?? false)) {
    say(`- expose all endpoints of ${name}`);
    await model.expose(name, true);
  }
}

/** `include-file://name` and `include-base64://name` stand for what a file beside the bundle holds (Juju's rule). */
function readIncludes(options: BundleApplication['options'], folder: string): Record<string, unknown> {
  const entries = Object.entries(options).map(([key, value]) => {
    const match = typeof value === 'string' ? /^include-(file|base64):\/\/(.+)$/.exec(value) : null;
    if (match === null) return [key, value] as const;
    const text = readFileSync(resolve(folder, match[2] ?? ''));
    return [key, text.toString(match[1] === 'base64' ? 'base64' : 'utf8')] as const;
  });
  return Object.fromEntries(entries);
}

/** What is no file may be the name of an image, which stays as it is. */
function resolveResources(
  resources: Readonly<Record<string, string>>,
  folder: string,
): Record<string, string> {
  const entries = Object.entries(resources).map(([name, file]) => {
    const path = resolve(folder, file);
    return [name, existsSync(path) || file.startsWith('.') ? path : file] as const;
  });
  return Object.fromEntries(entries);
}

async function relate(model: ModelHandle, first: string, second: string): Promise<void> {
  try {
    await model.integrate(first, second);
    say(`- add relation ${first} - ${second}`);
  } catch (error) {
    // A bundle may be deployed again, over itself.
    if (!messageOf(error).endsWith('already exists')) throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailure(`cannot read "${file}": ${messageOf(error)}`);
  }
}
