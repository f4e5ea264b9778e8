import type { Command } from 'commander';
import { parsePlainYaml } from '../../simulator/operator/plain-yaml.ts';
import type { SecretDetails } from '../../simulator/report/secret-details.ts';
import { columnsOf, formatTable } from '../../simulator/report/text-table.ts';
import { misuse } from './command-failure.ts';
import { type DataFormat, formatData, formatOption } from './data-format.ts';
import { addChangingCommand, addModelCommand, askModel, changeModel } from './model-command.ts';
import { readCount, readGivenBytes, readGivenFile, splitPair } from './option-values.ts';
import { print, say } from './output.ts';

/** Adds the commands about secrets: the operator's own, and, for looking, those of charms. */
export function addSecretCommands(sim: Command): void {
  addContentCommand(
    addChangingCommand(sim, 'add-secret', "make a secret of the operator's").argument('<name>'),
  ).action((name: string, words: readonly string[], flags: ContentFlags, command: Command) =>
    changeModel(command, async (model) => {
      const { info } = flags;
      const uri = await model.addSecret(
        name,
        readContent(words, flags),
        info === undefined ? {} : { description: info },
      );
      print(`${uri}\n`);
    }),
  );
  addContentCommand(addChangingCommand(sim, 'update-secret', 'change a secret').argument('<id | name>'))
    .option('--name <name>', 'another name')
    .option('--auto-prune [yes]', 'remove revisions that nobody sees any more', (text) => text !== 'false')
    .action((secret: string, words: readonly string[], flags: UpdateFlags, command: Command) =>
      changeModel(command, (model) => model.updateSecret(secret, readUpdate(words, flags))),
    );
  addChangingCommand(sim, 'remove-secret', 'remove a secret, or one revision of it')
    .argument('<id | name>')
    .option('--revision <number>', 'only this one', readCount)
    .action((secret: string, flags: { readonly revision?: number }, command: Command) =>
      changeModel(command, (model) => model.removeSecret(secret, flags.revision)),
    );
  addAccessCommand(sim, 'grant-secret', 'let applications read a secret').action(
    (secret: string, names: string, _flags: unknown, command: Command) =>
      changeModel(command, (model) => model.grantSecret(secret, ...names.split(','))),
  );
  addAccessCommand(sim, 'revoke-secret', 'let applications read a secret no more').action(
    (secret: string, names: string, _flags: unknown, command: Command) =>
      changeModel(command, (model) => model.revokeSecret(secret, ...names.split(','))),
  );
  addLookingCommands(sim);
}

interface ContentFlags {
  readonly file?: string;
  readonly info?: string;
}

interface UpdateFlags extends ContentFlags {
  readonly name?: string;
  readonly autoPrune?: boolean;
}

interface ShowFlags {
  readonly reveal?: boolean;
  readonly revision?: number;
  readonly revisions?: boolean;
  readonly format: DataFormat;
}

function addContentCommand(command: Command): Command {
  return command
    .argument('[key[#base64|#file]=value...]', 'what it holds')
    .option('--file <file>', 'what it holds, out of a YAML file; what is typed goes over it')
    .option('--info <text>', 'what it is for');
}

function addAccessCommand(sim: Command, name: string, description: string): Command {
  return addChangingCommand(sim, name, description)
    .argument('<id | name>')
    .argument('<application[,application...]>');
}

function addLookingCommands(sim: Command): void {
  addModelCommand(sim, 'secrets', 'the secrets of a model')
    .alias('list-secrets')
    .option('--owner <name>', 'those of an application or a unit; <model> for the operator')
    .addOption(formatOption('tabular', 'yaml', 'json'))
    .action((flags: { readonly owner?: string; readonly format: 'tabular' | DataFormat }, command: Command) =>
      askModel(command, async (model) => {
        const entries = Object.entries(await model.secrets());
        const shown = entries.filter(
          ([, { owner }]) => flags.owner === undefined || ownerNames(owner).includes(flags.owner),
        );
        listSecrets(shown, flags.format);
      }),
    );
  addModelCommand(sim, 'show-secret', 'a secret, who may read it, and what it holds')
    .argument('<id | name>')
    .option('--reveal', 'with what it holds')
    .option('-r, --revision <number>', 'of this revision', readCount)
    .option('--revisions', 'with all its revisions')
    .addOption(formatOption('yaml', 'json'))
    .action((secret: string, flags: ShowFlags, command: Command) =>
      askModel(command, async (model) => {
        const { format, ...asked } = flags;
        const details = await model.showSecret(secret, asked);
        print(formatData(format === 'json' ? details : detailsForYaml(details), format));
      }),
    );
}

/** `key=value` each, and a file of YAML below them; `key#file=path` has what that file holds. */
function readContent(words: readonly string[], { file }: ContentFlags): Record<string, string> {
  const written = file === undefined ? {} : parsePlainYaml(readGivenFile(file));
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw misuse(`"${file}" must hold a YAML mapping of keys to values`);
  }
  const texts = Object.entries(written).map(([key, value]) => [key, String(value)] as const);
  const entries = [...texts, ...words.map(splitPair)].map(([key, value]) => {
    if (!key.endsWith('#file')) return [key, value] as const;
    return [`${key.slice(0, -'#file'.length)}#base64`, readGivenBytes(value).toString('base64')] as const;
  });
  return Object.fromEntries(entries);
}

function readUpdate(words: readonly string[], flags: UpdateFlags) {
  const { name, info, autoPrune } = flags;
  return {
    content: readContent(words, flags),
    ...(name === undefined ? {} : { name }),
    ...(info === undefined ? {} : { description: info }),
    ...(autoPrune === undefined ? {} : { autoPrune }),
  };
}

/** `redis` may be asked for as Juju's `application-redis` too, and `redis/0` as `unit-redis-0`. */
function ownerNames(owner: string): string[] {
  const tag = owner.includes('/') ? `unit-${owner.replace('/', '-')}` : `application-${owner}`;
  return [owner, tag];
}

function listSecrets(
  entries: readonly (readonly [string, SecretDetails])[],
  format: 'tabular' | DataFormat,
): void {
  if (format !== 'tabular') {
    print(formatData(Object.fromEntries(entries), format));
  } else if (entries.length === 0) {
    say('No secrets to display.');
  } else {
    const rows = entries.map(([id, secret]) => [
      id,
      secret.name ?? '-',
      secret.owner,
      secret.rotation ?? 'never',
      String(secret.revision),
      secret.updated,
    ]);
    print(formatTable(columnsOf('ID', 'Name', 'Owner', 'Rotation', '>Revision', 'Last updated'), rows));
  }
}

/** In YAML, Juju has what a secret holds directly below `content`. */
function detailsForYaml(details: Readonly<Record<string, SecretDetails>>): Record<string, unknown> {
  const entries = Object.entries(details).map(([id, { content, ...rest }]) => {
    const { revisions, access, ...first } = rest;
    return [
      id,
      {
        ...first,
        ...(content === undefined ? {} : { content: content.Data }),
        ...(revisions === undefined ? {} : { revisions }),
        ...(access === undefined ? {} : { access }),
      },
    ];
  });
  return Object.fromEntries(entries);
}
