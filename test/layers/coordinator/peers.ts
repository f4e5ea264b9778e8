import { defineLayer, handler, hook, type JsonValue, type Unit } from 'charms-reactive';
import { CoordinatorPeers } from '../../../interfaces/coordinator/peers.ts';
import CoordinatorLayer from '../../../layers/coordinator/reactive/coordinator.ts';
import { makeTrialCharm, UnitRunner } from '../unit-runner.ts';

/** Units of one application, whose databags and leader settings reach each other as Juju would have it. */
export class Peers {
  readonly units: readonly UnitRunner[];
  /** What a unit does in its next update-status. */
  act: (unit: Unit) => void = () => undefined;

  /** The first leads. */
  constructor(
    count: number,
    options: Readonly<Record<string, JsonValue>> = {},
    layers: Readonly<Record<string, unknown>> = {},
  ) {
    const web = defineLayer('web', [handler(hook('update-status'), (unit) => this.act(unit))]);
    const charm = makeTrialCharm({
      layers: { coordinator: CoordinatorLayer, ...layers, web },
      stock: ['coordinator'],
      options: { coordinator: options },
      interfaces: [
        {
          role: 'peers',
          interface: 'coordinator',
          file: 'interfaces/coordinator/peers.ts',
          exports: { CoordinatorPeers },
        },
      ],
    });
    this.units = Array.from({ length: count }, (_, number) => new UnitRunner(charm, `web/${number}`));
    const [leader] = this.units;
    if (leader) leader.tools.model.isLeader = true;
  }

  /** Runs a hook on a unit, with what all of them have published; then what the leader set is everyone's. */
  async hook(number: number, name: string, act?: (unit: Unit) => void): Promise<void> {
    const unit = this.unit(number);
    this.act = act ?? (() => undefined);
    unit.relate({ 'coordinator:0': { application: 'web', units: this.#othersOf(unit) } });
    const relation = name.startsWith('coordinator-')
      ? { relationId: 'coordinator:0', remoteUnit: 'web/0' }
      : {};
    await unit.hook({ name, ...relation });
    if (!unit.tools.model.isLeader) return;
    for (const { tools } of this.units) tools.model.leaderSettings = { ...unit.tools.model.leaderSettings };
  }

  unit(number: number): UnitRunner {
    const unit = this.units[number];
    if (!unit) throw new Error(`there is no unit ${number}`);
    return unit;
  }

  /** The flags of a unit's locks that are stored. */
  flags(number: number): string[] {
    return this.unit(number)
      .flags.filter((flag) => flag.startsWith('coordinator.'))
      .map((flag) => flag.replace('coordinator.', ''));
  }

  /** Units that the leader granted locks, with the locks. */
  granted(): Record<string, string[]> {
    const grants = JSON.parse(this.unit(0).tools.model.leaderSettings.coordinator ?? '{}');
    return Object.fromEntries(
      Object.entries(grants).map(([unit, locks]) => [unit, Object.keys(locks as object)]),
    );
  }

  #othersOf({ tools: { model } }: UnitRunner) {
    const others = this.units.filter(({ tools }) => tools.model.unit !== model.unit);
    return Object.fromEntries(
      others.map(({ tools }) => [tools.model.unit, tools.published['coordinator:0']?.unit ?? {}]),
    );
  }
}
