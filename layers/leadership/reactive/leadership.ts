import { Layer } from 'charms-reactive';
import { noteLeadership } from '../lib/leadership.ts';

/** Keeps the flags that say who leads, and what the leader has set. */
export default class Leadership extends Layer {
  override atStart(): void {
    this.unit.log.debug(`leadership: this unit ${this.unit.isLeader ? 'leads' : 'follows'}`);
    noteLeadership(this.unit);
  }
}
