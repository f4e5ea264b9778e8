import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The rooms that make up what runs on a unit, in the order in which data flows through them. */
const KERNEL = [
  'metadata',
  'hook',
  'store',
  'tools',
  'flags',
  'handlers',
  'relations',
  'conversations',
  'endpoints',
  'dispatch',
  'publish',
  'charm',
] as const;

/** Each room below src, and the rooms it may import. Change it on purpose. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  metadata: [],
  hook: [],
  store: [],
  tools: ['hook'],
  flags: ['store'],
  handlers: ['metadata', 'hook', 'flags'],
  relations: ['hook', 'store', 'tools'],
  conversations: ['metadata', 'hook', 'store', 'tools', 'flags', 'handlers', 'relations'],
  endpoints: ['metadata', 'hook', 'store', 'tools', 'flags', 'handlers', 'relations'],
  dispatch: ['flags', 'handlers'],
  publish: ['store', 'tools', 'relations'],
  charm: KERNEL,
  compat: KERNEL,
  simulator: ['metadata', 'hook', 'tools'],
  testing: [...KERNEL, 'simulator', 'builder'],
  builder: ['metadata'],
  analysis: ['metadata'],
  proof: ['metadata', 'handlers', 'analysis'],
};

/** May import anything: it puts the parts together for a user. */
const FREE_ROOMS = ['cli'];

/** The files directly below src: the public surface. */
const SURFACES: Readonly<Record<string, readonly string[]>> = {
  'index.ts': KERNEL,
  'testing.ts': [...KERNEL, 'testing', 'simulator', 'builder'],
  'vitest.ts': ['testing'],
  'compat.ts': ['compat'],
};

/** Where a process begins, and so may look at its environment; everyone else is handed what it needs. */
const READ_THE_ENVIRONMENT = [
  'charm/main.ts',
  'charm/command/main.ts',
  'cli/',
  'vitest.ts',
  'simulator/hook-tools/tool-client.ts',
];

/** What a layer or an interface may import by the package's name. */
const PUBLIC_NAMES = [
  /^charms-reactive$/,
  /^charms-reactive\/compat$/,
  /^charms-reactive\/(interfaces|layers)\/.+$/,
];

interface Import {
  readonly specifier: string;
  readonly isType: boolean;
  /** Whether it is loaded with the file that imports it, and not only when a line of it is reached. */
  readonly isStatic: boolean;
}

