import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { type BuildOptions, type BuildResult, buildCharm } from '../../src/builder/build.ts';
import { BuildError } from '../../src/builder/build-error.ts';
import { MetadataError } from '../../src/metadata/metadata-error.ts';
import { addToTree, type Tree, writeTree } from './charm-tree.ts';

function git(folder: string, ...words: readonly string[]): string {
  const identity = ['-c', 'user.name=me', '-c', 'user.email=me@host', '-c', 'commit.gpgsign=false'];
  const { status, stdout, stderr } = spawnSync('git', ['-C', folder, ...identity, ...words], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Commits all that is in a folder, and returns the commit's name. */
function commit(folder: string): string {
  if (!existsSync(join(folder, '.git'))) git(folder, 'init', '--quiet', '--initial-branch', 'main');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'change');
  return git(folder, 'rev-parse', 'HEAD');
}

interface Site {
  readonly folder: string;
  /** The repository of `layer:base`. */
  readonly repository: string;
  build(options?: Partial<BuildOptions>): Promise<BuildResult>;
  read(path: string): string;
}

/** A charm on a base that is in git, and its lock file. `REPOSITORY` in a file stands for the repository. */
function site(lock: string | undefined, more: Tree = {}): Site {
  const folder = writeTree({
    'repository/hooks/hook.template': '# {}\n',
    'repository/layer.yaml': '',
    'repository/where.txt': 'first\n',
    'charm/layer.yaml': 'includes: [layer:base]\n',
    'charm/metadata.yaml': 'name: top\nsummary: s\ndescription: d\n',
  });
  const repository = join(folder, 'repository');
  const files = { ...more, ...(lock === undefined ? {} : { 'charm/layers.lock.yaml': lock }) };
  addToTree(
    folder,
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replaceAll('REPOSITORY', repository)]),
    ),
  );
  return {
    folder,
    repository,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    build: (options) =>
      buildCharm({
        charm: join(folder, 'charm'),
        output: join(folder, 'built'),
        environment: { CHARM_CACHE_DIR: join(folder, 'cache') },
        ...options,
      }),
  };
}

describe('a layer in a git repository', () => {
  it('is taken at the commit in the lock file, which an update brings forward', async () => {
    const { repository, build, read } = site('# mine\nlayer:base:\n  git: REPOSITORY # there\n');
    const first = commit(repository);
    await build({ update: true });
    expect(read('charm/layers.lock.yaml')).toBe(
      `# mine\nlayer:base:\n  git: ${repository} # there\n  commit: ${first}\n`,
    );
    addToTree(repository, { 'where.txt': 'second\n' });
    const second = commit(repository);
    await build();
    expect(read('built/where.txt')).toBe('first\n');
    await build({ update: true });
    expect(read('built/where.txt')).toBe('second\n');
    expect(read('charm/layers.lock.yaml')).toContain(`commit: ${second}`);
  });

  it('is said in the manifest to be from there', async () => {
    const { repository, build, read } = site('layer:base: {git: REPOSITORY}\n');
    const first = commit(repository);
    await build({ update: true });
    expect(JSON.parse(read('built/.build.manifest')).layers).toEqual([
      { branch: first, fetched_url: repository, rev: first, url: 'layer:base' },
      { rev: '', url: 'top' },
    ]);
    expect(existsSync(join(repository, '../built/layers.lock.yaml'))).toBe(false);
  });

  it('is fetched once, and needs the repository no more', async () => {
    const { repository, build, read } = site('layer:base: {git: REPOSITORY}\n');
    commit(repository);
    await build({ update: true });
    renameSync(repository, `${repository}-gone`);
    await build();
    expect(read('built/where.txt')).toBe('first\n');
  });

  it('is fetched where another branch has moved on without the commit', async () => {
    const { folder, repository, build, read } = site('layer:base: {git: REPOSITORY}\n');
    commit(repository);
    await build({ update: true });
    addToTree(repository, { 'where.txt': 'second\n' });
    commit(repository);
    rmSync(join(folder, 'cache'), { recursive: true });
    await build();
    expect(read('built/where.txt')).toBe('first\n');
  });

  it('follows a branch or a tag, into a folder of the repository', async () => {
    const { repository, build, read } = site(
      'layer:base: {git: REPOSITORY, ref: stable}\ninterface:http: {git: REPOSITORY, ref: v1, folder: interfaces/http}\n',
      { 'charm/layer.yaml': 'includes: [layer:base, interface:http]\n' },
    );
    addToTree(repository, { 'interfaces/http/requires.py': '' });
    const stable = commit(repository);
    git(repository, 'branch', 'stable');
    git(repository, 'tag', '--annotate', 'v1', '--message', 'one');
    addToTree(repository, { 'where.txt': 'second\n' });
    commit(repository);
    const { layers } = await build({ update: true });
    expect(layers).toEqual(['layer:base', 'top', 'interface:http']);
    expect(read('charm/layers.lock.yaml').match(/commit: ./g)).toHaveLength(2);
    expect(
      read('charm/layers.lock.yaml')
        .replaceAll(stable, 'STABLE')
        .match(/STABLE/g),
    ).toHaveLength(2);
    expect(read('built/where.txt')).toBe('first\n');
  });

  it('may be included by its URL, which the update writes into the lock file', async () => {
    const include = 'file://REPOSITORY#main';
    const { repository, build, read } = site(undefined, { 'charm/layer.yaml': `includes: ["${include}"]\n` });
    const first = commit(repository);
    await expect(build()).rejects.toThrow(
      /layers\.lock\.yaml has no commit for it; run "reactive build --update"/,
    );
    const { layers } = await build({ update: true });
    expect(layers).toEqual([`file://${repository}#main`, 'top']);
    expect(read('charm/layers.lock.yaml')).toContain(
      `file://${repository}#main:\n  git: file://${repository}\n  ref: main\n  commit: ${first}\n`,
    );
    await build();
    expect(read('built/layer.yaml')).toContain('  repository: {}\n');
  });

  it('gives way to one in a folder', async () => {
    const { folder, build, read } = site('layer:base: {git: REPOSITORY}\n', {
      'layers/base/where.txt': 'near\n',
      'layers/base/hooks/hook.template': '',
    });
    await build({ layersPath: [join(folder, 'layers')] });
    expect(read('built/where.txt')).toBe('near\n');
  });
});

