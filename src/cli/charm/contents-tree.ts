import { styleText } from 'node:util';
import type { CharmContents, ContentFile } from '../../builder/charm-contents.ts';

/** How the files of a charm are told apart. */
export interface TreeStyle {
  /** Whether each layer has a colour. */
  readonly isColoured: boolean;
  /** Whether each file's layer stands behind it. */
  readonly isAnnotated: boolean;
}

/** One for each layer, the first again when they are used up. */
const COLOURS = ['green', 'blue', 'magenta', 'yellow', 'cyan', 'red'] as const;

/**
 * A charm's layers, the charm's own first, then its files as a tree, each with the layer that it is from. `*` marks what
 * changed since it was built, `+` what was added.
 *
 *     Inspect redis
 *     # redis
 *     # layer:basic
 *
 *     redis.charm
 *     ├── dispatch (build artifact)
 *     └── templates/
 *         └── redis.conf* (from layer:basic)
 */
export function writeContents(place: string, contents: CharmContents, style: TreeStyle): string {
  const { name, layers, files, missing } = contents;
  const paint = (owner: string | undefined, text: string): string => {
    const index = layers.indexOf(owner ?? '');
    const colour = COLOURS[index % COLOURS.length];
    if (!style.isColoured || colour === undefined) return text;
    return styleText(colour, text, { validateStream: false });
  };
  const legend =
    layers.length === 0
      ? ['# no .build.manifest says which layers its files are from']
      : layers.map((layer) => paint(layer, `# ${layer}`));
  const describe = (file: ContentFile, last: string): string => {
    const link = file.target === undefined ? '' : ` -> ${file.target}`;
    const text = `${last}${MARKS[file.state]}${link}`;
    return paint(file.owner, text) + (style.isAnnotated ? originOf(file) : '');
  };
  const gone = missing.map((path) => `missing: ${path}`);
  return [
    `Inspect ${name}`,
    ...legend,
    '',
    place,
    ...drawFolder(growTree(files, describe)),
    ...(gone.length === 0 ? [] : ['', ...gone]),
    '',
  ].join('\n');
}

const MARKS: Readonly<Record<ContentFile['state'], string>> = { built: '', changed: '*', added: '+' };

function originOf({ owner }: ContentFile): string {
  if (owner === undefined) return '';
  return owner === 'build' ? ' (build artifact)' : ` (from ${owner})`;
}

/** Names in a folder, with what is said of a file, or the folder that it is. */
type Folder = Map<string, string | Folder>;

function growTree(
  files: readonly ContentFile[],
  describe: (file: ContentFile, last: string) => string,
): Folder {
  const root: Folder = new Map();
  for (const file of files) {
    const steps = file.path.split('/');
    const last = steps.pop() ?? '';
    let folder = root;
    for (const step of steps) {
      const below = folder.get(step);
      const next: Folder = typeof below === 'object' ? below : new Map();
      folder.set(step, next);
      folder = next;
    }
    folder.set(last, describe(file, last));
  }
  return root;
}

function drawFolder(folder: Folder): readonly string[] {
  const entries = [...folder].sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.flatMap(([name, entry], index) => {
    const isLast = index === entries.length - 1;
    const head = isLast ? '└── ' : '├── ';
    if (typeof entry === 'string') return [head + entry];
    return [`${head}${name}/`, ...drawFolder(entry).map((line) => (isLast ? '    ' : '│   ') + line)];
  });
}
