import { type CodeSources, endpointsOf, groupOf, type ScriptSource } from './code-sources.ts';
import { ANYTHING, type FlagText, joinTexts, known, mapText } from './flag-text.ts';
import type { FlagEffect, ModelCondition, ModelHandler, Unknown } from './reactive-model.ts';

/** What programs that are no modules say of flags. */
export interface ReadScripts {
  readonly handlers: readonly ModelHandler[];
  readonly effects: readonly FlagEffect[];
  readonly unknowns: readonly Unknown[];
}

const FLAG_KINDS: Readonly<Record<string, 'all' | 'any' | 'none' | 'not-all'>> = {
  when: 'all',
  when_all: 'all',
  when_any: 'any',
  when_not: 'none',
  when_none: 'none',
  when_not_all: 'not-all',
};

const EFFECTS: Readonly<Record<string, readonly FlagEffect['kind'][]>> = {
  set_flag: ['set'],
  set_state: ['set'],
  clear_flag: ['clear'],
  remove_state: ['clear'],
  toggle_flag: ['set', 'clear'],
  toggle_state: ['set', 'clear'],
  register_trigger: ['read', 'set', 'clear'],
  is_flag_set: ['read'],
  is_state: ['read'],
  all_flags_set: ['read'],
  any_flags_set: ['read'],
  all_states: ['read'],
  any_states: ['read'],
  get_unset_flags: ['read'],
};

/** These look at all their words, the others at the first. */
const OF_ALL_WORDS = /^(all_|any_|get_unset|register_trigger)/;

/**
 * Reads scripts line by line, for the plain forms of decorators and functions: `@when a b` and `set_flag a` in bash,
 * `@when('a', 'b')` and `set_flag('a')` in Python. A word with a variable in it is known in part.
 */
export function readScripts(code: CodeSources): ReadScripts {
  const read = code.scripts.map((script) => readScript(script, code));
  return {
    handlers: read.flatMap(({ handlers }) => handlers),
    effects: read.flatMap(({ effects }) => effects),
    unknowns: read.flatMap(({ unknowns }) => unknowns),
  };
}

function readScript(script: ScriptSource, code: CodeSources): ReadScripts {
  const place = { file: script.path, line: 1 };
  if (script.language === undefined) {
    const mayCall = script.hasHandlers || /(set|toggle)_(flag|state)/.test(script.text);
    if (!mayCall) return { handlers: [], effects: [], unknowns: [] };
    const reason = 'a program that is neither bash nor Python may do anything';
    return { handlers: [], effects: [], unknowns: [{ of: 'set', place, reason }] };
  }
  const reader = new LineReader(script, code);
  for (const [index, line] of script.text.split('\n').entries()) reader.readLine(line, index + 1);
  // Python has more ways to do things than can be told from its lines.
  if (
    script.language === 'python' &&
    /set_(flag|state)|charms\.(reactive|layer)|\bendpoint/.test(script.text)
  ) {
    reader.unknowns.push({ of: 'set', place, reason: 'Python is read for its plain forms only' });
  }
  return reader;
}

class LineReader implements ReadScripts {
  readonly handlers: ModelHandler[] = [];
  readonly effects: FlagEffect[] = [];
  readonly unknowns: Unknown[] = [];
  readonly #script: ScriptSource;
  readonly #group: string;
  readonly #endpoints: readonly string[];
  /** Decorators that wait for their function. */
  #conditions: ModelCondition[] = [];
  #function: string | undefined;

  constructor(script: ScriptSource, code: CodeSources) {
    this.#script = script;
    // Nothing in a built charm says from which layer a script is.
    this.#group = script.path.startsWith('hooks/relations/')
      ? `interface:${script.path.split('/')[2]}`
      : script.hasHandlers
        ? script.path
        : groupOf(script.path, code);
    const role = /^hooks\/relations\/([^/]+)\/(provides|requires|peers)\.py$/.exec(script.path);
    this.#endpoints = code.endpoints
      .filter((one) => role === null || (one.interface === role[1] && one.role === role[2]))
      .map(({ name }) => name);
    if (role === null) this.#endpoints = endpointsOf(script.path, code).map(({ name }) => name);
  }

