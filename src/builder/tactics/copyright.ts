import { copyOf } from './copy.ts';
import type { Tactic } from './tactic.ts';

/** `copyright`: nobody's is lost. The highest layer's keeps the name, a lower one's becomes `copyright.layer-NAME`. */
export const copyrightTactic: Tactic = {
  handles: (path) => path === 'copyright',
  needsLower: true,
  plan: (copies) => () =>
    copies.map((copy, index) =>
      copyOf(copy, index === copies.length - 1 ? 'copyright' : `copyright.layer-${copy.layer.name}`),
    ),
};
