import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BuildOptions, type BuildResult, buildCharm } from '../../src/builder/build.ts';
import { BuildError } from '../../src/builder/build-error.ts';
import { addToTree, readTree, writeTree } from './charm-tree.ts';

interface Site {
  readonly folder: string;
  readonly output: string;
  build(options?: Partial<BuildOptions>): Promise<BuildResult>;
}

/** A charm that is built already. */
async function builtSite(): Promise<Site> {
  const folder = writeTree({
    'layers/top/hooks/hook.template': '# {}\n',
    'layers/top/metadata.yaml': 'name: top\nsummary: s\ndescription: d\n',
    'layers/top/README.md': 'read me\n',
    'layers/top/docs/deep/old.md': 'old\n',
  });
  const output = join(folder, 'built');
  const build: Site['build'] = (options) =>
    buildCharm({ charm: join(folder, 'layers/top'), output, ...options });
  expect((await build()).changes).toBeUndefined();
  return { folder, output, build };
}

describe('building again', () => {
  it('says that nothing changed where nothing did', async () => {
    const { output, build } = await builtSite();
    const before = readTree(output);
    expect((await build()).changes).toEqual({ added: [], changed: [], removed: [] });
    expect(readTree(output)).toEqual(before);
  });

  it('says what changed', async () => {
    const { folder, build } = await builtSite();
    addToTree(folder, { 'layers/top/new.md': '', 'layers/top/README.md': 'changed\n' });
    rmSync(join(folder, 'layers/top/docs'), { recursive: true });
    const { changes, removed } = await build();
    expect(changes).toEqual({ added: ['new.md'], changed: ['README.md'], removed: ['docs/deep/old.md'] });
    expect(removed).toEqual(['docs/deep/old.md']);
  });

  it('is refused where files were changed since, unless forced', async () => {
    const { folder, output, build } = await builtSite();
    writeFileSync(join(output, 'README.md'), 'mine\n');
    rmSync(join(output, 'hooks/install'));
    rmSync(join(output, 'hooks/start'));
    symlinkSync('stop', join(output, 'hooks/start'));
    writeFileSync(join(output, 'new.md'), 'mine\n');
    writeFileSync(join(output, 'extra.md'), 'mine\n');
    addToTree(folder, { 'layers/top/new.md': 'built\n' });
    const failure: unknown = await build().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BuildError);
    expect(String(failure).split('\n').slice(1)).toEqual([
      '  added new.md',
      '  deleted hooks/install',
      '  modified README.md',
      '  modified hooks/start',
    ]);
    expect(readFileSync(join(output, 'README.md'), 'utf8')).toBe('mine\n');
    const { warnings } = await build({ force: true });
    expect(warnings).toContain('Overwriting what was modified README.md after it was built');
    expect(readTree(output)).toMatchObject({
      'README.md': 'read me\n',
      'hooks/install!': '# hook\n',
      'hooks/start!': '# hook\n',
      'new.md': 'built\n',
      'extra.md': 'mine\n',
    });
  });

  it('is refused where a file to be removed was changed', async () => {
    const { folder, output, build } = await builtSite();
    rmSync(join(folder, 'layers/top/docs'), { recursive: true });
    writeFileSync(join(output, 'docs/deep/old.md'), 'mine\n');
    await expect(build()).rejects.toThrow(/\n {2}modified docs\/deep\/old\.md$/);
  });
});
