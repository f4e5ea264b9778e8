import { afterEach, describe } from 'vitest';
import { HookToolError } from '../../src/tools/errors.ts';
import type { HookTools, LogLevel, RawBag, StatusAnswer } from '../../src/tools/hook-tools.ts';
import type { CloudCredential, GoalState } from '../../src/tools/model-tools.ts';
import type { StorageInstance } from '../../src/tools/storage-tools.ts';

/** One relation of the model that the tools answer from. */
export interface ToolsRelation {
  /** The remote application; our own for a peer relation. */
  readonly application: string;
  /** Remote units that joined, to their databags. */
  readonly units: Readonly<Record<string, RawBag>>;
  /** Units that left and can still be read. */
  readonly departed?: Readonly<Record<string, RawBag>>;
  /** The remote application's databag. */
  readonly applicationBag?: RawBag;
  /** What our own application published in earlier hooks. */
  readonly ownApplicationBag?: RawBag;
}

/** A secret that was there before the test began. */
export interface ToolsSecret {
  /** Others granted theirs to this unit. */
  readonly owner: 'application' | 'unit' | 'other';
  readonly label?: string;
  readonly revisions: readonly RawBag[];
}

/** What Juju knows when a test begins. */
export interface ToolsModel {
  readonly unit: string;
  readonly isLeader: boolean;
  readonly relations: Readonly<Record<string, ToolsRelation>>;
  readonly config: Readonly<Record<string, string | number | boolean | null>>;
  readonly leaderSettings: RawBag;
  /** The address of the unit; empty where none is known. */
  readonly address: string;
  readonly storage: Readonly<Record<string, StorageInstance>>;
  readonly state: RawBag;
  /** The parameters of the action that runs; null in a hook. */
  readonly action: Readonly<Record<string, unknown>> | null;
  readonly goal: GoalState;
  /** Null where the application is not trusted. */
  readonly credential: CloudCredential | null;
  /** The files of resources, by name. */
  readonly resources: Readonly<Record<string, string>>;
  /** The uuid of the model on the other side, by relation. */
  readonly relationModels: Readonly<Record<string, string>>;
  readonly unitStatuses: Readonly<Record<string, StatusAnswer>>;
  /** Types by class, from metadata.yaml. */
  readonly payloadClasses: Readonly<Record<string, string>>;
  /** By id, without `secret:`. */
  readonly secrets: Readonly<Record<string, ToolsSecret>>;
}

/** What Juju was told that no tool answers. */
export interface Told {
  readonly logged: readonly { readonly level: LogLevel; readonly message: string }[];
  readonly applicationVersion: string;
  readonly applicationStatus: StatusAnswer;
  readonly requestedStorage: readonly (readonly [name: string, count: number])[];
  readonly reboots: readonly ('after' | 'now')[];
  readonly metrics: readonly { readonly values: RawBag; readonly labels: RawBag }[];
  /** Statuses, by `class/id`. */
  readonly payloads: RawBag;
  /** What the action answered so far; undefined in a hook. */
  readonly action?:
    | { readonly results: unknown; readonly log: readonly string[]; readonly failure?: string }
    | undefined;
}

/** An implementation of the hook tools in one hook, and how that hook ends. */
export interface ToolsUnderTest {
  readonly tools: HookTools;
  /** The hook succeeds, and the next one begins. */
  commit(): void;
  /** The hook fails, and the next one begins. */
  rollback(): void;
  told(): Told;
  /** The owner of a secret makes a new revision of it. */
  revise(id: string, content: RawBag): void;
  close?(): void;
}

export type MakeTools = (model: ToolsModel) => ToolsUnderTest;

/** Begins a hook, with a model that differs from `MODEL` as said. */
export type Begin = (changes?: Partial<ToolsModel>) => ToolsUnderTest;

/** What Juju knows where a test does not say otherwise. */
export const MODEL: ToolsModel = {
  unit: 'web/1',
  isLeader: false,
  relations: {
    'db:2': {
      application: 'redis',
      units: { 'redis/2': { host: '"10.0.0.2"' }, 'redis/10': { host: '"10.0.0.10"', empty: ' ' } },
      departed: { 'redis/7': { host: '"10.0.0.7"' } },
      applicationBag: { leader: 'redis/2' },
    },
    'db:10': { application: 'other', units: {} },
    'db2:3': { application: 'mysql', units: { 'mysql/0': {} } },
    'ring:4': { application: 'web', units: { 'web/0': { seat: '1' } }, ownApplicationBag: { size: '2' } },
  },
  config: { port: 80, ratio: 0.5, name: 'web é😀', debug: false, secret: null, empty: '' },
  leaderSettings: { token: 'abc' },
  address: '10.0.0.1',
  storage: {},
  state: {},
  action: null,
  goal: { units: {}, relations: {} },
  credential: null,
  resources: {},
  relationModels: {},
  unitStatuses: {},
  payloadClasses: {},
  secrets: {},
};

/** Describes what is true of tools in any implementation. */
export function describeTools(name: string, make: MakeTools, suite: (begin: Begin) => void): void {
  describe(name, () => {
    const open: ToolsUnderTest[] = [];
    afterEach(() => {
      for (const subject of open.splice(0).reverse()) subject.close?.();
    });
    suite((changes = {}) => {
      const subject = make({ ...MODEL, ...changes });
      open.push(subject);
      return subject;
    });
  });
}

/** The error with which a tool refuses. */
export function refusalOf(ask: () => unknown): HookToolError {
  try {
    ask();
  } catch (error) {
    if (error instanceof HookToolError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
