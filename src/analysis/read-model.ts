import { automaticFlags } from './automatic-flags.ts';
import { CallGraph } from './call-graph.ts';
import { ClassFinder } from './class-finder.ts';
import type { CodeSources } from './code-sources.ts';
import { readEffects } from './effect-reader.ts';
import { Evaluator } from './evaluator.ts';
import { readHandlers } from './handler-reader.ts';
import type { ReactiveModel, Unknown } from './reactive-model.ts';
import { readScripts } from './script-reader.ts';
import { SourceSet } from './source-set.ts';

/**
 * Reads out of a charm's code which handlers it has, what they wait for, and who sets and clears which flags. Nothing of the
 * charm is run. What cannot be told is among the model's `unknowns`, or is a text with holes. Never throws.
 */
export function readModel(code: CodeSources): ReactiveModel {
  const sources = new SourceSet(code.modules);
  const evaluator = new Evaluator(sources);
  const classes = new ClassFinder(evaluator);
  const { handlers, runners, unknowns } = readHandlers(code, evaluator, classes);
  const calls = new CallGraph(evaluator, classes);
  const found = readEffects({ code, evaluator, classes, calls, runners });
  const scripts = readScripts(code);
  return {
    handlers: [...handlers, ...scripts.handlers],
    effects: [...found.effects, ...scripts.effects],
    triggers: found.triggers,
    endpointCalls: found.endpointCalls,
    comparedActions: found.comparedActions,
    automatic: automaticFlags(code, evaluator, classes),
    ownGroup: code.ownLayer,
    unknowns: [
      ...unknowns,
      ...found.unknowns,
      ...scripts.unknowns,
      ...sources.unreadable.map((file) => unknownFile(file, 'it cannot be parsed')),
      ...(code.isPartial ? [unknownFile('charm.js', 'the bundle has no source map')] : []),
    ],
  };
}

function unknownFile(file: string, reason: string): Unknown {
  return { of: 'set', place: { file, line: 1 }, reason };
}
