import { Layer } from 'charms-reactive';
import { coordinatorOf } from '../lib/coordinator.ts';

/**
 * Lets units of an application take turns.
 *
 *     coordinator.requested.<lock>   this unit asked for the lock
 *     coordinator.granted.<lock>     it holds it, until the end of the hook
 */
export default class CoordinatorLayer extends Layer {
  #isStarted = false;

  override atStart(): void {
    this.#isStarted = true;
    coordinatorOf(this.unit).start();
  }

  /** A hook that was ended before it began has done nothing with its locks. */
  override atExit(): void {
    if (this.#isStarted) coordinatorOf(this.unit).finish();
  }
}
