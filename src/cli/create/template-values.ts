import type { Role } from '../../metadata/charm-metadata.ts';
import { findAuthor, toMaintainer } from './author.ts';
import { findFrameworkSource, readDevelopmentVersions } from './framework-source.ts';
import { type CreatedKind, toFlagPrefix, toIdentifier, toTitle } from './names.ts';

/** Environment variables as node gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is created. */
export interface Creation {
  readonly kind: CreatedKind;
  readonly name: string;
  /** The sides that an interface has code for; all if not given. */
  readonly roles?: readonly Role[];
}

/** What templates are filled in with. */
export type TemplateValues = ReturnType<typeof findTemplateValues>;

const SUMMARIES: Readonly<Record<CreatedKind, string>> = {
  charm: 'Says a greeting, and tells it to those who are related.',
  layer: 'Says what a charm gives it to say.',
  interface: 'Something on offer, and where it is.',
};

/** The values for what is created in a folder, absolute, which need not be there yet. */
export function findTemplateValues(creation: Creation, folder: string, environment: Environment) {
  const { kind, name, roles = ['provides', 'requires', 'peers'] } = creation;
  const author = findAuthor(environment);
  return {
    kind,
    name,
    roles,
    identifier: toIdentifier(name),
    title: toTitle(name),
    flag: toFlagPrefix(kind, name),
    summary: SUMMARIES[kind],
    maintainer: toMaintainer(author),
    holder: author.name,
    year: String(new Date().getFullYear()),
    framework: findFrameworkSource(folder),
    versions: readDevelopmentVersions(),
  };
}
