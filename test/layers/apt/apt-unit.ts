import type { JsonValue, Unit } from 'charms-reactive';
import { defineLayer, handler, hook } from 'charms-reactive';
import AptLayer from '../../../layers/apt/reactive/apt.ts';
import Status from '../../../layers/status/reactive/status.ts';
import { TestPath } from '../path.ts';
import { makeTrialCharm, UnitRunner } from '../unit-runner.ts';

/** A unit with layer:apt on a machine whose apt does nothing, and does this in update-status. */
export function makeAptUnit(
  options: Readonly<Record<string, JsonValue>> = {},
  act: (unit: Unit) => unknown = () => undefined,
): { readonly unit: UnitRunner; readonly machine: TestPath } {
  const machine = new TestPath();
  for (const program of ['apt-get', 'apt-mark', 'apt-key', 'add-apt-repository']) machine.program(program);
  const web = defineLayer('web', [handler(hook('update-status'), act)]);
  const charm = makeTrialCharm({
    layers: { status: Status, apt: AptLayer, web },
    stock: ['apt'],
    options: {
      apt: { attempts: 2, retry_seconds: 0, ...options },
      status: { 'patch-hookenv': true },
    },
  });
  return { unit: new UnitRunner(charm, 'web/0'), machine };
}

/** The flags of the layer that are stored. */
export function aptFlags({ flags }: UnitRunner): string[] {
  return flags.filter((flag) => flag.startsWith('apt.'));
}

export const INSTALL = 'apt-get --assume-yes --option=Dpkg::Options::=--force-confold install';
export const UPDATE = 'apt-get update --error-on=any';
