import { JUJU_VERSION } from '../agent/hook-environment.ts';
import type { MachineState, ModelState } from '../state/model-state.ts';
import { type Base, baseOf } from './charm-base.ts';
import { formatStatusTime } from './juju-time.ts';
import type { StatusInfo } from './status-info.ts';
import { sortNaturally } from './structured-text.ts';

/** A machine as `juju status --format json` has it. */
export interface MachineStatus {
  readonly 'juju-status': StatusInfo;
  readonly hostname: string;
  readonly 'dns-name': string;
  readonly 'ip-addresses': readonly string[];
  readonly 'instance-id': string;
  readonly 'machine-status': StatusInfo;
  readonly 'modification-status': StatusInfo;
  readonly base: Base;
  readonly 'network-interfaces': Readonly<Record<string, NetworkInterface>>;
  readonly hardware: string;
}

/** A machine's network device as `juju status --format json` has it. */
export interface NetworkInterface {
  readonly 'ip-addresses': readonly string[];
  readonly 'mac-address': string;
  readonly space: string;
  readonly 'is-up': boolean;
}

/** `juju machines --format json`: machines with nothing around them but the model's name. */
export interface MachineList {
  readonly model: string;
  readonly machines: Readonly<Record<string, MachineStatus>>;
}

/** The architecture of this machine, and so of all of a model's, in Juju's words. */
export const ARCHITECTURE = { x64: 'amd64', ia32: 'i386' }[process.arch as string] ?? process.arch;

/** All machines, or those named. Throws nothing: a machine that there is not is left out, as in Juju. */
export function reportMachines(
  state: ModelState,
  options: { readonly machines?: readonly string[]; readonly utc?: boolean } = {},
): MachineList {
  const ids = Object.keys(state.machines).filter((id) => options.machines?.includes(id) ?? true);
  const reports = ids.flatMap((id) => {
    const machine = state.machines[id];
    return machine === undefined ? [] : [[id, reportMachine(state, machine, options.utc)] as const];
  });
  return { model: state.name, machines: sortNaturally(Object.fromEntries(reports)) };
}

function reportMachine(state: ModelState, machine: MachineState, utc = false): MachineStatus {
  const since = formatStatusTime(machine.since, utc);
  const name = `local-${machine.id}`;
  return {
    'juju-status': { current: 'started', since, version: JUJU_VERSION },
    hostname: name,
    'dns-name': machine.address,
    'ip-addresses': [machine.address],
    'instance-id': name,
    'machine-status': { current: 'running', message: 'Running', since },
    'modification-status': { current: 'applied', since },
    base: baseOf(charmOn(state, machine)),
    'network-interfaces': {
      lo: {
        'ip-addresses': [machine.address],
        'mac-address': '00:00:00:00:00:00',
        space: 'alpha',
        'is-up': true,
      },
    },
    hardware: `arch=${ARCHITECTURE}`,
  };
}

/** The charm that the machine was made for: its first principal unit's. */
function charmOn(state: ModelState, machine: MachineState) {
  const [unit] = Object.values(state.units).filter(
    (one) => one.machine === machine.id && one.principal === null,
  );
  return unit === undefined ? undefined : state.applications[unit.application]?.charm;
}
