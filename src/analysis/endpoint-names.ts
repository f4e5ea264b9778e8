import type { Node } from '@babel/types';
import type { ClassFinder } from './class-finder.ts';
import { type CodeSources, endpointsOf } from './code-sources.ts';
import type { Evaluator } from './evaluator.ts';
import { type FlagText, joinTexts, known, mapText, plainText } from './flag-text.ts';
import { bareOf, isClass, readCall, readMember, type SyntaxTree } from './syntax-tree.ts';
import { textsOf } from './value.ts';

/** How the text that code gives becomes a flag. */
export interface Filler {
  /** The endpoint whose flag it is. */
  readonly owner: string | undefined;
  /** All flags that may be meant. */
  readonly fill: (text: FlagText) => readonly FlagText[];
}

/** For flags that belong to no endpoint. */
export const AS_IT_IS: readonly Filler[] = [{ owner: undefined, fill: (text) => [text] }];

const NAME = /\{(?:endpoint|relation)_name\}/;

/** Tells for which endpoints code speaks, and what its short names of flags stand for. */
export class EndpointNames {
  readonly #code: CodeSources;
  readonly #evaluator: Evaluator;
  readonly #classes: ClassFinder;

  constructor(code: CodeSources, evaluator: Evaluator, classes: ClassFinder) {
    this.#code = code;
    this.#evaluator = evaluator;
    this.#classes = classes;
  }

  /** For what is called on an object: one filler for each endpoint that it may be. */
  fillersFor(tree: SyntaxTree, object: Node): readonly Filler[] {
    const style = this.#styleOf(tree, object);
    return this.#ownersOf(tree, object).map((owner) => ({
      owner,
      fill: (text) => {
        const filled = mapText(text, (piece) =>
          piece.replaceAll('{endpoint_name}', owner).replaceAll('{relation_name}', owner),
        );
        const isNamed = text.some((piece) => piece !== null && NAME.test(piece));
        if (isNamed || style === 'conversation') return [filled];
        const expanded = joinTexts(known(`endpoint.${owner}.`), filled);
        return style === 'endpoint' ? [expanded] : [expanded, filled];
      },
    }));
  }

  /** For what stands in a class: as for its objects where those are endpoints, else as it is. */
  fillersIn(tree: SyntaxTree, node: Node): readonly Filler[] {
    const host = tree.around(node, isClass);
    const framework = host && this.#classes.ancestryOf({ tree, node: host }).framework;
    if (framework === undefined || !/Endpoint$|^RelationBase$/.test(framework)) return AS_IT_IS;
    return endpointsOf(tree.path, this.#code).map(({ name: owner }) => ({
      owner,
      fill: (text) => [
        mapText(text, (piece) =>
          piece.replaceAll('{endpoint_name}', owner).replaceAll('{relation_name}', owner),
        ),
      ],
    }));
  }

  #ownersOf(tree: SyntaxTree, object: Node): readonly string[] {
    const named = this.#nameOf(tree, object, 0);
    return named === undefined ? endpointsOf(tree.path, this.#code).map(({ name }) => name) : [named];
  }

  /** For what is got by `unit.endpoint('name', …)`, or by a getter that does so, the name. */
  #nameOf(tree: SyntaxTree, expression: Node, depth: number): string | undefined {
    const node = bareOf(expression);
    if (depth > 4) return undefined;
    const call = readCall(node);
    if (call && readMember(call.callee)?.name === 'endpoint' && call.given[0]) {
      const texts = textsOf(this.#evaluator.evaluate(tree, call.given[0]));
      return texts.length === 1 && texts[0] ? plainText(texts[0]) : undefined;
    }
    const member = readMember(node);
    const host = member && this.#classes.classOf(tree, member.object);
    const getter = member && host && this.#classes.methodOf(host, member.name);
    const body = getter?.node.body;
    const only = body?.type === 'BlockStatement' ? body.body[0] : undefined;
    if (!getter || only?.type !== 'ReturnStatement' || !only.argument) return undefined;
    return this.#nameOf(getter.tree, only.argument, depth + 1);
  }

  #styleOf(tree: SyntaxTree, object: Node): 'endpoint' | 'conversation' | undefined {
    const host = this.#classes.classOf(tree, object);
    const framework = host && this.#classes.ancestryOf(host).framework;
    if (framework === undefined) return undefined;
    if (framework === 'RelationBase') return 'conversation';
    return /Endpoint$/.test(framework) ? 'endpoint' : undefined;
  }
}
