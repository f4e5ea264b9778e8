import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConfigOptions, ConfigType } from '../metadata/config-options.ts';
import { dumpPythonJson, equalAsPython } from '../store/python-json.ts';
import type { HookTools } from '../tools/hook-tools.ts';
import type { Log } from './log.ts';

/** What a charm's option can hold; null where it has neither value nor default. */
export type ConfigValue = string | number | boolean | null;

/** Where charm-helpers keeps the config of the last successful hook, beside the charm. */
const PERSISTENT_FILE = '.juju-persistent-config';

const JAVASCRIPT_TYPES: Readonly<Record<ConfigType, string>> = {
  string: 'string',
  secret: 'string',
  int: 'number',
  float: 'number',
  boolean: 'boolean',
};

/** The charm's configuration: as it is now, and as the last successful hook saw it. It cannot be changed from here. */
export class Config {
  readonly #options: ConfigOptions;
  readonly #tools: Pick<HookTools, 'configGet'>;
  readonly #file: string;
  readonly #log: Log;
  #current: Readonly<Record<string, unknown>> | undefined;
  #previous: { readonly values: Readonly<Record<string, unknown>> | undefined } | undefined;

  constructor(source: {
    readonly options: ConfigOptions;
    readonly tools: Pick<HookTools, 'configGet'>;
    readonly charmDir: string;
    readonly log: Log;
  }) {
    this.#options = source.options;
    this.#tools = source.tools;
    this.#file = path.join(source.charmDir, PERSISTENT_FILE);
    this.#log = source.log;
  }

  /** Whether config.yaml has an option of that name. */
  has(option: string): boolean {
    return Object.hasOwn(this.#options, option);
  }

  /**
   * An option's value, with its default filled in by Juju.
   * @throws Error when config.yaml has no such option.
   */
  get(option: string): ConfigValue {
    this.#assertKnown(option);
    return (this.current[option] ?? null) as ConfigValue;
  }

  /** A text option; `''` where it has no value. @throws Error when there is no such option, or not of that type. */
  string(option: string): string {
    return this.#typed(option, 'string', '');
  }

  /** A number; 0 where it has no value. @throws Error when there is no such option, or not of that type. */
  number(option: string): number {
    return this.#typed(option, 'number', 0);
  }

  /** A boolean; false where it has no value. @throws Error when there is no such option, or not of that type. */
  boolean(option: string): boolean {
    return this.#typed(option, 'boolean', false);
  }

  /**
   * Whether an option differs from what the last successful hook saw; true for every option before the first.
   * @throws Error when config.yaml has no such option.
   */
  changed(option: string): boolean {
    this.#assertKnown(option);
    const { previous } = this;
    if (previous === undefined) return true;
    return !equalAsPython(this.get(option), this.previousValue(option));
  }

  /** What the last successful hook saw of an option; null when it saw none. */
  previousValue(option: string): ConfigValue {
    const { previous } = this;
    return previous && Object.hasOwn(previous, option) ? ((previous[option] ?? null) as ConfigValue) : null;
  }

  /** Every option's value, by name. */
  get current(): Readonly<Record<string, unknown>> {
    this.#current ??= Object.freeze(Object.assign(Object.create(null), this.#tools.configGet()));
    return this.#current as Readonly<Record<string, unknown>>;
  }

  /** Whether this hook or an earlier one looked at the config, and so the next one is likely to. */
  get isRead(): boolean {
    return this.#current !== undefined || this.previous !== undefined;
  }

  /** What the last successful hook saw; undefined when there was none, or its record cannot be read. */
  get previous(): Readonly<Record<string, unknown>> | undefined {
    this.#previous ??= { values: this.#readPrevious() };
    return this.#previous.values;
  }

  /**
   * Prepares to remember the values for the next hook, where this one looked at them and they differ; the answer makes it
   * so, whole or not at all. Options that are gone keep their last value, as charm-helpers does.
   *
   * @throws Error when the charm's folder cannot be written.
   */
  stage(): () => void {
    if (!this.#current) return () => undefined;
    const values = { ...this.previous, ...this.#current };
    if (this.previous && equalAsPython(values, this.previous)) return () => undefined;
    const draft = `${this.#file}.new`;
    rmSync(draft, { force: true });
    writeFileSync(draft, dumpPythonJson(values), { mode: 0o600 });
    return () => renameSync(draft, this.#file);
  }

  #assertKnown(option: string): void {
    if (this.has(option)) return;
    throw new Error(`cannot read the config option "${option}": config.yaml does not have it`);
  }

  #typed<T extends string | number | boolean>(option: string, type: string, missing: T): T {
    const value = this.get(option);
    const declared = this.#options[option]?.type ?? 'string';
    if (JAVASCRIPT_TYPES[declared] !== type) {
      throw new Error(`cannot read the config option "${option}" as a ${type}: config.yaml says ${declared}`);
    }
    return (value ?? missing) as T;
  }

  #readPrevious(): Readonly<Record<string, unknown>> | undefined {
    try {
      const text = readFileSync(this.#file, 'utf8');
      if (text === '') return undefined;
      const values: unknown = JSON.parse(text);
      if (typeof values === 'object' && values !== null && !Array.isArray(values))
        return Object.freeze({ ...values });
      throw new Error('it holds no JSON object');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#log.error(
          `cannot read the last hook's config in "${this.#file}", so every option counts as changed: ${error}`,
        );
      }
      return undefined;
    }
  }
}
