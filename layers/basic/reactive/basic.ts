import { Layer } from 'charms-reactive';

/** What every charm layer builds on: keeps the flags that say how the charm's configuration stands. */
export default class Basic extends Layer {
  /** Before the endpoints' flags, as in the reference, so that triggers see config flags first. */
  override beforeStart(): void {
    this.unit.manageConfigFlags();
  }
}