test.each<
  [what: string, lock: string, kind: typeof BuildError | typeof MetadataError, error: string | RegExp]
>([
  [
    'no commit',
    'layer:base: {git: REPOSITORY}',
    BuildError,
    /has no commit for it; run "reactive build --update"/,
  ],
  [
    'a commit that is not there',
    `layer:base: {git: REPOSITORY, commit: ${'a'.repeat(40)}}`,
    BuildError,
    /^cannot fetch a{40} from/,
  ],
  [
    'half a commit',
    'layer:base: {git: REPOSITORY, commit: 0a1b2c}',
    MetadataError,
    /layer:base"?\.commit: must be the whole name/,
  ],
  ['no repository', 'layer:base: {ref: main}', MetadataError, /"git" is missing/],
  [
    'an option for git',
    'layer:base: {git: --upload-pack=evil}',
    MetadataError,
    /git: must not begin with a dash/,
  ],
  [
    'a folder outside',
    'layer:base: {git: REPOSITORY, folder: a/../..}',
    MetadataError,
    /folder: must lie within the repository/,
  ],
])('a lock file with %s is refused', async (_, lock, kind, error) => {
  const { repository, build } = site(lock);
  commit(repository);
  const failure: unknown = await build().catch((caught: unknown) => caught);
  expect(failure).toBeInstanceOf(kind);
  expect(failure instanceof Error && failure.message).toMatch(error);
});

test.each([
  [
    'layer:base: {git: REPOSITORY, ref: nowhere}',
    /^cannot find "nowhere" in ".*": there is no such branch or tag$/,
  ],
  ['layer:base: {git: REPOSITORY/gone}', /^cannot ask ".*gone" for its default branch: /],
  [
    'layer:base: {git: REPOSITORY, folder: deep}',
    /^cannot take "layer:base" from ".*": at \w{40} it has no folder "deep"$/,
  ],
])('an update of %s fails, and writes no lock file', async (lock, error) => {
  const { repository, build, read } = site(lock);
  commit(repository);
  const before = read('charm/layers.lock.yaml');
  const failure: unknown = await build({ update: true }).catch((caught: unknown) => caught);
  expect(failure).toBeInstanceOf(BuildError);
  expect(failure instanceof Error && failure.message).toMatch(error);
  expect(read('charm/layers.lock.yaml')).toBe(before);
});

test('a charm and a layer that are repositories of their own have a revision, and the charm a version', async () => {
  const { folder, build, read } = site(undefined, {
    'layers/base/hooks/hook.template': '',
    'layers/base/.pull-source-rev': 'r5\n',
    'charm/version': 'old\n',
  });
  const revision = commit(join(folder, 'charm'));
  git(join(folder, 'charm'), 'tag', 'v2');
  const { warnings } = await build({ layersPath: [join(folder, 'layers')] });
  expect(JSON.parse(read('built/.build.manifest')).layers).toEqual([
    { branch: 'r5', rev: 'r5', url: 'layer:base' },
    { branch: revision, rev: revision, url: 'top' },
  ]);
  expect(read('built/version')).toMatch(/^\w{7,}$/);
  expect(warnings).toEqual([
    expect.stringMatching(/^version says "old", and git says "\w+", which is taken$/),
  ]);
});
