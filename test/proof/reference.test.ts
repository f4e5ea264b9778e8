import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCharm } from '../../src/builder/charm-maker.ts';
import { planLayers } from '../../src/builder/compose.ts';
import { collectProgress } from '../../src/builder/progress.ts';
import { resolveLayers } from '../../src/builder/resolve.ts';
import { type CharmFiles, holdCharmFiles } from '../../src/proof/charm-files.ts';
import { viewCharm } from '../../src/proof/charm-view.ts';
import { exitCodeOf, type Finding, formatFinding } from '../../src/proof/finding.ts';
import { proveCharm } from '../../src/proof/prove-charm.ts';
import { addToTree } from '../builder/charm-tree.ts';
import { type BuildCase, isBuildCase } from '../conformance/build-case.ts';
import { readCases } from '../conformance/case-file.ts';

/** What the reference, `charm proof` of charm-tools 3, found in a charm. */
interface Recorded {
  readonly id: string;
  /** The name of the folder that it lay in. */
  readonly folder: string;
  /** Absent for one of the builder's cases, which is built anew. */
  readonly files?: Readonly<Record<string, string>>;
  readonly executable?: readonly string[];
  /** The actions that its handlers run. */
  readonly handled?: readonly string[];
  readonly findings: readonly string[];
  readonly exit: number;
}

/** Where findings differ on purpose. Each must be met somewhere. */
const LEFT_OUT: readonly { readonly line: RegExp; readonly why: string }[] = [
  { line: /^I: Unknown root metadata field \(assumes\)$/, why: 'Juju reads it; the reference is older' },
  {
    line: /^E: storage\.[\w-]+\.multiple\.range: (4 is not a string|supported formats)/,
    why: 'Juju takes numbers, and m+ for a minimum',
  },
  {
    line: /^E: config\.yaml: type of option \S+ is specified as float, but the type of the default value is str$/,
    why: 'Juju reads 1e3 as a number, and Python as a text',
  },
  {
    line: /^W: config\.yaml: option \S+ has an invalid type \(secret\)$/,
    why: 'Juju has that type since 3.4',
  },
  {
    line: /^I: (no hooks directory|missing recommended hook .*|relation \S+ has no hooks)$/,
    why: 'dispatch',
  },
  { line: /^W: actions\.\S+: actions\/\S+ does not exist$/, why: 'a handler runs it' },
];

/** What is found instead. */
const INSTEAD: readonly RegExp[] = [
  /^E: config\.yaml: type of option \S+ is specified as string, but the type of the default value is float$/,
];

/** Checks that the reference does not have. */
const OWN_CHECKS = ['juju', 'data-files'];

const recorded: readonly Recorded[] = gunzipSync(
  readFileSync(fileURLToPath(new URL('reference.jsonl.gz', import.meta.url))),
)
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const met = new Set<string>();
let root = '';

beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'proof-')));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('what the reference finds in small charms is found, in its words and order', () => {
  const charms = recorded.filter(({ files }) => files !== undefined);
  const differences = charms.flatMap((charm) => {
    const made = Object.entries(charm.files ?? {}).map(([file, text]) => ({
      path: file,
      content: new TextEncoder().encode(text),
      isExecutable: charm.executable?.includes(file) ?? false,
    }));
    return compare(charm, holdCharmFiles(made));
  });
  expect(differences).toEqual([]);
  expect(charms.length).toBeGreaterThan(90);
});

test('what the reference finds in the charms that it composed is found in ours', async () => {
  const cases = new Map(
    readCases(fileURLToPath(new URL('../conformance/cases/build.jsonl.gz', import.meta.url)))
      .filter(isBuildCase)
      .map((one) => [one.id, one]),
  );
  const composed = recorded.filter(({ files }) => files === undefined);
  const differences: string[] = [];
  for (const one of composed) {
    const found = cases.get(one.id);
    if (found === undefined) differences.push(`${one.id}: there is no such case`);
    else differences.push(...compare(one, await compose(found)));
  }
  expect(differences).toEqual([]);
  expect(composed.length).toBe([...cases.values()].filter(({ expect: { ok } }) => ok).length);
  expect(LEFT_OUT.filter(({ why }) => !met.has(why)).map(({ why }) => why)).toEqual([]);
});

