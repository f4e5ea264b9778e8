import type { Node } from '@babel/types';
import type { ModelHandler, Unknown } from './reactive-model.ts';
import type { FunctionNode, SyntaxTree } from './syntax-tree.ts';

/** Who runs a function: a handler, or the framework at a certain time. */
export interface Runner {
  readonly id: string;
  readonly isHandler: boolean;
  readonly endpoint?: string;
}

/** The handlers of a charm's modules. */
export interface ReadHandlers {
  readonly handlers: readonly ModelHandler[];
  /** The functions that run as them, and at certain times. */
  readonly runners: ReadonlyMap<FunctionNode, readonly Runner[]>;
  readonly unknowns: readonly Unknown[];
}

/** The handlers found so far. */
export class HandlerList implements ReadHandlers {
  readonly handlers: ModelHandler[] = [];
  readonly runners = new Map<FunctionNode, Runner[]>();
  readonly unknowns: Unknown[] = [];

  /** Notes that a function runs as a handler, or at a certain time. */
  run(node: FunctionNode, runner: Runner): void {
    const known = this.runners.get(node);
    if (known) known.push(runner);
    else this.runners.set(node, [runner]);
  }

  /** Notes what cannot be told. */
  note(note: {
    readonly tree: SyntaxTree;
    readonly node: Node;
    readonly of: Unknown['of'];
    readonly reason: string;
  }): void {
    const { tree, node, of, reason } = note;
    this.unknowns.push({ of, place: tree.placeOf(node), reason });
  }
}
