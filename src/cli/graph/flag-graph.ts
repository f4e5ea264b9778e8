import { type FlagText, fromPattern, isAnything, mayBeSame, writeText } from '../../analysis/flag-text.ts';
import type { FlagEffect, ModelHandler } from '../../analysis/reactive-model.ts';
import type { CharmModel } from '../../proof/reactive/charm-model.ts';

/** What a node of the graph is. */
export type NodeKind =
  | 'hook'
  /** What the framework keeps flags for: an endpoint. */
  | 'endpoint'
  | 'flag'
  | 'handler'
  /** Code that runs at a certain time of every hook: `apt.atStart`. */
  | 'time';

/** A box of the drawing. */
export interface GraphNode {
  /** Unlike any other's. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** For handlers: the layer, or `interface:` and the interface. */
  readonly group?: string;
}

/** How one node leads to another. */
export type EdgeKind =
  /** A hook runs a handler. */
  | 'runs'
  /** A handler waits for a flag to be set, for one of several, for it not to be set; or asks whether it is. */
  | 'waits'
  | 'waits-any'
  | 'waits-not'
  | 'asks'
  | 'sets'
  | 'clears'
  /** It does either, as the case may be. */
  | 'toggles'
  /** A trigger: what happens to one flag when another is set, or cleared. */
  | 'set-sets'
  | 'set-clears'
  | 'clear-sets'
  | 'clear-clears';

/** An arrow of the drawing. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
}

/** Who sets what and who waits for it. */
export interface FlagGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** The charm's own layer. */
  readonly ownGroup: string;
}

/**
 * Draws the flags that somebody in the charm waits for or that its own layer sets, with all handlers. What layers below keep for
 * others, and nobody here waits for, is left out.
 */
export function makeGraph({ model, endpoints }: CharmModel): FlagGraph {
  const maker = new GraphMaker(model.ownGroup);
  for (const handler of model.handlers) maker.addHandler(handler);
  for (const { edge, flag, sets, clears } of model.triggers) {
    // Nothing comes of a trigger on a flag that nobody has to do with.
    for (const to of sets) maker.addTrigger(flag, to, `${edge}-sets`);
    for (const to of clears) maker.addTrigger(flag, to, `${edge}-clears`);
  }
  for (const effect of model.effects) if (effect.group === model.ownGroup) maker.addFlag(effect.flag);
  for (const effect of model.effects) maker.addEffect(effect);
  for (const { name, role, interface: protocol } of endpoints) {
    const kept = model.automatic.filter((flag) => writeText(flag).startsWith(`endpoint.${name}.`));
    maker.addEndpoint(`${name} (${role} ${protocol})`, kept);
  }
  return maker;
}

class GraphMaker implements FlagGraph {
  readonly ownGroup: string;
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges = new Map<string, GraphEdge>();
  /** What is known of the flags that have nodes. */
  readonly #flags = new Map<string, FlagText>();

  constructor(ownGroup: string) {
    this.ownGroup = ownGroup;
  }

  get nodes(): readonly GraphNode[] {
    return [...this.#nodes.values()];
  }

  get edges(): readonly GraphEdge[] {
    const has = (edge: GraphEdge): boolean => this.#edges.has(edgeKey(edge));
    return [...this.#edges.values()].flatMap((edge): readonly GraphEdge[] => {
      if (edge.kind === 'clears' && has({ ...edge, kind: 'sets' })) return [];
      return edge.kind === 'sets' && has({ ...edge, kind: 'clears' })
        ? [{ ...edge, kind: 'toggles' }]
        : [edge];
    });
  }