function compare(charm: Recorded, files: CharmFiles): readonly string[] {
  const { folder, handled = [] } = charm;
  const viewed = viewCharm({ files, folderName: folder, handledActions: new Set(handled) });
  const all = [...viewed.findings, ...(viewed.charm ? proveCharm(viewed.charm) : [])];
  const ours = all.filter(({ check }) => !OWN_CHECKS.includes(check));
  const lines = ours.map(formatFinding).map(inOurWords);
  const theirs = charm.findings
    .map(inOurWords)
    .filter((line) => lines.includes(line) || !isLeftOut(line, charm, files));
  const added = lines.filter((line) => INSTEAD.some((one) => one.test(line)) && !theirs.includes(line));
  const shown = lines.filter((line) => !added.includes(line));
  if (JSON.stringify(shown) !== JSON.stringify(theirs)) {
    return [`${charm.id}:\n  ours ${shown.join('\n       ')}\n  not ${theirs.join('\n      ')}`];
  }
  return exitOf(theirs, ours) === exitCodeOf(ours) ? [] : [`${charm.id}: exit code ${exitCodeOf(ours)}`];
}

/** With what is left out, the exit code is that of what is left. */
function exitOf(theirs: readonly string[], ours: readonly Finding[]): number {
  const levels = [...theirs.map((line) => line[0]), ...ours.filter(isInstead).map(({ level }) => level)];
  return levels.includes('E') ? 200 : levels.includes('W') ? 100 : 0;
}

function isInstead(finding: Finding): boolean {
  return INSTEAD.some((one) => one.test(formatFinding(finding)));
}

/** The reference prints what its library says, and what Python's parser of YAML does. */
function inOurWords(line: string): string {
  return line
    .replace(/ is not a string: \{.*$/s, ' is not a string')
    .replace(/^(W: cannot parse layer\.yaml: ).*$/s, '$1…');
}

function isLeftOut(line: string, charm: Recorded, files: CharmFiles): boolean {
  const found = LEFT_OUT.find((one) => one.line.test(line));
  if (found === undefined) return false;
  if (found.why === 'dispatch' && !files.has('dispatch')) return false;
  if (
    found.why === 'a handler runs it' &&
    !charm.handled?.some((name) => line.includes(`actions.${name}:`))
  ) {
    return false;
  }
  met.add(found.why);
  return true;
}

async function compose(found: BuildCase): Promise<CharmFiles> {
  const { id, top, layers, interfaces, modes, links = {} } = found;
  const folder = path.join(root, id);
  for (const [kind, folders] of Object.entries({ layers, interfaces })) {
    mkdirSync(path.join(folder, kind), { recursive: true });
    for (const [layer, files] of Object.entries(folders)) {
      mkdirSync(path.join(folder, kind, layer));
      const marked = Object.entries(files).map(([file, text]) => [
        modes[`${kind}/${layer}/${file}`] === 'x' ? `${file}!` : file,
        text,
      ]);
      addToTree(path.join(folder, kind, layer), Object.fromEntries(marked));
    }
  }
  for (const [link, target] of Object.entries(links)) symlinkSync(target, path.join(folder, link));
  const stack = resolveLayers({
    charm: path.join(folder, 'layers', top),
    folders: { layers: [path.join(folder, 'layers')], interfaces: [path.join(folder, 'interfaces')] },
    workingFolder: folder,
  });
  const { files, emptyFolders } = await makeCharm({
    plan: planLayers(stack),
    stack,
    frameworkEntry: '',
    bringRuntime: () => Promise.reject(new Error('none of them has handlers in TypeScript')),
    progress: collectProgress(),
  });
  return holdCharmFiles(files, emptyFolders);
}
