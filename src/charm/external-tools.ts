import { cacheTools } from '../tools/cached-tools.ts';
import type { HookTools } from '../tools/hook-tools.ts';

/**
 * The hook tools with their answers kept, and a way to forget them all: an executable handler asks and tells Juju by itself,
 * so that what was true before it ran may not be true any more.
 */
export function keepAnswers(tools: HookTools): { readonly tools: HookTools; readonly forget: () => void } {
  let cached = cacheTools(tools);
  return {
    tools: new Proxy(tools, { get: (_, name): unknown => Reflect.get(cached, name) }),
    forget: () => {
      cached = cacheTools(tools);
    },
  };
}