  addHandler({ id, group, conditions }: ModelHandler): void {
    const to = `handler ${id}`;
    this.#put({ id: to, kind: 'handler', label: labelOf(id), group });
    for (const condition of conditions) {
      switch (condition.kind) {
        case 'hook':
          for (const pattern of condition.patterns) this.#addHook(writeText(pattern), to);
          break;
        case 'restricted-hook':
          this.#addHook(condition.hook, to);
          break;
        case 'config-changed':
          for (const option of condition.options) this.#addHook(`option ${writeText(option)} changed`, to);
          break;
        case 'file-changed':
          this.#addHook('a file changed', to);
          break;
        case 'all':
        case 'any':
        case 'none':
        case 'not-all':
          for (const flag of condition.flags) {
            const from = this.addFlag(flag);
            if (from) this.#link(from, to, WAITS[condition.kind]);
          }
      }
    }
  }

  /** The node of a flag, made where there is none; undefined where nothing of its name is known. */
  addFlag(flag: FlagText): string | undefined {
    if (isAnything(flag)) return undefined;
    const label = writeText(flag);
    const id = `flag ${label}`;
    this.#put({ id, kind: 'flag', label });
    this.#flags.set(id, fromPattern(flag));
    return id;
  }

  addTrigger(from: FlagText, to: FlagText, kind: EdgeKind): void {
    const known = this.#flagsLike(to);
    const source = known.length > 0 ? this.addFlag(from) : undefined;
    if (source === undefined) return;
    for (const target of known) this.#link(source, target, kind);
  }

  addEffect(effect: FlagEffect): void {
    if (isAnything(effect.flag)) return;
    const like = this.#flagsLike(effect.flag);
    const exact = `flag ${writeText(effect.flag)}`;
    // Who asks for a flag asks for no pattern that it fits.
    const flags = effect.kind === 'read' && like.includes(exact) ? [exact] : like;
    for (const by of effect.by) {
      const id = this.#nodes.has(`handler ${by}`) ? `handler ${by}` : `time ${by}`;
      for (const flag of flags) {
        if (!this.#nodes.has(id)) {
          this.#put({ id, kind: 'time', label: by.slice(by.lastIndexOf('.') + 1), group: effect.group });
        }
        if (effect.kind === 'read') this.#ask(flag, id);
        else this.#link(id, flag, effect.kind === 'set' ? 'sets' : 'clears');
      }
    }
  }

  addEndpoint(label: string, flags: readonly FlagText[]): void {
    const id = `endpoint ${label}`;
    const kept = flags.flatMap((flag) => this.#flagsLike(flag));
    if (kept.length > 0) this.#put({ id, kind: 'endpoint', label });
    for (const flag of kept) this.#link(id, flag, 'sets');
  }

  /** What a handler waits for it need not ask for. */
  #ask(flag: string, id: string): void {
    const isWaited = (['waits', 'waits-any', 'waits-not'] as const).some((kind) =>
      this.#edges.has(edgeKey({ from: flag, to: id, kind })),
    );
    if (!isWaited) this.#link(flag, id, 'asks');
  }

  #addHook(label: string, to: string): void {
    const id = `hook ${label}`;
    this.#put({ id, kind: 'hook', label });
    this.#link(id, to, 'runs');
  }

  /** The flags with nodes that a text may mean. */
  #flagsLike(flag: FlagText): readonly string[] {
    return [...this.#flags].flatMap(([id, other]) => (mayBeSame(other, flag) ? [id] : []));
  }

  #put(node: GraphNode): void {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
  }

  #link(from: string, to: string, kind: EdgeKind): void {
    const edge = { from, to, kind };
    this.#edges.set(edgeKey(edge), edge);
  }
}

const WAITS = { all: 'waits', any: 'waits-any', none: 'waits-not', 'not-all': 'waits-not' } as const;

function edgeKey({ from, to, kind }: GraphEdge): string {
  return JSON.stringify([from, to, kind]);
}

/** Without what it belongs to: `redis/requires.joined@db` is `joined @db`, `reactive/web.sh:start` is `start`. */
function labelOf(id: string): string {
  const [name = id, endpoint] = id.split('@');
  const short = name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf(':')) + 1);
  return endpoint === undefined ? short : `${short} @${endpoint}`;
}
