import { dirname } from 'node:path';
import { type Field, readDocument } from '../../metadata/field.ts';
import { parseYaml } from '../../metadata/yaml-text.ts';
import { readStep, type Step } from './scenario-step.ts';

/** What an operator does to a model, and how it is explored, as a scenario file says. */
export interface Scenario {
  /** The file, as errors name it. */
  readonly file: string;
  /** The seed of the first run. */
  readonly seed: number;
  readonly runs: number;
  readonly steps: readonly Step[];
  readonly ignore: Ignored;
}

/** Patterns (minimatch) of what may differ from run to run, by what it is. */
export interface Ignored {
  /** `web/0:web.ready` */
  readonly flags: readonly string[];
  /** `web/0:host`, or with the relation before it: `web:db redis:db web/0:host`. Leader settings too: `web:token`. */
  readonly databags: readonly string[];
  /** `web/0:status`, `web/0:message`; for an application's own, `web:message` */
  readonly statuses: readonly string[];
  /** `web/0` */
  readonly ports: readonly string[];
}

/** What may be ignored. */
export const IGNORED_KINDS = ['flags', 'databags', 'statuses', 'ports'] as const;

const DEFAULT_SEED = 1;
const DEFAULT_RUNS = 100;

/**
 * Reads the text of a scenario file, in YAML. Charms are given relative to the file's folder. Throws one `MetadataError`
 * with everything found wrong, each with its key: `steps[2].deploy.charm`.
 */
export function parseScenario(text: string, file: string): Scenario {
  return readDocument(parseYaml(text, file), file, (root) => {
    const fields = root.members();
    for (const [key, field] of fields) {
      if (!['seed', 'runs', 'steps', 'ignore'].includes(key)) {
        field.fault('is no key of a scenario: there are seed, runs, steps and ignore');
      }
    }
    return {
      file,
      seed: fields.get('seed')?.integer() ?? DEFAULT_SEED,
      runs: readRuns(fields.get('runs')),
      steps: readSteps(root, fields.get('steps'), dirname(file)),
      ignore: readIgnored(fields.get('ignore')),
    };
  });
}

/** The folders of a scenario's charms, each once. */
export function charmFoldersOf({ steps }: Scenario): readonly string[] {
  const folders = steps.flatMap((step) => ('folder' in step ? [step.folder] : []));
  return [...new Set(folders)];
}

/** The same scenario with other folders in place of some: built charms for their layers. */
export function withCharmFolders(scenario: Scenario, folders: ReadonlyMap<string, string>): Scenario {
  const steps = scenario.steps.map((step) =>
    'folder' in step ? { ...step, folder: folders.get(step.folder) ?? step.folder } : step,
  );
  return { ...scenario, steps };
}

function readRuns(field: Field | undefined): number {
  const runs = field?.integer() ?? DEFAULT_RUNS;
  if (runs < 1) field?.fault('must be at least 1');
  return runs;
}

function readSteps(root: Field, field: Field | undefined, folder: string): readonly Step[] {
  if (field === undefined) {
    root.fault('must have "steps", a list of what is done to the model');
    return [];
  }
  const items = field.items();
  if (items.length === 0 && Array.isArray(field.value)) field.fault('must have at least one step');
  return items.flatMap((item) => readStep(item, folder));
}

function readIgnored(field: Field | undefined): Ignored {
  const fields = field === undefined || field.isNull ? new Map<string, Field>() : field.members();
  for (const [key, given] of fields) {
    if (!IGNORED_KINDS.some((kind) => kind === key)) {
      given.fault(`cannot be ignored: only ${IGNORED_KINDS.join(', ')} can`);
    }
  }
  const patterns = (kind: keyof Ignored) => fields.get(kind)?.strings() ?? [];
  return {
    flags: patterns('flags'),
    databags: patterns('databags'),
    statuses: patterns('statuses'),
    ports: patterns('ports'),
  };
}
