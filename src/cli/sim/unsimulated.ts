import type { Command } from 'commander';
import { misuse } from './command-failure.ts';

const NO_CLOUD = 'there is no controller and no cloud here; a model is a folder of this machine';
const NO_USERS = 'a model has one user, who is you';
const NO_NETWORKS = 'all units are on this machine, in one space';
const NO_STORE = 'Charmhub is not asked; deploy and refresh take paths';
const NO_OFFERS = 'there is one model at a time; deploy both sides into it and integrate them';
const NO_MACHINES = 'machines come with their units; "add-unit --to 0" puts a unit on one that is there';
const THIS_MACHINE = 'units are on this machine; "exec" runs a command, "debug-hooks" opens a shell';

/** Commands of Juju that are not simulated, each with why, and what to use instead. */
const UNSIMULATED: Readonly<Record<string, readonly string[]>> = {
  [NO_CLOUD]: [
    'bootstrap',
    'controllers',
    'show-controller',
    'register',
    'unregister',
    'destroy-controller',
    'kill-controller',
    'controller-config',
    'clouds',
    'add-cloud',
    'remove-cloud',
    'update-cloud',
    'show-cloud',
    'regions',
    'credentials',
    'add-credential',
    'update-credential',
    'remove-credential',
    'show-credential',
    'set-credential',
    'default-credential',
    'default-region',
    'autoload-credentials',
    'add-k8s',
    'update-k8s',
    'remove-k8s',
    'enable-ha',
    'dashboard',
    'migrate',
    'create-backup',
    'download-backup',
    'sync-agent-binary',
    'version',
    'upgrade-controller',
    'upgrade-model',
    'wait-for',
  ],
  [NO_USERS]: [
    'users',
    'add-user',
    'remove-user',
    'enable-user',
    'disable-user',
    'show-user',
    'change-user-password',
    'login',
    'logout',
    'whoami',
    'grant',
    'revoke',
    'grant-cloud',
    'revoke-cloud',
    'ssh-keys',
    'add-ssh-key',
    'remove-ssh-key',
    'import-ssh-key',
    'disabled-commands',
    'disable-command',
    'enable-command',
  ],
  [NO_NETWORKS]: [
    'spaces',
    'add-space',
    'remove-space',
    'rename-space',
    'show-space',
    'move-to-space',
    'reload-spaces',
    'subnets',
    'bind',
    'firewall-rules',
    'set-firewall-rule',
  ],
  [NO_STORE]: ['find', 'info', 'download', 'charm-resources', 'diff-bundle', 'export-bundle'],
  [NO_OFFERS]: [
    'offer',
    'offers',
    'show-offer',
    'remove-offer',
    'find-offers',
    'consume',
    'remove-saas',
    'suspend-relation',
    'resume-relation',
  ],
  [NO_MACHINES]: [
    'add-machine',
    'remove-machine',
    'show-machine',
    'upgrade-machine',
    'retry-provisioning',
    'constraints',
    'set-constraints',
    'model-constraints',
    'set-model-constraints',
    'set-application-base',
    'scale-application',
  ],
  [THIS_MACHINE]: ['ssh', 'scp', 'debug-code'],
  'use "-m <name>" or the variable REACTIVE_MODEL': ['switch'],
  '"add-model" says how a model is; "models" lists them': [
    'model-config',
    'model-defaults',
    'show-model',
    'rename-model',
    'model-default',
  ],
  'storage is a folder of the model, and has no pools; see "storage"': [
    'storage-pools',
    'create-storage-pool',
    'update-storage-pool',
    'remove-storage-pool',
    'import-filesystem',
  ],
  'secrets are kept in the model': [
    'secret-backends',
    'add-secret-backend',
    'update-secret-backend',
    'remove-secret-backend',
    'show-secret-backend',
    'model-secret-backend',
  ],
};

/** Adds the commands of Juju that only say why they are not simulated. None is in the help. */
export function addUnsimulatedCommands(sim: Command): void {
  for (const [reason, names] of Object.entries(UNSIMULATED)) {
    for (const name of names) {
      sim
        .command(name, { hidden: true })
        .argument('[words...]')
        .allowUnknownOption()
        .helpOption(false)
        .action(() => {
          throw misuse(`"juju ${name}" is not simulated: ${reason}`);
        });
    }
  }
}
