import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HookContext } from '../agent/hook-context.ts';
import { fingerprintOf, resourceFilename } from '../operator/resources.ts';
import type { HookTool } from './hook-tool.ts';
import { refuseSurplus } from './tool-arguments.ts';
import { ToolFailure, ToolUsageError } from './tool-errors.ts';

/** `resource-get`: brings the unit's copy of a resource up to date and prints where it is, without a line's end. */
export const resourceGet: HookTool = {
  name: 'resource-get',
  usage: '<resource name>',
  summary: 'Get the path to the locally cached resource file.',
  run(call) {
    const [name, ...surplus] = call.positionals;
    if (name === undefined) throw new ToolUsageError('missing required resource name');
    refuseSurplus(surplus);
    try {
      return { text: downloadResource(call.context, name) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ToolFailure(`could not download resource: ${reason}`);
    }
  },
};

/** What the unit has already is left as it is while the application's resource is the same (Juju's rule). */
function downloadResource({ unit, application }: HookContext, name: string): string {
  const declared = application.charm.metadata.resources.find((resource) => resource.name === name);
  if (declared === undefined) throw new Error(`resource ${JSON.stringify(name)} not found`);
  const attached = Object.hasOwn(application.resources, name) ? application.resources[name] : undefined;
  if (attached === undefined) {
    throw new Error(`resource ${JSON.stringify(name)} not found: nothing was attached for it`);
  }
  const file = join(unit.folder, 'resources', name, resourceFilename(declared));
  if (existsSync(file) && fingerprintOf(file) === attached.fingerprint) return file;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // The old file may be in use: a program that runs cannot be written over, but another can take its name.
  const arriving = `${file}.arriving`;
  copyFileSync(attached.file, arriving);
  renameSync(arriving, file);
  return file;
}
