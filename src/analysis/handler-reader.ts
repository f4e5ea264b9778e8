import type { ClassFinder } from './class-finder.ts';
import { addLayerHandlers, addRoleHandlers } from './class-handlers.ts';
import type { CodeSources } from './code-sources.ts';
import type { Evaluator } from './evaluator.ts';
import { addFunctionHandlers } from './function-handlers.ts';
import { HandlerList, type ReadHandlers } from './handler-list.ts';

/** Finds the handlers in a charm's modules: the layers' from the lowest up, plain functions, then the endpoints'. */
export function readHandlers(code: CodeSources, evaluator: Evaluator, classes: ClassFinder): ReadHandlers {
  const list = new HandlerList();
  const reading = { code, evaluator, classes };
  for (const layer of code.layers) addLayerHandlers(reading, list, layer);
  addFunctionHandlers(code, evaluator, list);
  for (const role of code.roles) addRoleHandlers(reading, list, role);
  return list;
}