  readLine(line: string, number: number): void {
    const isPython = this.#script.language === 'python';
    if (/^\s*#/.test(line)) return;
    const decorator = (isPython ? /^\s*@(?:\w+\.)*(\w+)\s*(\(.*)?$/ : /^\s*@(\w+)(\s.*)?$/).exec(line);
    if (decorator) {
      const condition = this.#readDecorator(decorator[1] ?? '', decorator[2] ?? '');
      if (condition) this.#conditions.push(condition);
      return;
    }
    const start = (
      isPython ? /^\s*(?:async\s+)?def\s+(\w+)/ : /^\s*(?:function\s+([\w-]+)|([\w-]+)\s*\(\)\s*\{?)/
    ).exec(line);
    if (start) this.#startFunction(start[1] ?? start[2] ?? '', number);
    this.#readEffects(line, number);
  }

  #readDecorator(name: string, rest: string): ModelCondition | undefined {
    const texts = this.#words(rest);
    const kind = Object.hasOwn(FLAG_KINDS, name) ? FLAG_KINDS[name] : undefined;
    if (kind) return { kind, flags: texts };
    if (name === 'hook') return { kind: 'hook', patterns: texts };
    if (name === 'when_file_changed') return { kind: 'file-changed' };
    if (name === 'only_once') return { kind: 'once' };
    if (name === 'collect_metrics' || name === 'meter_status_changed') {
      return { kind: 'restricted-hook', hook: name.replaceAll('_', '-') };
    }
    return undefined;
  }

  #startFunction(name: string, line: number): void {
    const conditions = this.#conditions;
    this.#conditions = [];
    this.#function = undefined;
    if (conditions.length === 0) return;
    const place = { file: this.#script.path, line };
    const isOfEndpoint = this.#script.path.startsWith('hooks/relations/');
    for (const endpoint of isOfEndpoint ? this.#endpoints : [undefined]) {
      const id = `${this.#script.path}:${name}${endpoint === undefined ? '' : `@${endpoint}`}`;
      this.#function = id;
      this.handlers.push({
        id,
        group: this.#group,
        ...(endpoint === undefined ? {} : { endpoint }),
        conditions: conditions.map((one) => fillCondition(one, endpoint)),
        place,
      });
    }
  }

  #readEffects(line: string, number: number): void {
    const calls = this.#script.language === 'python' ? pythonCalls(line) : bashCalls(line);
    for (const { owner, name, rest } of calls) {
      const kinds = Object.hasOwn(EFFECTS, name) ? EFFECTS[name] : undefined;
      if (!kinds) continue;
      const words = this.#words(rest);
      const texts = OF_ALL_WORDS.test(name) ? words : words.slice(0, 1);
      for (const kind of kinds) {
        for (const flag of texts.flatMap((text) => this.#fill(text, owner !== '' && owner !== 'reactive'))) {
          this.effects.push({
            kind,
            flag,
            group: this.#group,
            by: this.#function === undefined ? [] : [this.#function],
            place: { file: this.#script.path, line: number },
          });
        }
      }
    }
  }

  #words(rest: string): readonly FlagText[] {
    return this.#script.language === 'python' ? pythonWords(rest) : bashWords(rest);
  }

  /** What belongs to an endpoint gets its name. */
  #fill(text: FlagText, isOfObject: boolean): readonly FlagText[] {
    const isNamed = text.some((piece) => piece !== null && /\{(endpoint|relation)_name\}/.test(piece));
    if (!isNamed && !isOfObject) return [text];
    return this.#endpoints.flatMap((endpoint) => {
      const filled = fillText(text, endpoint);
      return isNamed ? [filled] : [joinTexts(known(`endpoint.${endpoint}.`), filled), filled];
    });
  }
}

function fillText(text: FlagText, endpoint: string | undefined): FlagText {
  if (endpoint === undefined) return text;
  return mapText(text, (piece) =>
    piece.replaceAll('{endpoint_name}', endpoint).replaceAll('{relation_name}', endpoint),
  );
}

function fillCondition(condition: ModelCondition, endpoint: string | undefined): ModelCondition {
  if (!('flags' in condition)) return condition;
  return { ...condition, flags: condition.flags.map((flag) => fillText(flag, endpoint)) };
}

interface FoundCall {
  /** What it is called on. */
  readonly owner: string;
  readonly name: string;
  readonly rest: string;
}

function pythonCalls(line: string): readonly FoundCall[] {
  return [...line.matchAll(/(?:(\w+)\s*\.\s*)?\b(\w+)\s*\(/g)].map((match) => ({
    owner: match[1] ?? '',
    name: match[2] ?? '',
    rest: line.slice(match.index + match[0].length - 1),
  }));
}

/** Commands by name, wherever they stand in a line, with their words up to the next command. */
function bashCalls(line: string): readonly FoundCall[] {
  const command = new RegExp(`(?<![\\w.-])(${Object.keys(EFFECTS).join('|')})(\\s[^;&|)\`]*)`, 'g');
  return [...line.matchAll(command)].map(([, name = '', rest = '']) => ({ owner: '', name, rest }));
}

/** The arguments of a call in Python, up to its closing parenthesis. */
function pythonWords(rest: string): readonly FlagText[] {
  const words: FlagText[] = [];
  const token = /\s*(?:(?:\w+\s*=\s*)?([rubRUB]?)(f?)(?:'([^'\\]*)'|"([^"\\]*)")|([^,()]+))\s*(,|\)|$)/y;
  token.lastIndex = rest.indexOf('(') + 1;
  for (let match = token.exec(rest); match; match = token.exec(rest)) {
    const [, , formatted, single, double, other, end] = match;
    const text = single ?? double;
    if (text === undefined) words.push(...(other?.trim() ? [ANYTHING] : []));
    else words.push(formatted ? withHoles(text, /\{[^{}]*\}/) : known(text));
    if (end !== ',') break;
  }
  return words;
}

/** The words of a command in bash. */
function bashWords(rest: string): readonly FlagText[] {
  const [command = ''] = rest.split(/\s#/);
  return [...command.matchAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s'"]+)/g)]
    .map(([, single, double, bare]) =>
      single === undefined
        ? withHoles(double ?? bare ?? '', /\$\{[^}]*\}|\$\([^)]*\)|\$\w+|`[^`]*`/)
        : known(single),
    )
    .filter((text) => !(text[0]?.startsWith('-') ?? false));
}

function withHoles(text: string, hole: RegExp): FlagText {
  return joinTexts(
    ...text.split(hole).flatMap((part, index) => (index === 0 ? [[part]] : [ANYTHING, [part]])),
  );
}
