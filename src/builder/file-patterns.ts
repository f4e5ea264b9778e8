/**
 * A test of paths against a list of patterns in gitignore's syntax: the last pattern that matches decides, `!` takes a
 * path back in. Paths are relative to the layer, with `/`; a pattern that names a folder matches all that is in it.
 * Each path is tested alone, so that a file can be taken back in out of a folder that is left out.
 */
export function matchPatterns(patterns: readonly string[]): (path: string) => boolean {
  const rules = patterns.map(readPattern).filter((rule) => rule !== undefined);
  return (path) => rules.findLast((rule) => rule.test.test(path))?.isMatch ?? false;
}

/** Whether a pattern takes paths back in. */
export function isNegated(pattern: string): boolean {
  return pattern.trim().startsWith('!');
}

interface Rule {
  readonly isMatch: boolean;
  readonly test: RegExp;
}

function readPattern(pattern: string): Rule | undefined {
  // A space at the end counts where a backslash stands before it.
  const text = pattern.endsWith('\\ ') ? pattern.trimStart() : pattern.trim();
  if (text === '' || text === '/' || text.startsWith('#')) return undefined;
  const isMatch = !text.startsWith('!');
  const body = isMatch ? text : text.slice(1);
  if (body === '' || body === '/') return undefined;
  return { isMatch, test: toExpression(body) };
}

/** What stands for all that is in a folder, after the folder's own name. */
const BELOW = '(?:/.*)?';

function toExpression(pattern: string): RegExp {
  if (pattern === '**/') return /\//;
  const steps = anchor(pattern.split('/')).filter(
    (step, index, all) => step !== '**' || all[index - 1] !== '**',
  );
  const last = steps.length - 1;
  let text = '';
  let isSlashDue = false;
  for (const [index, step] of steps.entries()) {
    if (step === '**') {
      if (index === 0) text += index === last ? '.+' : '(?:.+/)?';
      else if (index === last) text += '/.+';
      else text += '(?:/.+)?';
      isSlashDue = index > 0;
      continue;
    }
    text += (isSlashDue ? '/' : '') + stepExpression(step) + (index === last ? BELOW : '');
    isSlashDue = true;
  }
  return new RegExp(`^${text}$`, 's');
}

/** A slash at the front or in the middle ties a pattern to the layer's folder; without one it matches at any depth. */
function anchor(steps: readonly string[]): readonly string[] {
  const isTied = steps[0] === '' || steps.length > 2 || (steps.length === 2 && steps[1] !== '');
  const from = steps[0] === '' ? steps.slice(1) : steps;
  const whole = isTied ? from : ['**', ...from];
  // A slash at the end: only what is in the folder, and not a file of that name.
  return whole.at(-1) === '' ? [...whole.slice(0, -1), '**'] : whole;
}

/** A part between two slashes: `*` and `?` stand for anything but a slash, `[a-z]` for one of a few. */
function stepExpression(step: string): string {
  let text = '';
  for (let at = 0; at < step.length; at++) {
    const character = step[at] ?? '';
    const set = character === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(step.slice(at)) : null;
    if (set !== null) {
      const [whole, negation = '', members = ''] = set;
      text += `[${negation === '' ? '' : '^'}${members.replace(/[\\\][]/g, '\\$&')}]`;
      at += whole.length - 1;
    } else if (character === '*') {
      text += step === '*' ? '[^/]+' : '[^/]*';
    } else if (character === '?') {
      text += '[^/]';
    } else {
      // A backslash takes away what the character after it would mean.
      if (character === '\\') at++;
      text += (step[at] ?? '\\').replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    }
  }
  return text;
}
