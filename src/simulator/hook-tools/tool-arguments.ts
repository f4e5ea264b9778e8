import { ToolUsageError } from './tool-errors.ts';

/** A flag that a hook tool takes. */
export interface ToolFlag {
  /** The key under which its value is found. */
  readonly key: string;
  /** With their dashes, shortest first: `-r`, `--relation`. */
  readonly names: readonly string[];
  readonly kind: 'text' | 'boolean';
  readonly help: string;
  /** Shown in the help as `(= value)`; what an absent flag stands for. */
  readonly fallback?: string;
  /** Turns what was written into the value; what it throws is the reason why the flag is refused. */
  readonly read?: (text: string) => string;
}

/** A tool's arguments, taken apart. */
export interface ToolArguments {
  /** Values of text flags, as written or as their `read` turned them. */
  readonly texts: ReadonlyMap<string, string>;
  /** The boolean flags that are on. */
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/**
 * Takes arguments apart as Juju's tools do (Go's gnuflag): flags anywhere among the positionals until `--`, one-letter
 * flags bundled (`-app` is `-a -p -p`), the last of a repeated flag counts. Throws `ToolUsageError` with gnuflag's words.
 */
export function parseToolArguments(args: readonly string[], flags: readonly ToolFlag[]): ToolArguments {
  const reader = new ArgumentReader(args, flags);
  reader.readAll();
  return reader;
}

/** Booleans as Go reads them. */
const BOOLEANS = new Map<string, boolean>([
  ...['1', 't', 'T', 'true', 'True', 'TRUE'].map((text): [string, boolean] => [text, true]),
  ...['0', 'f', 'F', 'false', 'False', 'FALSE'].map((text): [string, boolean] => [text, false]),
]);

class ArgumentReader implements ToolArguments {
  readonly texts = new Map<string, string>();
  readonly switches = new Set<string>();
  readonly positionals: string[] = [];
  readonly #rest: string[];
  readonly #flags: readonly ToolFlag[];

  constructor(args: readonly string[], flags: readonly ToolFlag[]) {
    this.#rest = [...args];
    this.#flags = flags;
  }

  readAll(): void {
    for (let arg = this.#rest.shift(); arg !== undefined; arg = this.#rest.shift()) {
      if (arg === '--') {
        this.positionals.push(...this.#rest.splice(0));
      } else if (arg.startsWith('--')) {
        this.#readLong(arg);
      } else if (arg.startsWith('-') && arg !== '-') {
        this.#readShort(arg);
      } else {
        this.positionals.push(arg);
      }
    }
  }

  #readLong(arg: string): void {
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const glued = equals < 0 ? undefined : arg.slice(equals + 1);
    const flag = this.#find(name);
    this.#set(flag, name, glued ?? (flag.kind === 'boolean' ? 'true' : this.#nextValue(name)));
  }

  /** `-r5`, `-r 5`, or several in one: all but the last must be booleans, since a text flag takes the rest. */
  #readShort(arg: string): void {
    for (let at = 1; at < arg.length; at += 1) {
      const name = `-${arg[at]}`;
      const flag = this.#find(name);
      if (flag.kind === 'boolean') {
        this.#set(flag, name, 'true');
        continue;
      }
      const glued = arg.slice(at + 1);
      this.#set(flag, name, glued === '' ? this.#nextValue(name) : glued);
      return;
    }
  }

  #find(name: string): ToolFlag {
    const flag = this.#flags.find((candidate) => candidate.names.includes(name));
    if (flag === undefined) throw new ToolUsageError(`option provided but not defined: ${name}`);
    return flag;
  }

  #nextValue(name: string): string {
    const value = this.#rest.shift();
    if (value === undefined) throw new ToolUsageError(`option needs an argument: ${name}`);
    return value;
  }

  #set(flag: ToolFlag, name: string, text: string): void {
    if (flag.kind === 'boolean') {
      const value = BOOLEANS.get(text);
      if (value === undefined) {
        throw invalidValue(text, name, `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
      }
      if (value) this.switches.add(flag.key);
      else this.switches.delete(flag.key);
      return;
    }
    try {
      this.texts.set(flag.key, flag.read?.(text) ?? text);
    } catch (error) {
      throw invalidValue(text, name, error instanceof Error ? error.message : String(error));
    }
  }
}

function invalidValue(text: string, name: string, reason: string): ToolUsageError {
  return new ToolUsageError(`invalid value ${JSON.stringify(text)} for option ${name}: ${reason}`);
}

/** Throws `ToolUsageError` for positionals that a tool does not take, as Juju's tools list them. */
export function refuseSurplus(positionals: readonly string[]): void {
  if (positionals.length === 0) return;
  const list = positionals.map((text) => JSON.stringify(text)).join(' ');
  throw new ToolUsageError(`unrecognized args: [${list}]`);
}
