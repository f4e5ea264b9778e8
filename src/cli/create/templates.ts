import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import nunjucks from 'nunjucks';
import { stringify } from 'yaml';
import { PACKAGE_FOLDER } from '../../builder/search-folders.ts';
import type { TemplateValues } from './template-values.ts';

/** A file to write. */
export interface RenderedFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The templates lie in `src` alone, whether this runs from there or from `dist`. */
const TEMPLATES = join(PACKAGE_FOLDER, 'src', 'cli', 'create', 'templates');

/** What npm would leave out of a package under the name that it is to have. */
const DOTTED = ['gitignore'];

const ROLE_FILES = ['provides.ts', 'requires.ts', 'peers.ts'];

/** All files of what is created, in order of their paths. */
export function renderTemplates(values: TemplateValues): readonly RenderedFile[] {
  const environment = new nunjucks.Environment(null, {
    autoescape: false,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addFilter('yaml', toYaml);
  return ['common', values.kind]
    .flatMap((name) => listTemplates(join(TEMPLATES, name)))
    .map(({ path, source }) => ({
      path: path.replaceAll('__name__', values.name),
      text: environment.renderString(source, values),
    }))
    .filter(({ path }) => !ROLE_FILES.includes(path) || values.roles.some((role) => path === `${role}.ts`))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function listTemplates(folder: string): readonly { readonly path: string; readonly source: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({
      path: nameFile(path.replaceAll(sep, '/')),
      source: readFileSync(join(folder, path), 'utf8'),
    }));
}

function nameFile(template: string): string {
  const path = template.replace(/\.njk$/, '');
  return DOTTED.includes(path) ? `.${path}` : path;
}

/** A text as YAML that every reader takes for a text: Juju's knows `on` and `y` as booleans. */
function toYaml(text: string): string {
  return stringify(text, { version: '1.1', lineWidth: 0 }).trimEnd();
}
