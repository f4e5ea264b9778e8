import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LoaderSource } from 'nunjucks';
import type { CommandUnit } from './command-unit.ts';
import type { Given, Outcome, SubCommand } from './sub-commands.ts';

/** Files made of templates. */
export const templateCommands: Readonly<Record<string, SubCommand>> = {
  render_template: {
    summary:
      "writes a file from a Jinja-style template of the charm's templates/, with the environment's variables",
    arguments: ['source', 'target'],
    run: renderTemplate,
  },
};

/** Whoever may write it need not: it is made anew from its template. charm-helpers' choice. */
const FILE_MODE = 0o444;

async function renderTemplate(
  unit: CommandUnit,
  { words: [source = '', target = ''] }: Given,
): Promise<Outcome> {
  const templates = path.join(unit.charmDir, 'templates');
  const content = await render({ source, templates, variables: unit.environment });
  mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
  if (existsSync(target)) {
    if (readFileSync(target, 'utf8') === content) return undefined;
    chmodSync(target, 0o644);
  }
  writeFileSync(target, content);
  chmodSync(target, FILE_MODE);
  return undefined;
}

/** Nothing is escaped, as by Jinja. The template library is loaded only here: hooks have no use for it. */
async function render(given: {
  readonly source: string;
  readonly templates: string;
  readonly variables: Readonly<Record<string, unknown>>;
}): Promise<string> {
  const { source, templates, variables } = given;
  const { default: engine } = await import('nunjucks');
  /** Takes one line break off the end of each template, as Jinja does. */
  class TemplateLoader extends engine.FileSystemLoader {
    override getSource(name: string): LoaderSource {
      const found: LoaderSource | null = super.getSource(name);
      return found === null ? found : { ...found, src: found.src.replace(/\n$/, '') };
    }
  }
  const environment = new engine.Environment(new TemplateLoader(templates), { autoescape: false });
  try {
    return environment.render(source, variables);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot render the template "${source}" of "${templates}": ${reason}`, { cause: error });
  }
}