/** Source text with comments and templates blanked out and each quoted string replaced by a number. */
function tokenize(source: string): { readonly code: string; readonly strings: readonly string[] } {
  const strings: string[] = [];
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|`(?:[^`\\]|\\[\s\S])*`|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g;
  const code = source.replace(token, (text) => {
    if (!/^['"]/.test(text)) return ' ';
    strings.push(text.slice(1, -1));
    return `\u0000${strings.length - 1}\u0000`;
  });
  return { code, strings };
}

/** Every import of a file: static ones, re-exports, dynamic ones, types by `import('…')`, and `require`. */
function importsOf(source: string): Import[] {
  const { code, strings } = tokenize(source);
  const found: Import[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks that stand for strings
  const from = /\b(import|export)\b(\s+type\b)?[^;\u0000]*?\bfrom\s*\u0000(\d+)\u0000/g;
  for (const [, , type, index] of code.matchAll(from)) {
    found.push({ specifier: strings[Number(index)] ?? '', isType: type !== undefined, isStatic: true });
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks that stand for strings
  const direct = /\b(?:import\s*\(?|require\s*\(|import\.meta\.resolve\s*\()\s*\u0000(\d+)\u0000/g;
  for (const [call, index] of code.matchAll(direct)) {
    found.push({ specifier: strings[Number(index)] ?? '', isType: false, isStatic: !call.includes('(') });
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks that stand for strings
  for (const [call] of code.matchAll(/\bimport\s*\(\s*(?!\u0000)[^)]*\)/g)) {
    found.push({ specifier: `a name that is made when it runs: ${call}`, isType: false, isStatic: false });
  }
  return found;
}

/** Every TypeScript file below a folder, relative to it. */
function filesBelow(folder: string): string[] {
  const below = path.join(ROOT, folder);
  if (!existsSync(below)) return [];
  return readdirSync(below, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?[jt]s$/.test(file))
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort();
}

function read(...parts: string[]): string {
  return readFileSync(path.join(ROOT, ...parts), 'utf8');
}

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : '';
}

/** Where a relative import of a file leads, both relative to one folder; out of it begins with `..`. */
function target(file: string, specifier: string): string {
  return path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
}

/** The package a bare import is of: `@redis/client/dist/x` is of `@redis/client`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') &&
  builtinModules.includes(specifier.slice('node:'.length).replace(/\?.*/, ''));

const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
const sources = filesBelow('src').map((file) => ({ file, imports: importsOf(read('src', file)) }));

test('the scanner finds imports of every form, and none in comments, strings and templates', () => {
  const source = [
    "import { a } from './a.ts';",
    "import type { B } from './b.ts';",
    "import './c.ts';",
    "import d, { type D } from './d.ts';",
    "import * as e from './e.ts';",
    "export { f } from './f.ts';",
    "export * from './g.ts';",
    "export type { H } from './h.ts';",
    'import {\n  i,\n  type I,\n} from "./i.ts";',
    "const j = await import('./j.ts');",
    "type K = import('./k.ts').K;",
    "const l = require('./l.cjs');",
    'const m = await import(name);',
    "// import { no } from './no.ts';",
    "/* import './no.ts' */",
    "const text = \"import './no.ts'; from './no.ts'\";",
    "const template = `import { x } from './no.ts';`;",
    "export const from = 'elsewhere';",
    "export function imports(): string { return 'no'; }",
  ].join('\n');
  const found = importsOf(source).map(({ specifier, isType }) => `${specifier}${isType ? ' type' : ''}`);
  expect(found.sort()).toEqual([
    './a.ts',
    './b.ts type',
    './c.ts',
    './d.ts',
    './e.ts',
    './f.ts',
    './g.ts',
    './h.ts type',
    './i.ts',
    './j.ts',
    './k.ts',
    './l.cjs',
    'a name that is made when it runs: import(name)',
  ]);
});

test('every room imports only the rooms that the table allows it', () => {
  const wrong = sources.flatMap(({ file, imports }) => {
    const room = roomOf(file);
    if (FREE_ROOMS.includes(room)) return [];
    const allowed = room === '' ? SURFACES[file] : MAY_IMPORT[room];
    if (!allowed) return [`${file}: "${room || file}" is not in the table`];
    return imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => target(file, specifier))
      .filter((to) => {
        const other = roomOf(to);
        return (
          to.startsWith('..') || (other !== room && !allowed.includes(other)) || (other === '' && room !== '')
        );
      })
      .map((to) => `${file} imports ${to}`);
  });
  expect(wrong).toEqual([]);
  expect(sources.length).toBeGreaterThan(80);
});

test('every room of the kernel is there, and the table leads in one direction', () => {
  const rooms = new Set(sources.map(({ file }) => roomOf(file)));
  for (const room of KERNEL) expect(rooms).toContain(room);
  const reach = (room: string): Set<string> => {
    const reached = new Set<string>();
    const waiting = [room];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      for (const other of MAY_IMPORT[next] ?? []) {
        if (other === next || reached.has(other)) continue;
        reached.add(other);
        waiting.push(other);
      }
    }
    return reached;
  };
  for (const room of Object.keys(MAY_IMPORT)) expect([room, reach(room).has(room)]).toEqual([room, false]);
});

test('the scanner misses no import of ours', () => {
  const missed = sources.flatMap(({ file, imports }) => {
    const plain = read('src', file).matchAll(/^(?:import|export|\})[^'"\n]*\bfrom '([^']+)';$/gm);
    const found = new Set(imports.map(({ specifier }) => specifier));
    return Array.from(plain, ([, specifier = '']) => specifier)
      .filter((specifier) => !found.has(specifier))
      .map((specifier) => `${file}: ${specifier}`);
  });
  expect(missed.filter((line) => !line.startsWith('builder/charm-entry.ts'))).toEqual([]);
});

test('what is imported with its relative path is there, by its full name', () => {
  const missing = sources.flatMap(({ file, imports }) =>
    imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter(({ specifier }) => !existsSync(path.join(ROOT, 'src', target(file, specifier))))
      .map(({ specifier }) => `${file}: ${specifier}`),
  );
  expect(missing).toEqual([]);
});

test('what is no file of ours is a module of Node, by its full name, or a declared dependency', () => {
  const wrong = sources.flatMap(({ file, imports }) =>
    imports
      .filter(({ specifier }) => !specifier.startsWith('.'))
      .filter(({ specifier }) => !isBuiltin(specifier) && !Object.hasOwn(dependencies, packageOf(specifier)))
      .map(({ specifier }) => `${file}: ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test('a charm that starts loads no packages but the store and a hash', () => {
  const bySource = new Map(sources.map(({ file, imports }) => [file, imports]));
  const reached = new Set(['index.ts']);
  const packages = new Set<string>();
  for (const file of reached) {
    for (const { specifier, isType, isStatic } of bySource.get(file) ?? []) {
      if (isType || !isStatic) continue;
      if (specifier.startsWith('.')) reached.add(target(file, specifier));
      else if (!isBuiltin(specifier)) packages.add(packageOf(specifier));
    }
  }
  expect([...packages].sort()).toEqual(['@noble/hashes', 'better-sqlite3']);
  expect(reached.size).toBeGreaterThan(40);
});

