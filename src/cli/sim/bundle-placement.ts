import type { ModelHandle } from '../../simulator/service/model-handle.ts';
import type { Bundle, BundleApplication } from './bundle.ts';
import { CommandFailure } from './command-failure.ts';
import { say } from './output.ts';

/** Puts units where a bundle wants them: its own numbers of machines mean what their first unit was given. */
export class Placement {
  readonly #model: ModelHandle;
  readonly #declared: readonly string[];
  readonly #machines = new Map<string, string>();

  constructor(model: ModelHandle, declared: readonly string[]) {
    this.#model = model;
    this.#declared = declared;
  }

  async addUnits(name: string, { units, to }: BundleApplication): Promise<void> {
    const { applications } = await this.#model.snapshot();
    const isSubordinate = applications[name]?.charm.metadata.subordinate ?? false;
    if (isSubordinate && (units ?? 0) > 0) {
      throw new CommandFailure(`application "${name}" is a subordinate, and must have no units of its own`);
    }
    const there = (await this.#model.units(name)).length;
    const wanted = units ?? (isSubordinate ? 0 : 1);
    for (let index = there; index < wanted; index += 1) {
      await this.#addUnit(name, to[index] ?? to.at(-1), index);
    }
  }

  async #addUnit(name: string, place: string | undefined, index: number): Promise<void> {
    const target = place?.slice(place.indexOf(':') + 1);
    if (place?.includes(':')) say(`NOTE containers are not simulated: "${place}" means a machine of its own`);
    const machine = place?.includes(':') ? undefined : await this.#findMachine(target, index);
    const [unit = ''] = await this.#model.addUnit(name, 1, machine === undefined ? [] : [machine]);
    const { units } = await this.#model.snapshot();
    const given = units[unit]?.machine ?? '';
    if (
      target !== undefined &&
      /^\d+$/.test(target) &&
      !this.#machines.has(target) &&
      !place?.includes(':')
    ) {
      this.#machines.set(target, given);
    }
    say(`- add unit ${unit} to ${machine === undefined ? 'new ' : ''}machine ${given}`);
  }

  /** Undefined for a new one. */
  async #findMachine(target: string | undefined, index: number): Promise<string | undefined> {
    if (target === undefined || target === 'new') return undefined;
    if (/^\d+$/.test(target)) {
      if (!this.#declared.includes(target)) {
        throw new CommandFailure(`machine "${target}" is not among the machines of the bundle`);
      }
      return this.#machines.get(target);
    }
    const { units } = await this.#model.snapshot();
    const beside = target.includes('/') ? target : `${target}/${index}`;
    const machine = units[beside]?.machine;
    if (machine === undefined)
      throw new CommandFailure(`cannot place a unit beside "${beside}": there is none`);
    return machine;
  }
}

/** Applications that go where others are come after those. */
export function inPlacementOrder(
  applications: Bundle['applications'],
): (readonly [string, BundleApplication])[] {
  const placed: (readonly [string, BundleApplication])[] = [];
  let waiting = Object.entries(applications);
  while (waiting.length > 0) {
    const names = new Set(waiting.map(([name]) => name));
    const ready = waiting.filter(([own, { to }]) =>
      to.map(neighbourOf).every((other) => other === undefined || other === own || !names.has(other)),
    );
    if (ready.length === 0) {
      throw new CommandFailure(`the units of ${[...names].join(', ')} are each to go where the others are`);
    }
    placed.push(...ready);
    waiting = waiting.filter((entry) => !ready.includes(entry));
  }
  return placed;
}

/** The application beside whose units a unit is to go; undefined for a machine. */
function neighbourOf(place: string): string | undefined {
  const target = place.slice(place.indexOf(':') + 1);
  if (/^\d+$/.test(target) || target === 'new') return undefined;
  return target.split('/')[0];
}
