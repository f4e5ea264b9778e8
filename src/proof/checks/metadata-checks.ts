import type { CharmCheck } from '../charm-view.ts';
import { fault, info, warning } from '../finding.ts';
import { writeLiteral, writeValue } from '../python-words.ts';
import type { YamlValue } from '../yaml-value.ts';

const FILE = 'metadata.yaml';

const KNOWN_KEYS = [
  'name display-name summary docs maintainer maintainers min-juju-version description categories subordinate',
  'provides requires format peers tags series storage extra-bindings payloads terms resources devices deployment',
  // The reference is older than these, which Juju reads.
  'assumes containers charm-user',
].flatMap((keys) => keys.split(' '));

/** Keys that nobody reads, and keys that must be there. */
export const checkKeys: CharmCheck = ({ metadata }) => {
  const entries = metadata.entries();
  return [
    ...entries
      .filter(({ key }) => !KNOWN_KEYS.includes(key))
      .map(({ key, line }) =>
        info('metadata-keys', `Unknown root metadata field (${key})`, { file: FILE, line, key }),
      ),
    ...['name', 'summary']
      .filter((key) => !entries.some((entry) => entry.key === key))
      .map((key) => fault('metadata-keys', `Missing required metadata field (${key})`, { file: FILE, key })),
  ];
};

/** The charm's name and that of its folder; a charm that lies nowhere yet has no folder. */
export const checkName: CharmCheck = ({ metadata, folderName }) => {
  const name = metadata.get('name');
  if (folderName === undefined || name?.text === folderName) return [];
  const said = name === undefined ? 'None' : writeValue(name);
  return [
    info(
      'metadata-name',
      `metadata name (${said}) must match directory name (${folderName}) exactly for local deployment.`,
      place('name', name),
    ),
  ];
};

/** A summary is a line. */
export const checkSummary: CharmCheck = ({ metadata }) => {
  const summary = metadata.get('summary');
  if (summary === undefined) return [];
  if (summary.text === undefined) {
    const text = `summary: must be a string, got ${writeLiteral(summary)}`;
    return [fault('metadata-summary', text, place('summary', summary))];
  }
  if (summary.text.length <= 72) return [];
  return [warning('metadata-summary', 'summary should be less than 72', place('summary', summary))];
};

/** What user interfaces call the charm. */
export const checkDisplayName: CharmCheck = ({ metadata }) => {
  const name = metadata.get('display-name');
  if (name === undefined) {
    const text = '`display-name` not provided, add for custom naming in the UI';
    return [info('metadata-display-name', text, { file: FILE })];
  }
  if (/^[A-Za-z0-9]+( ?[-A-Za-z0-9_])*$/.test(name.text ?? '')) return [];
  const text = 'display-name: not in valid format. Only letters, numbers, dashes, and hyphens are permitted.';
  return [fault('metadata-display-name', text, place('display-name', name))];
};

/** Who looks after the charm. */
export const checkMaintainers: CharmCheck = ({ metadata }) => {
  const [one, several] = [metadata.get('maintainer'), metadata.get('maintainers')];
  const refuse = (text: string, value?: YamlValue) => [
    fault('metadata-maintainers', text, place('maintainers', value)),
  ];
  if (one && several) return refuse('Charm must not have both maintainer and maintainers fields', several);
  if (one?.kind === 'list') return refuse('Maintainer field must not be a list', one);
  if (one) return checkMaintainer(one);
  if (several === undefined) return refuse('Charm must have either a maintainer or maintainers field');
  if (several.kind !== 'list') return refuse('Maintainers field must be a list', several);
  return several.items().flatMap(checkMaintainer);
};

function checkMaintainer(maintainer: YamlValue): ReturnType<CharmCheck> {
  const text = maintainer.text ?? '';
  // Either form of a mail address with a name: `Name <address>` and `address (Name)`.
  if (/^\s*[^<>\s][^<>]*<[^<>]+>|^\s*[^\s()<>]+\s*\([^()]+\)/.test(text)) return [];
  const said = `Maintainer format should be "Name <Email>", not "${writeValue(maintainer)}"`;
  return [warning('metadata-maintainers', said, place('maintainers', maintainer))];
}

/** What the charm is found by. */
export const checkTags: CharmCheck = ({ metadata }) => {
  const [tags, categories] = [metadata.get('tags'), metadata.get('categories')];
  const warn = (text: string, value?: YamlValue) => warning('metadata-tags', text, place('tags', value));
  if (tags === undefined && categories === undefined) return [warn('Metadata missing required field "tags"')];
  return [
    ...(tags === undefined || isFilledList(tags)
      ? []
      : [warn('Metadata field "tags" must be a non-empty list', tags)]),
    ...(categories === undefined || isFilledList(categories)
      ? []
      : [
          warn(
            'Categories metadata must be a list of one or more of: applications, app-servers, databases, file-servers, cache-proxy, misc',
            categories,
          ),
        ]),
    ...(categories === undefined
      ? []
      : [
          warn(
            'Categories are being deprecated in favor of tags. Please rename the "categories" field to "tags".',
            categories,
          ),
        ]),
  ];
};

/** A revision is no part of metadata.yaml any more. */
export const checkRevisionKey: CharmCheck = ({ metadata }) => {
  const revision = metadata.get('revision');
  if (revision === undefined) return [];
  const warn = (text: string) => warning('revision', text, place('revision', revision));
  const isPositive = /^\s*\+?\d+\s*$/.test(String(revision.scalar)) || Number(revision.scalar ?? -1) >= 0;
  return [
    warn('Revision should not be stored in metadata.yaml anymore. Move it to the revision file'),
    ...(isPositive ? [] : [warn('revision should be a positive integer')]),
  ];
};

function isFilledList(value: YamlValue): boolean {
  return value.kind === 'list' && value.items().length > 0;
}

function place(key: string, value: YamlValue | undefined) {
  return { file: FILE, key, ...(value === undefined ? {} : { line: value.line }) };
}
