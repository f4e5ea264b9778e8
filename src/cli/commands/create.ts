import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Role } from '../../metadata/charm-metadata.ts';
import type { CreatedKind } from '../create/names.ts';
import type { Creation } from '../create/template-values.ts';

interface CreateFlags {
  readonly install: boolean;
  readonly roles?: readonly Role[];
}

const ROLES = ['provides', 'requires', 'peers'] as const;

/** Adds `reactive create`: a new charm, layer or interface to begin with, that works. */
export function addCreateCommand(program: Command): void {
  const create = program
    .command('create')
    .description('create a charm, a layer or an interface to begin with, tests included')
    .addHelpText('after', '\n"reactive create NAME" creates a charm, as "charm create NAME" does.');
  addKind(create, {
    kind: 'charm',
    description:
      'create a charm that works: a handler, an option, an endpoint, tests, and a scenario to explore',
    where: 'the folder that it goes into, in a folder of its name (default: $CHARM_HOME, or the current one)',
  });
  addKind(create, {
    kind: 'layer',
    description: 'create a layer for charms to include: a handler, an option, a library, and tests',
    where: 'the folder that it goes into, in a folder of its name (default: the current one)',
  });
  addKind(create, {
    kind: 'interface',
    description: 'create an interface for charms to include: the code of both sides and of peers, and tests',
    where: 'the folder that it goes into, in a folder of its name (default: the current one)',
  }).option(
    '--roles <roles>',
    `which sides to have, with commas between: ${ROLES.join(',')} (default: all)`,
    readRoles,
  );
}

function addKind(
  create: Command,
  {
    kind,
    description,
    where,
  }: { readonly kind: CreatedKind; readonly description: string; readonly where: string },
): Command {
  return create
    .command(kind, { isDefault: kind === 'charm' })
    .description(description)
    .argument('<name>', `what the ${kind} is called`)
    .argument('[folder]', where)
    .option('--no-install', 'do not run "npm install" in it')
    .action(async (name: string, folder: string | undefined, { install, roles }: CreateFlags) => {
      const home = kind === 'charm' ? process.env.CHARM_HOME : undefined;
      const creation = { kind, name, ...(roles === undefined ? {} : { roles }) };
      await createIn(creation, { parent: folder ?? (home || '.'), isInstalled: install });
    });
}

async function createIn(
  creation: Creation,
  { parent, isInstalled }: { readonly parent: string; readonly isInstalled: boolean },
): Promise<void> {
  const { kind, name } = creation;
  const [{ create }, { installPackages }] = await Promise.all([
    import('../create/create.ts'),
    import('../create/npm-install.ts'),
  ]);
  const { folder, files } = create(creation, parent, process.env);
  const shown = path.relative('.', folder);
  console.log([`Created the ${kind} "${name}" in ${shown}:`, ...files.map((file) => `  ${file}`)].join('\n'));
  if (isInstalled) {
    console.log('\nInstalling what it is developed with: npm install');
    installPackages(folder);
  }
  const steps = [`cd ${shown}`, ...(isInstalled ? [] : ['npm install']), ...NEXT[kind]];
  console.log(['', 'Next:', ...steps.map((step) => `  ${step}`)].join('\n'));
}

const NEXT: Readonly<Record<CreatedKind, readonly string[]>> = {
  charm: [
    'npm test                              # its handlers, then the charm, deployed in a Juju on this machine',
    'npx reactive sim deploy . --settle    # live with it; then: npx reactive sim status',
    'npm run explore                       # other orders of hooks, and faults',
    'npm run pack                          # the .charm file that Juju deploys',
  ],
  layer: ['npm test', 'npm run check'],
  interface: ['npm test', 'npm run check'],
};

function readRoles(text: string): readonly Role[] {
  const given = text.split(',').map((role) => role.trim());
  const wrong = given.find((role) => !ROLES.some((known) => known === role));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of ${ROLES.join(', ')}`);
  return ROLES.filter((role) => given.includes(role));
}
