import type { Node } from '@babel/types';
import { type CallGraph, ownerOf } from './call-graph.ts';
import type { ClassFinder } from './class-finder.ts';
import { type CodeSources, groupOf } from './code-sources.ts';
import { readCondition, readTexts } from './condition-reader.ts';
import { AS_IT_IS, EndpointNames, type Filler } from './endpoint-names.ts';
import type { Evaluator } from './evaluator.ts';
import { type FlagUse, useOfEndpointMethod, useOfFunction, useOfUnitMethod } from './flag-methods.ts';
import { ANYTHING, type FlagText, isAnything, known, plainText } from './flag-text.ts';
import { areHandedOn, isFlagsObject } from './flags-object.ts';
import { frameworkName } from './framework-names.ts';
import type { Runner } from './handler-list.ts';
import type { EndpointCall, FlagEffect, ModelTrigger, Unknown } from './reactive-model.ts';
import { bareOf, type FunctionNode, readCall, readMember, type SyntaxTree } from './syntax-tree.ts';
import { isUnsure, listedTriggers, makeTriggers, readTriggerFields } from './trigger-reader.ts';
import { itemsOf, textsOf } from './value.ts';

/** What code does to flags, and what else of it matters. */
export interface ReadEffects {
  readonly effects: readonly FlagEffect[];
  readonly triggers: readonly ModelTrigger[];
  readonly endpointCalls: readonly EndpointCall[];
  readonly comparedActions: readonly string[];
  readonly unknowns: readonly Unknown[];
}

/** What effects are read with. */
interface Reading {
  readonly code: CodeSources;
  readonly evaluator: Evaluator;
  readonly classes: ClassFinder;
  readonly calls: CallGraph;
  readonly runners: ReadonlyMap<FunctionNode, readonly Runner[]>;
}

/** Finds whatever sets, clears or asks for flags in the charm's modules. */
export function readEffects(reading: Reading): ReadEffects {
  const reader = new EffectReader(reading);
  for (const tree of reading.evaluator.sources.trees) {
    for (const node of tree.nodes) reader.readNode(tree, node);
  }
  return reader;
}

/** A call that uses flags. */
interface FoundUse {
  readonly tree: SyntaxTree;
  readonly node: Node;
  readonly given: readonly Node[];
  readonly uses: readonly FlagUse[];
  readonly fillers: readonly Filler[];
}

