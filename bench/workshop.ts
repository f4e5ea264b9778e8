import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { DEFAULT_BASE, readBase } from '../src/builder/base.ts';
import { buildCharm } from '../src/builder/build.ts';
import { unpackCharm } from '../src/builder/charm-archive.ts';
import { NATIVE_ADDON } from '../src/builder/charm-entry.ts';
import { packCharm } from '../src/builder/pack.ts';
import { NODE_PATH } from '../src/builder/runtime.ts';
import { compile, FakeTools } from './fake-tools.ts';
import { HookRunner, type MeasuredCharm } from './hook-runner.ts';
import { measureProcess, type ProcessCost } from './process-cost.ts';

/** A folder for a run of the bench, and what is measured in it, made when it is first asked for. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'bench-'));
  #runners = 0;
  #instruments: { readonly tools: FakeTools; readonly usage: string } | undefined;

  /** The hook tools. @throws Error where there is no C compiler. */
  get tools(): FakeTools {
    return this.#prepared.tools;
  }

  /** Runs a charm's hooks. @throws Error where there is no C compiler. */
  runnerOf(charm: MeasuredCharm): HookRunner {
    this.#runners += 1;
    const states = join(this.folder, 'states', String(this.#runners));
    return new HookRunner(charm, { ...this.#prepared, states });
  }

  /** Builds a charm with a Node of its own, packs it and unpacks it, as it comes to a unit. @throws what these throw. */
  async deploy(layer: string, name: string): Promise<MeasuredCharm> {
    const built = join(this.folder, `${name}-built`);
    const folder = join(this.folder, name);
    await buildCharm({ charm: layer, output: built, runtime: 'bundled', environment: process.env });
    const packed = await packCharm({ folder: built, into: this.folder, base: readBase(DEFAULT_BASE) });
    mkdirSync(folder);
    await unpackCharm(packed.file, folder);
    return { name: 'charm', folder, command: ['./dispatch'] };
  }

  /** What any charm costs that brings this Node: one process that does nothing, and one that opens a database. */
  floorsOf({ folder: charm }: MeasuredCharm): {
    readonly node: () => ProcessCost;
    readonly sqlite: () => ProcessCost;
  } {
    const empty = join(this.folder, 'empty.cjs');
    const sqlite = join(this.folder, 'sqlite.cjs');
    writeFileSync(empty, '');
    const addon = JSON.stringify(join(charm, NATIVE_ADDON));
    const database = JSON.stringify(join(this.folder, 'floor.db'));
    bundleScript(
      `const Database = require('better-sqlite3');
      new Database(${database}, { nativeBinding: ${addon} }).prepare('select count(*) from sqlite_master').get();`,
      sqlite,
    );
    const measure = (script: string) => (): ProcessCost =>
      measureProcess(this.#prepared.usage, {
        command: [join(charm, NODE_PATH), script],
        folder: this.folder,
        environment: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
      });
    return { node: measure(empty), sqlite: measure(sqlite) };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #prepared(): { readonly tools: FakeTools; readonly usage: string } {
    if (!this.#instruments) {
      const usage = join(this.folder, 'usage');
      compile('usage.c', usage);
      this.#instruments = { tools: new FakeTools(join(this.folder, 'tools')), usage };
    }
    return this.#instruments;
  }
}

/** Removes what earlier processes of a charm compiled, as in one that was just unpacked. */
export function forgetCode({ folder }: MeasuredCharm): void {
  for (const name of readdirSync(folder)) if (name.endsWith('.cache')) rmSync(join(folder, name));
}

function bundleScript(contents: string, outfile: string): void {
  const resolveDir = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  buildSync({
    stdin: { contents, resolveDir },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
  });
}
