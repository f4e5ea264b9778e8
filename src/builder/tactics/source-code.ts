import type { Tactic } from './tactic.ts';

const CODE = /\.[cm]?[jt]s$/;

/**
 * TypeScript anywhere, and JavaScript under `reactive/` and `lib/`: it goes into the bundle and nowhere else. (Handlers in
 * other languages, `reactive/backup.sh`, are files like any other.)
 */
export const sourceCodeTactic: Tactic = {
  handles: (path) => CODE.test(path) && (/\.[cm]?ts$/.test(path) || /^(reactive|lib)\//.test(path)),
  compose: () => [],
};

/** Whether a file holds a layer's handlers: code directly under `reactive/`, apart from tests and declarations. */
export function isReactiveModule(path: string): boolean {
  return /^reactive\/[^/]+$/.test(path) && CODE.test(path) && !/\.(test|spec|d)\.[cm]?[jt]s$/.test(path);
}
