import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** The file that `dispatch` reads (src/shell/dispatch.sh), in the charm's folder. */
export const QUESTIONS_FILE = '.unit-state.questions';

/** Where the tools are slow they are asked side by side; where they are not, that costs more than it gains. */
const SIDE_BY_SIDE = 'side-by-side';
/** `dispatch` asks nothing else. */
const PLAIN = /^[\w ./:=%+-]+$/;
/** More than this is not worth a guess. */
const MAX_OF_A_HOOK = 16;

/** What is to be asked before the next hook has started. */
export interface Questions {
  /** Commands that any hook runs. */
  readonly always: readonly string[];
  /** The hook that ends now, and the unit that it was about. */
  readonly hook: string;
  readonly remoteUnit?: string | undefined;
  /** Commands that this hook ran, and its next run is likely to run again; the next one may be about another unit. */
  readonly ofHook: readonly string[];
  /** Whether it is better to ask them side by side. */
  readonly hasSlowTools: boolean;
}

/**
 * Leaves questions to be asked before the next hook has started, where they are others than those that are there. The hook that
 * leaves them has ended well, and does not fail because nothing can be written here: the next one asks by itself.
 */
export function keepQuestions(file: string, questions: Questions): void {
  const former = readText(file);
  const text = writeQuestions(questions, former.split('\n'));
  if (former === text) return;
  const draft = `${file}.new`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // See above.
  }
}

function writeQuestions(questions: Questions, former: readonly string[]): string {
  const { always, hook, remoteUnit, ofHook, hasSlowTools } = questions;
  const prefix = `@${hook} `;
  const ofOthers = former.filter((line) => line.startsWith('@') && !line.startsWith(prefix));
  const ofThis = ofHook
    .filter(
      (command) => PLAIN.test(command) && !always.includes(command) && !command.endsWith(` ${remoteUnit}`),
    )
    .slice(0, MAX_OF_A_HOOK)
    .map((command) => prefix + command);
  return [
    ...(hasSlowTools ? [SIDE_BY_SIDE] : []),
    ...always.filter((command) => PLAIN.test(command)),
    ...[...ofOthers, ...ofThis].sort(),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
