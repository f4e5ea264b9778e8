import { readText } from '../charm-files.ts';
import { type CharmCheck, reasonOf } from '../charm-view.ts';
import { type Finding, type FindingPlace, fault } from '../finding.ts';
import { describeKind, readYaml, YamlFileError, type YamlKind } from '../yaml-value.ts';

/** What files at a charm's root hold, as far as somebody reads them; the ones with checks of their own are not among them. */
const KINDS: Readonly<Record<string, YamlKind>> = {
  'layer.yaml': 'mapping',
  'metrics.yaml': 'mapping',
  'resources.yaml': 'mapping',
  'dist.yaml': 'mapping',
  'charmcraft.yaml': 'mapping',
  'manifest.yaml': 'mapping',
  'lxd-profile.yaml': 'mapping',
  'package.json': 'mapping',
  '.build.manifest': 'mapping',
};

/** Checked elsewhere. */
const OTHERS = ['metadata.yaml', 'config.yaml', 'actions.yaml', 'functions.yaml'];

/** YAML and JSON files at the charm's root: that they can be read, and hold what their readers expect. */
export const checkDataFiles: CharmCheck = ({ files }) =>
  files.paths
    .filter((file) => !file.includes('/') && !OTHERS.includes(file))
    .filter((file) => Object.hasOwn(KINDS, file) || /\.(ya?ml|json)$/.test(file))
    .flatMap((file) => checkFile(file, readText(files, file) ?? ''));

function checkFile(file: string, text: string): readonly Finding[] {
  const refuse = (reason: string, place: FindingPlace = {}): readonly Finding[] => [
    fault('data-files', `${file}: ${reason}`, { file, ...place }),
  ];
  try {
    if (/\.json$|^\.build\.manifest$/.test(file)) JSON.parse(text);
    const value = readYaml(text);
    const wanted = KINDS[file];
    // An empty file says nothing, and is fine.
    if (wanted === undefined || value.kind === wanted || (value.kind === 'null' && text.trim() === ''))
      return [];
    return refuse(`must be a ${wanted}, got ${describeKind(value.kind)}`, {
      line: value.line,
    });
  } catch (error) {
    const line = error instanceof YamlFileError ? error.line : undefined;
    // layer.yaml was told of already.
    if (file === 'layer.yaml') return [];
    return refuse(reasonOf(error), line === undefined ? {} : { line });
  }
}
