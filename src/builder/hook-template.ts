import { BuildError } from './build-error.ts';

/** The template that hooks of a charm in Python are made from. */
export const HOOK_TEMPLATE = 'hooks/hook.template';

/**
 * The text of a hook: the template with `{}` (once) or `{0}` standing for `name`, and `{{` and `}}` for braces. All line
 * ends become LF. So the reference's language formats text; what else it would read into braces is a `BuildError`.
 * `owner` is the layer the template is from.
 */
export function renderHook(template: string, name: string, owner: string): string {
  const text = template.replace(/\r\n|[\r\u0085\u2028\u2029]/g, '\n');
  const fields: string[] = [];
  return text.replace(/\{\{|\}\}|\{[^{}]*\}?|\}/g, (mark, at: number) => {
    if (mark === '{{' || mark === '}}') return mark.slice(1);
    fields.push(mark);
    const isAlone = mark === '{}' && fields.length === 1;
    if (isAlone || (mark === '{0}' && fields.every((field) => field === mark))) return name;
    const line = text.slice(0, at).split('\n').length;
    throw new BuildError(
      `cannot make hooks from "${HOOK_TEMPLATE}" of "${owner}": line ${line} has ${mark.split('\n')[0]}; only one {}, or {0}, stands for the name, and a brace of the hook's own is written twice`,
    );
  });
}
