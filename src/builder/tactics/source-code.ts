import type { Tactic } from './tactic.ts';

const CODE = /\.[cm]?[jt]s$/;

/**
 * TypeScript anywhere, and JavaScript under `reactive/`, `lib/` and `programs/`, in a charm that is bundled: it goes into a
 * bundle and nowhere else. (Handlers in other languages, `reactive/backup.sh`, are files like any other.)
 */
export const sourceCodeTactic: Tactic = {
  handles: (path) => CODE.test(path) && (/\.[cm]?ts$/.test(path) || /^(reactive|lib|programs)\//.test(path)),
  plan: () => () => [],
};

/** Whether a file holds a layer's handlers: code directly under `reactive/`, apart from tests and declarations. */
export function isReactiveModule(path: string): boolean {
  return /^reactive\/[^/]+$/.test(path) && isModule(path);
}

/** Whether a file is a program that handlers start as a process of its own: code directly under `programs/`. */
export function isProgram(path: string): boolean {
  return /^programs\/[^/]+$/.test(path) && isModule(path);
}

function isModule(path: string): boolean {
  return CODE.test(path) && !/\.(test|spec|d)\.[cm]?[jt]s$/.test(path);
}