class EffectReader implements ReadEffects {
  readonly effects: FlagEffect[] = [];
  readonly triggers: ModelTrigger[] = [];
  readonly endpointCalls: EndpointCall[] = [];
  readonly comparedActions: string[] = [];
  readonly unknowns: Unknown[] = [];
  readonly #reading: Reading;
  readonly #names: EndpointNames;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#names = new EndpointNames(reading.code, reading.evaluator, reading.classes);
  }

  readNode(tree: SyntaxTree, node: Node): void {
    const call = readCall(node);
    if (call) {
      const found = this.#findUse(tree, node, call);
      if (found) this.#readUse(found);
      else this.#readOtherCall(tree, node, call);
    } else if (node.type === 'Decorator') this.#readGuard(tree, node, node.expression);
    else if (node.type === 'BinaryExpression') this.#readComparison(tree, node);
    else if (node.type === 'StringLiteral') this.#readWord(tree, node);
    if ((readMember(node) || node.type === 'Identifier') && isFlagsObject(tree, node)) {
      this.#readHandedOn(tree, node);
    }
  }

  #findUse(
    tree: SyntaxTree,
    node: Node,
    { callee, given }: { readonly callee: Node; readonly given: readonly Node[] },
  ): FoundUse | undefined {
    const use = (uses: readonly FlagUse[] | undefined, fillers = AS_IT_IS): FoundUse | undefined =>
      uses && { tree, node, given, uses, fillers };
    const name = frameworkName(this.#reading.evaluator.sources, tree, callee);
    const ofFunction = use(name === undefined ? undefined : useOfFunction(name));
    const member = readMember(callee);
    if (ofFunction || !member) return ofFunction;
    if (member.name === 'endpointFromFlag') return use(['read']);
    if (isFlagsObject(tree, member.object)) return use(useOfUnitMethod(member.name));
    const uses = useOfEndpointMethod(member.name);
    return uses && use(uses, this.#names.fillersFor(tree, member.object));
  }

  #readOtherCall(
    tree: SyntaxTree,
    node: Node,
    { callee, given }: { readonly callee: Node; readonly given: readonly Node[] },
  ): void {
    const name = frameworkName(this.#reading.evaluator.sources, tree, callee);
    const member = readMember(callee);
    if (name === 'not_unless') this.#readGuard(tree, node, node);
    else if (name === 'defineLayer') {
      for (const trigger of listedTriggers(given[2])) {
        this.#readTrigger({ tree, node, given: trigger ? [trigger] : [], fillers: AS_IT_IS });
      }
    } else if (
      name === 'endpoint_from_name' ||
      (member?.name === 'endpoint' && /^#?unit$/.test(lastName(member.object)))
    ) {
      this.#readEndpointCall(tree, node, given);
    } else if (member?.name === 'manageConfigFlags') this.#addConfigFlags(tree, node);
  }

  #readUse(found: FoundUse): void {
    const { tree, node, given, uses, fillers } = found;
    for (const use of uses) {
      if (use === 'trigger') this.#readTrigger(found);
      else if (use === 'list') this.#push({ tree, node, kind: 'read', texts: this.#listed(tree, node) });
      else {
        const named = use === 'read-all' ? given : given.slice(0, 1);
        const texts = readTexts({ evaluator: this.#reading.evaluator, tree }, named);
        const kind = use === 'set-for-hook' ? 'set' : use === 'read-all' ? 'read' : use;
        const isForHook = use === 'set-for-hook';
        for (const { owner, fill } of fillers) {
          this.#push({ tree, node, kind, isForHook, texts: texts.flatMap(fill), owner });
        }
      }
    }
  }

  /** All flags, or those of a beginning that a filter lets pass. */
  #listed(tree: SyntaxTree, node: Node): readonly FlagText[] {
    const member = tree.parentOf(node);
    const filter = member && tree.parentOf(member);
    if (!member || readMember(member)?.name !== 'filter' || !filter) return [ANYTHING];
    return itemsOf(this.#reading.evaluator.evaluate(tree, filter)).flatMap(textsOf);
  }

  #push(found: {
    readonly tree: SyntaxTree;
    readonly node: Node;
    readonly kind: FlagEffect['kind'];
    readonly isForHook?: boolean;
    readonly texts: readonly FlagText[];
    readonly owner?: string | undefined;
  }): void {
    const { tree, node, kind, isForHook = false, texts, owner } = found;
    for (const flag of texts) {
      if (isAnything(flag) && kind !== 'read') {
        this.#note({ tree, node, of: kind, reason: 'it cannot be told which flag it is' });
      }
      this.effects.push({
        kind,
        flag,
        ...(isForHook ? { isForHook } : {}),
        group: groupOf(tree.path, this.#reading.code),
        ...this.#runnersOf(tree, node, owner),
        place: tree.placeOf(node),
      });
    }
  }

  /** Who comes to a place in the code; of runners for an endpoint, those for this one. */
  #runnersOf(tree: SyntaxTree, node: Node, endpoint: string | undefined): Pick<FlagEffect, 'by' | 'inside'> {
    const { calls, runners } = this.#reading;
    const owner = ownerOf(tree, node);
    if (!owner) return { by: [] };
    const runnersAt = (one: FunctionNode): readonly Runner[] =>
      (runners.get(one) ?? []).filter(
        (runner) => endpoint === undefined || runner.endpoint === undefined || runner.endpoint === endpoint,
      );
    const [own, ...others] = runnersAt(owner);
    const by = [...new Set([...calls.leadingTo(owner)].flatMap(runnersAt).map(({ id }) => id))];
    return { by, ...(own?.isHandler && others.length === 0 ? { inside: own.id } : {}) };
  }

  #readTrigger({ tree, node, given, fillers }: Omit<FoundUse, 'uses'>): void {
    const [first] = given;
    const fields = first && readTriggerFields(this.#reading.evaluator, tree, first);
    const origin = { group: groupOf(tree.path, this.#reading.code), place: tree.placeOf(first ?? node) };
    const triggers = fields ? fillers.flatMap((filler) => makeTriggers(fields, filler, origin)) : [];
    this.triggers.push(...triggers);
    if (!fields || triggers.some(isUnsure)) {
      this.#note({ tree, node, of: 'set', reason: 'it cannot be told what the trigger does' });
    }
  }

  /** Flags that a guard asks for are waited for, in a way. */
  #readGuard(tree: SyntaxTree, node: Node, expression: Node): void {
    const read = readCondition({ evaluator: this.#reading.evaluator, tree }, expression);
    if (read === undefined || !('guard' in read)) return;
    for (const { owner, fill } of this.#names.fillersIn(tree, node)) {
      this.#push({ tree, node, kind: 'read', texts: read.guard.flatMap(fill), owner });
    }
  }

  #readHandedOn(tree: SyntaxTree, node: Node): void {
    const parent = tree.parentOf(node);
    const member = parent && readMember(parent);
    const call = parent && readCall(tree.parentOf(parent) ?? parent);
    const isMethod = member?.object === node && useOfUnitMethod(member.name) && call?.callee !== parent;
    if (isMethod || areHandedOn(tree, node, this.#reading.evaluator)) {
      this.#note({ tree, node, of: 'set', reason: 'the flags are handed on' });
    }
  }

  /** `hook.action === 'debug'`: an action that is dealt with where no handler waits for it. */
  #readComparison(tree: SyntaxTree, node: Extract<Node, { type: 'BinaryExpression' }>): void {
    if (!/^[!=]==?$/.test(node.operator)) return;
    for (const [side, other] of [
      [node.left, node.right],
      [node.right, node.left],
    ] as const) {
      if (!/^(action|actionName|action_name)$/.test(lastName(side))) continue;
      const texts = textsOf(this.#reading.evaluator.evaluate(tree, other));
      this.comparedActions.push(...texts.flatMap((text) => plainText(text) ?? []));
    }
  }

  /** What can set flags by a way round: the store's own keys, and the command. */
  #readWord(tree: SyntaxTree, node: Extract<Node, { type: 'StringLiteral' }>): void {
    const isKey = node.value.startsWith('reactive.states.');
    const isCommand = /^(set|toggle)_(flag|state)$/.test(node.value);
    if (isKey || isCommand) {
      this.#note({ tree, node, of: 'set', reason: 'flags may be set by a way round' });
    }
  }

  #readEndpointCall(tree: SyntaxTree, node: Node, [first]: readonly Node[]): void {
    if (!first) return;
    const group = groupOf(tree.path, this.#reading.code);
    for (const name of textsOf(this.#reading.evaluator.evaluate(tree, first))) {
      this.endpointCalls.push({ name, group, place: tree.placeOf(node) });
    }
  }

  #addConfigFlags(tree: SyntaxTree, node: Node): void {
    const flags = this.#reading.code.options.flatMap((name) =>
      ['changed', 'set', 'default'].map((kind) => `config.${kind}.${name}`),
    );
    const texts = ['config.changed', ...flags].map(known);
    this.#push({ tree, node, kind: 'set', isForHook: true, texts });
  }

  #note(note: {
    readonly tree: SyntaxTree;
    readonly node: Node;
    readonly of: Unknown['of'];
    readonly reason: string;
  }): void {
    const { tree, node, of, reason } = note;
    this.unknowns.push({ of, place: tree.placeOf(node), reason });
  }
}

function lastName(node: Node): string {
  const bare = bareOf(node);
  return readMember(bare)?.name ?? (bare.type === 'Identifier' ? bare.name : '');
}
