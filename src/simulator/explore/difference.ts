import { isDeepStrictEqual } from 'node:util';
import { type MinimatchOptions, minimatch } from 'minimatch';
import { compareNaturally } from '../hook-tools/natural-order.ts';
import type { Ignored } from './scenario.ts';
import type { Fact, SettledState } from './settled-state.ts';

/** Something that two settled states do not agree on. A value is undefined where there is no such thing. */
export interface Difference {
  readonly path: string;
  readonly reference: unknown;
  readonly run: unknown;
}

/** Where two settled states differ, in order, without what is ignored and the paths in `except`. */
export function compareStates(
  states: { readonly reference: SettledState; readonly run: SettledState },
  ignored: Ignored,
  except: ReadonlySet<string> = new Set(),
): Difference[] {
  const { reference, run } = states;
  const paths = [...new Set([...reference.keys(), ...run.keys()])].sort(compareNaturally);
  return paths.flatMap((path) => {
    const [before, after] = [reference.get(path), run.get(path)];
    const fact = before ?? after;
    if (fact === undefined || isDeepStrictEqual(before?.value, after?.value)) return [];
    if (except.has(path) || isIgnored(fact, ignored)) return [];
    return [{ path, reference: before?.value, run: after?.value }];
  });
}

/** Names are no files: a dot at the beginning, a `#` and a `!` mean nothing special. */
const OPTIONS: MinimatchOptions = { dot: true, nocomment: true, nonegate: true };

function isIgnored({ kind, relation, name }: Fact, ignored: Ignored): boolean {
  const names = relation === undefined ? [name] : [name, `${relation} ${name}`];
  return ignored[kind].some((pattern) => names.some((text) => minimatch(text, pattern, OPTIONS)));
}
