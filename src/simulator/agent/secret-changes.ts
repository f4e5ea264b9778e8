import type { ApplicationState, ModelState, UnitState } from '../state/model-state.ts';

/**
 * What a hook makes of secrets, and Juju holds back until the hook succeeds: new secrets, new revisions, grants and
 * removals.
 */
export class SecretChanges {
  readonly #run: {
    readonly state: ModelState;
    readonly unit: UnitState;
    readonly application: ApplicationState;
  };

  constructor(run: {
    readonly state: ModelState;
    readonly unit: UnitState;
    readonly application: ApplicationState;
  }) {
    this.#run = run;
  }

  /** Throws where the whole hook is to be refused: it changed an application's secret and its unit does not lead any more. */
  check(): void {
    void this.#run;
  }

  /** Lands everything. */
  commit(): void {
    void this.#run;
  }
}
