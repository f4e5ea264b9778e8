import { FORMATS, type Format } from './output.ts';

/** What a sub-command takes. */
export interface Signature {
  /** Names of arguments in order; one that ends in `…` stands for all that are left, none included. */
  readonly arguments: readonly string[];
  /** Names of options, each with a value: `--set_flag NAME`. */
  readonly options?: readonly string[];
}

/** A command line that was understood. */
export interface CommandLine {
  readonly format: Format;
  readonly name: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/** A request for help: about one sub-command, or about all. */
export interface HelpRequest {
  readonly help: string | undefined;
}

/** Words that make no sense; the reference ends with exit code 2 then. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The sub-command whose usage tells more; undefined for the command's own. */
  readonly about: string | undefined;

  constructor(message: string, about?: string) {
    super(message);
    this.about = about;
  }
}

/**
 * Reads the words after `charms.reactive`: the format first, then a sub-command with its arguments and options, in any order.
 * @throws UsageError when they make no sense.
 */
export function readCommandLine(
  words: readonly string[],
  signatureOf: (name: string) => Signature | undefined,
): CommandLine | HelpRequest {
  const { format, help, rest } = readGlobalOptions(words);
  if (help) return { help: undefined };
  const [name, ...parameters] = rest;
  if (name === undefined) throw new UsageError('a sub-command is missing');
  const signature = signatureOf(name);
  if (!signature) throw new UsageError(`"${name}" is no sub-command`);
  const options = parameters.slice(0, parameters.includes('--') ? parameters.indexOf('--') : undefined);
  if (options.includes('--help') || options[0] === '-h') return { help: name };
  return { format, name, ...readParameters(name, signature, parameters) };
}

/** `charms.reactive set_flag [--value VALUE] FLAG` */
export function describeUsage(name: string, { arguments: names, options = [] }: Signature): string {
  const described = [
    ...options.map((option) => `[--${option} VALUE]`),
    ...names.map((argument) =>
      argument.endsWith('…') ? `[${argument.toUpperCase()}]` : argument.toUpperCase(),
    ),
  ];
  return ['charms.reactive', name, ...described].join(' ');
}

function readGlobalOptions(words: readonly string[]): { format: Format; help: boolean; rest: string[] } {
  const rest = [...words];
  let format: Format = 'raw';
  let help = false;
  while (rest[0]?.startsWith('-')) {
    const word = rest.shift() ?? '';
    if (word === '--help' || word === '-h') help = true;
    else if (word === '--format') format = checkFormat(rest.shift());
    else if (word.startsWith('--format=')) format = checkFormat(word.slice('--format='.length));
    else
      format = checkFormat(
        FORMATS.find((known) => word === `--${known}` || word === `-${known[0]}`),
        word,
      );
  }
  return { format, help, rest };
}

function checkFormat(text: string | undefined, word = text): Format {
  const format = FORMATS.find((known) => known === text);
  if (format) return format;
  throw new UsageError(
    `"${word ?? ''}" is no option or format; formats are ${FORMATS.map((known) => `"${known}"`).join(', ')}`,
  );
}

function readParameters(
  name: string,
  signature: Signature,
  parameters: readonly string[],
): Pick<CommandLine, 'words' | 'options'> {
  const { arguments: wanted, options: known = [] } = signature;
  const words: string[] = [];
  const options: Record<string, string> = {};
  const rest = [...parameters];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') words.push(...rest.splice(0));
    else if (!/^-\D/.test(word)) words.push(word);
    else {
      const [written = '', ...value] = word.split('=');
      // --set-flag is the same as --set_flag.
      const option = written.slice(2).replaceAll('-', '_');
      const given = value.length > 0 ? value.join('=') : rest.shift();
      if (!known.includes(option)) throw new UsageError(`${written} is no option of ${name}`, name);
      if (given === undefined) throw new UsageError(`${written} needs a value`, name);
      options[option] = given;
    }
  }
  const isOpen = wanted.at(-1)?.endsWith('…') ?? false;
  const least = isOpen ? wanted.length - 1 : wanted.length;
  if (words.length < least)
    throw new UsageError(`${name} needs ${wanted[words.length]?.toUpperCase()}`, name);
  if (!isOpen && words.length > least) throw new UsageError(`${name} does not take "${words[least]}"`, name);
  return { words, options };
}