test('no files import each other in a circle when they run', () => {
  const graph = new Map(
    sources.map(({ file, imports }) => [
      file,
      imports
        .filter(({ specifier, isType }) => !isType && specifier.startsWith('.'))
        .map(({ specifier }) => target(file, specifier)),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    else if (!done.has(file)) for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

test('the simulator knows of the tools their interface only', () => {
  const wrong = sources
    .filter(({ file }) => roomOf(file) === 'simulator')
    .flatMap(({ file, imports }) =>
      imports
        .filter(({ specifier }) => roomOf(target(file, specifier)) === 'tools')
        .filter(({ specifier }) => target(file, specifier) !== 'tools/hook-tools.ts')
        .map(({ specifier }) => `${file}: ${specifier}`),
    );
  expect(wrong).toEqual([]);
});

test('no room has an index file, nor one that only passes on what others export', () => {
  const barrels = sources
    .filter(({ file }) => roomOf(file) !== '')
    .filter(({ file }) => {
      const { code } = tokenize(read('src', file));
      const isIndex = /(^|\/)index\.[cm]?[jt]s$/.test(file);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks that stand for strings
      const rest = code.replace(/\bexport\b[^;\u0000]*?\bfrom\s*\u0000\d+\u0000\s*;?/g, '').trim();
      return isIndex || rest === '';
    })
    .map(({ file }) => file);
  expect(barrels).toEqual([]);
});

test('the framework has no default exports', () => {
  const wrong = sources.filter(({ file }) => /^export default\b/m.test(tokenize(read('src', file)).code));
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('the environment is read where a process begins, and nowhere else', () => {
  const wrong = sources
    .filter(
      ({ file }) =>
        !READ_THE_ENVIRONMENT.some(
          (allowed) => file === allowed || (allowed.endsWith('/') && file.startsWith(allowed)),
        ),
    )
    .filter(({ file, imports }) => {
      const { code } = tokenize(read('src', file));
      const isRead =
        /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/.test(code);
      return isRead || imports.some(({ specifier }) => specifier === 'node:process');
    })
    .map(({ file }) => file);
  expect(wrong).toEqual([]);
});

test.each(['layers', 'interfaces'])('%s import the public names, packages, and their own files', (folder) => {
  const wrong = filesBelow(folder).flatMap((file) =>
    importsOf(read(folder, file)).flatMap(({ specifier }) => {
      const isOwn = specifier.startsWith('.') && roomOf(target(file, specifier)) === roomOf(file);
      const isPublic = PUBLIC_NAMES.some((name) => name.test(specifier));
      const isPackage =
        !specifier.startsWith('.') &&
        packageOf(specifier) !== 'charms-reactive' &&
        Object.hasOwn(dependencies, packageOf(specifier));
      return isOwn || isPublic || isPackage || isBuiltin(specifier)
        ? []
        : [`${folder}/${file} imports ${specifier}`];
    }),
  );
  expect(wrong).toEqual([]);
});
