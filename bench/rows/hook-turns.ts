import type { HookKind } from '../hook-kinds.ts';
import type { HookCost, HookRunner, MeasuredCharm } from '../hook-runner.ts';
import type { Plan } from '../plan.ts';
import type { ProcessCost } from '../process-cost.ts';
import { takeTurns } from '../statistics.ts';

/** What a kind of hook took, turn by turn: in our charm, in each rival, and what the floors took in the same turns. */
export interface MeasuredHook {
  /** What it is called in a table. */
  readonly name: string;
  /** Milliseconds that each hook tool took longer than its process. */
  readonly delay: number;
  readonly node: readonly ProcessCost[];
  readonly sqlite: readonly ProcessCost[];
  readonly ours: readonly HookCost[];
  /** By name. */
  readonly rivals: Readonly<Record<string, readonly HookCost[]>>;
}

/** Lets our charm, its rivals and the floors take turns at one kind of hook after the other. */
export class HookTurns {
  readonly #plan: Plan;
  readonly #floors: { readonly node: () => ProcessCost; readonly sqlite: () => ProcessCost };
  readonly #ours: HookRunner;
  readonly #rivals: readonly (readonly [string, HookRunner])[];

  constructor(plan: Plan, ours: MeasuredCharm, rivals: readonly MeasuredCharm[]) {
    const { workshop } = plan;
    this.#plan = plan;
    this.#floors = workshop.floorsOf(ours);
    this.#ours = workshop.runnerOf(ours);
    this.#rivals = rivals.map((rival) => [rival.name, workshop.runnerOf(rival)]);
  }

  /** Measures a kind of hook; `before` is called before each of our own. */
  measure(
    kind: HookKind,
    given: { readonly name?: string; readonly delay?: number; readonly before?: () => void } = {},
  ): MeasuredHook {
    const { name = kind.name, delay = 0, before } = given;
    const { workshop, rounds, tell } = this.#plan;
    tell(delay > 0 ? `${name}, with tools of ${delay} ms` : name);
    const ours = this.#ours.prepare(kind, delay);
    const rivals = this.#rivals.map(([rival, runner]) => [rival, runner.prepare(kind, delay)] as const);
    workshop.tools.delay(delay);
    const { node, sqlite, charm, ...others } = takeTurns<string, ProcessCost>(rounds, {
      ...this.#floors,
      charm: () => {
        before?.();
        return ours();
      },
      ...Object.fromEntries(rivals.map(([rival, run]) => [`rival ${rival}`, run])),
    });
    const costs = (taken: readonly ProcessCost[] = []): HookCost[] => taken as HookCost[];
    return {
      name,
      delay,
      node: node ?? [],
      sqlite: sqlite ?? [],
      ours: costs(charm),
      rivals: Object.fromEntries(rivals.map(([rival]) => [rival, costs(others[`rival ${rival}`])])),
    };
  }

  /** Leaves the folders of rivals as they were. */
  finish(): void {
    for (const [, runner] of this.#rivals) runner.finish();
  }
}
