import { Layer } from 'charms-reactive';
import { LayerOptions } from 'charms-reactive/layers/options/lib/options';
import { boardOf } from '../lib/status-board.ts';

/** Collects what the charm's layers say of the workload, and tells Juju the worst of it once, at the end of the hook. */
export default class Status extends Layer {
  /** Before any other layer can say something. Restricted hooks have no end to wait for: there it is said at once. */
  override registerTriggers(): void {
    if (this.unit.hook.restricted) return;
    const board = boardOf(this.unit);
    board.collect();
    if (!new LayerOptions(this.unit, 'status').boolean('patch-hookenv')) return;
    this.unit.collectStatus(({ status, message, layer = '' }) =>
      board.add({ state: status, message, layer }),
    );
  }

  /** Layers leave in reverse order, so that those above have said all they have to say. */
  override atExit(): void {
    boardOf(this.unit).finish();
  }
}
