import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CharmDefinition, type HookReport, type LayerModule, runHook } from 'charms-reactive';
import {
  type MemoryRelation,
  MemoryTools,
  readConfigOptions,
  readMetadata,
  SqliteStore,
} from 'charms-reactive/testing';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import Basic from '../../layers/basic/reactive/basic.ts';
import Status from '../../layers/status/reactive/status.ts';
import { forgetRemoteBags } from '../../src/charm/forget-remote-bags.ts';

/** A hook to run; in a relation hook, whom it is about. */
export interface HookCall {
  readonly name: string;
  readonly relationId?: string;
  readonly remoteUnit?: string;
  /** In a departed hook: who goes, which may be this unit. */
  readonly departingUnit?: string;
  /** An action, in place of a hook. */
  readonly action?: string;
}

/** A unit of a charm with its folder and its model in memory, in which hooks run one after the other. */
export class UnitRunner {
  readonly folder: string;
  readonly tools: MemoryTools;
  readonly #charm: CharmDefinition;

  /** The folder goes when the test ends, and every process that works in it. */
  constructor(charm: CharmDefinition, unit: string) {
    this.#charm = charm;
    this.folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'unit-')));
    this.tools = new MemoryTools({ unit });
    this.configure({});
    onTestFinished(() => {
      for (const pid of processesOf(this.folder)) process.kill(pid, 'SIGKILL');
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  /** Sets options; every other one has its default. */
  configure(values: Readonly<Record<string, unknown>>): void {
    const defaults = Object.entries(this.#charm.config ?? {}).map(([name, option]) => [name, option.default]);
    this.tools.model.config = { ...Object.fromEntries(defaults), ...values };
  }

  /** What JUJU_VERSION says in the hooks; from 3 on there are secrets. */
  jujuVersion = '2.9.52';

  /** What Juju says of the relations from now on. */
  relate(relations: Readonly<Record<string, MemoryRelation>>): void {
    this.tools.model.relations = relations;
    forgetRemoteBags(this.folder);
  }

  /** Runs a hook and ends it as Juju does. */
  async hook(call: string | HookCall): Promise<HookReport> {
    const { name, relationId, remoteUnit, departingUnit, action } =
      typeof call === 'string' ? { name: call } : call;
    try {
      const environment = {
        JUJU_UNIT_NAME: this.tools.model.unit,
        JUJU_HOOK_NAME: name,
        JUJU_CHARM_DIR: this.folder,
        JUJU_RELATION: relationId?.split(':')[0],
        JUJU_RELATION_ID: relationId,
        JUJU_REMOTE_UNIT: remoteUnit,
        JUJU_REMOTE_APP: remoteUnit?.split('/')[0],
        JUJU_DEPARTING_UNIT: departingUnit,
        JUJU_VERSION: this.jujuVersion,
        ...(action === undefined
          ? {}
          : { JUJU_ACTION_NAME: action, JUJU_DISPATCH_PATH: `actions/${action}` }),
      };
      const report = await runHook(this.#charm, { environment, tools: this.tools });
      this.tools.commit();
      return report;
    } catch (error) {
      this.tools.rollback();
      throw error;
    }
  }

  /** The flags that are stored. */
  get flags(): string[] {
    return Object.keys(this.#stored('reactive.states.')).sort();
  }

  /** A stored value. */
  stored(key: string): unknown {
    return this.#stored(key)[''];
  }

  #stored(prefix: string): Record<string, unknown> {
    const store = new SqliteStore({ path: path.join(this.folder, '.unit-state.db') });
    try {
      return store.getRange(prefix, { strip: true });
    } finally {
      store.close();
    }
  }
}

/** A charm of this repository: its layer's own files, with `layer:basic`, `layer:status` and others below it. */
export function readCharm(
  name: string,
  parts: {
    /** Its layer's, by file: `reactive/redis.ts`. */
    readonly modules: Readonly<Record<string, LayerModule['exports']>>;
    readonly interfaces: NonNullable<CharmDefinition['interfaces']>;
    /** The stock layers between `layer:status` and its own, to their handler class. */
    readonly stock?: Readonly<Record<string, unknown>>;
    readonly options?: NonNullable<CharmDefinition['options']>;
  },
): CharmDefinition {
  const folder = fileURLToPath(new URL(`../../layers/${name}/`, import.meta.url));
  const read = (file: string) => parse(readFileSync(path.join(folder, file), 'utf8'));
  const stock = Object.entries({ basic: Basic, status: Status, ...parts.stock });
  const config = [...stock.map(([layer]) => readLayerYaml(layer, 'config.yaml')), read('config.yaml')];
  return {
    metadata: readMetadata(read('metadata.yaml'), 'metadata.yaml'),
    config: readConfigOptions(
      { options: Object.assign({}, ...config.map(({ options }) => options)) },
      'config.yaml',
    ),
    options: { status: { 'patch-hookenv': true }, ...parts.options },
    layers: [
      ...stock.map(([layer, handlers]) => ({
        name: layer,
        file: `reactive/${layer}.ts`,
        exports: { default: handlers },
      })),
      ...Object.entries(parts.modules).map(([file, exports]) => ({ name, file, exports })),
    ],
    interfaces: parts.interfaces,
  };
}

/** What a charm made for a test is, on top of `layer:basic`. */
export interface TrialCharm {
  /** Layers to what their handler files export, base layers first. */
  readonly layers: Readonly<Record<string, unknown>>;
  /** The stock layers whose config.yaml and metadata.yaml count. */
  readonly stock?: readonly string[];
  readonly options?: NonNullable<CharmDefinition['options']>;
  readonly interfaces?: NonNullable<CharmDefinition['interfaces']>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A charm called `web` of the layers given. */
export function makeTrialCharm(trial: TrialCharm): CharmDefinition {
  const { layers, stock = [], options = {}, interfaces = [] } = trial;
  const base = { name: 'web', summary: 'a trial', description: 'a trial' };
  const read = (file: string) => stock.map((layer) => readLayerYaml(layer, file));
  const metadata = Object.assign(base, ...read('metadata.yaml'), trial.metadata);
  const config = Object.assign({}, ...read('config.yaml').map(({ options: some }) => some), trial.config);
  return {
    metadata: readMetadata(metadata, 'metadata.yaml'),
    config: readConfigOptions({ options: config }, 'config.yaml'),
    options,
    layers: Object.entries({ basic: Basic, ...layers }).map(([name, layer]) => ({
      name,
      file: `reactive/${name}.ts`,
      exports: { default: layer },
    })),
    interfaces,
  };
}

/** A file of a layer of this repository; nothing where it has none. */
export function readLayerYaml(layer: string, file: string): Record<string, unknown> {
  const place = fileURLToPath(new URL(`../../layers/${layer}/${file}`, import.meta.url));
  return existsSync(place) ? parse(readFileSync(place, 'utf8')) : {};
}

/** The processes that work in this folder or below it. */
export function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && `${workingFolder(entry)}/`.startsWith(`${folder}/`))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** Empty for one that has ended. */
function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
