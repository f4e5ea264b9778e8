import { BuildError } from '../build-error.ts';

/** Where the line of a requirements file is, for errors. */
export interface RequirementPlace {
  /** The file, absolute. */
  readonly source: string;
  /** The url of the layer it is in. */
  readonly layer: string;
}

/**
 * The name of the package that a line of a pip requirements file asks for, as it is written there; undefined for a blank
 * line, a comment, or an option that says where to look. Throws `BuildError` for a line that asks for something without
 * a name, or is nothing that the reference understands.
 */
export function readRequirementName(line: string, place: RequirementPlace): string | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#') || LOOKUP_OPTION.test(text)) return undefined;
  const editable = /^(?:-e|--editable)[\s=]*(.*)$/.exec(text)?.[1];
  const asked = editable ?? text;
  if (editable !== undefined || ADDRESS.test(asked) || asked.includes('#egg=')) {
    return eggName(asked) ?? refuseNameless(text, place);
  }
  return SPECIFIER.exec(asked.replace(/\s#.*$/, '').trim())?.[1] ?? refuseLine(text, place);
}

/** How the reference tells packages apart: letters, digits and dots count, anything between them is a dash. */
export function comparableName(name: string): string {
  return name.replace(/[^A-Za-z0-9.]+/g, '-');
}

const LOOKUP_OPTION = /^(?:-f|--find-links|-i|--index-url|--extra-index-url|--no-index|-Z|--always-unzip)/;

const ADDRESS = /^(?:(?:git|hg|svn|bzr)(?:\+[a-z-]+)?|https?|ftps?|file):\/\//;

/** `name[extra]`, then a version, a place to find it at, or a condition. */
const SPECIFIER =
  /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:$|(?:[(<>=!~]|@\s*\S|;\s*\S).*$)/;

function eggName(address: string): string | undefined {
  const fragment = /#(\S+)/.exec(address)?.[1] ?? '';
  const egg = fragment.split('&').find((part) => part.startsWith('egg='));
  return egg === undefined ? undefined : /^egg=([^[]+)/.exec(egg)?.[1];
}

function refuseNameless(line: string, place: RequirementPlace): never {
  throw new BuildError(
    `cannot read "${place.source}" of "${place.layer}": Unable to determine package name for "${line}"; did you forget "#egg=..."?`,
  );
}

function refuseLine(line: string, place: RequirementPlace): never {
  throw new BuildError(
    `cannot read "${place.source}" of "${place.layer}": "${line}" is no requirement that can be merged; write NAME and a version`,
  );
}
