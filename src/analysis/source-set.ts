import type { Node } from '@babel/types';
import { type Binding, lookUp } from './bindings.ts';
import { keyName, readCall, readMember, type SourceText, SyntaxTree } from './syntax-tree.ts';

/** Something declared in one of the modules. */
export interface Definition {
  readonly tree: SyntaxTree;
  readonly binding: Binding;
}

/** A call, in its module. */
export interface FoundCall {
  readonly tree: SyntaxTree;
  readonly given: readonly Node[];
}

/** Modules that import each other, by their names in the charm. */
export class SourceSet {
  readonly trees: readonly SyntaxTree[];
  /** The files that could not be parsed. */
  readonly unreadable: readonly string[];
  readonly #byPath = new Map<string, SyntaxTree>();
  #calls: ReadonlyMap<string, readonly FoundCall[]> | undefined;
  #values: ReadonlySet<string> | undefined;

  constructor(sources: readonly SourceText[]) {
    const unreadable: string[] = [];
    for (const source of sources) {
      try {
        this.#byPath.set(source.path, new SyntaxTree(source));
      } catch {
        unreadable.push(source.path);
      }
    }
    this.trees = [...this.#byPath.values()];
    this.unreadable = unreadable;
  }

  treeAt(path: string): SyntaxTree | undefined {
    return this.#byPath.get(path);
  }

  /** What a name means at a place, followed through imports. `framework` where it is the framework's. */
  define(tree: SyntaxTree, name: string, at: Node): Definition | { readonly framework: string } | undefined {
    const binding = lookUp(tree, name, at);
    return binding && this.#follow({ tree, binding }, 0);
  }

  /** What a module exports under a name. */
  exported(
    tree: SyntaxTree,
    name: string,
    depth = 0,
  ): Definition | { readonly framework: string } | undefined {
    if (depth > 20) return undefined;
    for (const statement of bodyOf(tree)) {
      if (statement.type === 'ExportAllDeclaration') {
        const found = this.#imported(tree, statement.source.value, name, depth + 1);
        if (found) return found;
      }
      if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
        return this.#follow({ tree, binding: bindingOf(tree, statement.declaration) }, depth + 1);
      }
      if (statement.type !== 'ExportNamedDeclaration') continue;
      const specifier = statement.specifiers.find(
        (one) => one.type === 'ExportSpecifier' && keyName(one.exported) === name,
      );
      if (specifier?.type === 'ExportSpecifier') {
        if (statement.source)
          return this.#imported(tree, statement.source.value, specifier.local.name, depth + 1);
        const binding = lookUp(tree, specifier.local.name, tree.program);
        return binding && this.#follow({ tree, binding }, depth + 1);
      }
      const declared = statement.declaration && lookUp(tree, name, tree.program);
      if (declared && declares(statement.declaration, name))
        return this.#follow({ tree, binding: declared }, depth + 1);
    }
    return undefined;
  }

  /** All calls of something of that name, whatever it is a member of. */
  callsOf(name: string): readonly FoundCall[] {
    this.#calls ??= this.#collectCalls();
    return this.#calls.get(name) ?? [];
  }

  /** Whether something of that name is used other than by calling it, so that not all calls are known. */
  isValue(name: string): boolean {
    this.#values ??= this.#collectValues();
    return this.#values.has(name);
  }

  #follow(definition: Definition, depth: number): Definition | { readonly framework: string } | undefined {
    const { tree, binding } = definition;
    if (binding.kind !== 'import') return definition;
    return this.#imported(tree, binding.from, binding.name, depth + 1);
  }

  #imported(
    tree: SyntaxTree,
    from: string,
    name: string,
    depth: number,
  ): Definition | { readonly framework: string } | undefined {
    if (/^charms-reactive(\/compat)?$/.test(from)) return { framework: name };
    const target = this.#resolve(tree.path, from);
    if (!target || name === '*') return undefined;
    return this.exported(target, name, depth);
  }

  /** As the builder does: beside the file, or the file of an included layer or interface. */
  #resolve(importer: string, specifier: string): SyntaxTree | undefined {
    const included = /^charms-reactive\/((?:layers|interfaces)\/.+)$/.exec(specifier)?.[1];
    if (included === undefined && !specifier.startsWith('.')) return undefined;
    const path = included ?? joinPath(importer, specifier);
    const base = path.replace(/\.[cm]?[jt]s$/, '');
    const names = [
      path,
      ...['.ts', '.mts', '.js', '.mjs', '.cts', '.cjs', '/index.ts', '/index.js'].map((end) => base + end),
    ];
    const found = names.find((one) => this.#byPath.has(one));
    if (found !== undefined) return this.#byPath.get(found);
    // A layer from npm keeps its package's name.
    const ends = names.filter((one) => included !== undefined && one !== included).map((one) => `/${one}`);
    return this.trees.find((tree) => ends.some((end) => tree.path.endsWith(end)));
  }

  #collectCalls(): ReadonlyMap<string, readonly FoundCall[]> {
    const calls = new Map<string, FoundCall[]>();
    for (const tree of this.trees) {
      for (const node of tree.nodes) {
        const call = readCall(node);
        if (!call) continue;
        const name = call.callee.type === 'Identifier' ? call.callee.name : readMember(call.callee)?.name;
        if (name === undefined) continue;
        const known = calls.get(name);
        if (known) known.push({ tree, given: call.given });
        else calls.set(name, [{ tree, given: call.given }]);
      }
    }
    return calls;
  }

  #collectValues(): ReadonlySet<string> {
    const values = new Set<string>();
    for (const tree of this.trees) {
      for (const node of tree.nodes) {
        const member = readMember(node);
        if (member) {
          if (!isCallee(tree, node)) values.add(member.name);
        } else if (node.type === 'Identifier' && isReference(tree, node) && !isCallee(tree, node)) {
          values.add(node.name);
        }
      }
    }
    return values;
  }
}

function bodyOf({ program }: SyntaxTree): readonly Node[] {
  return program.type === 'Program' ? program.body : [];
}

function bindingOf(tree: SyntaxTree, declaration: Node): Binding {
  if (declaration.type === 'ClassDeclaration' || declaration.type === 'ClassExpression') {
    return { kind: 'class', node: declaration };
  }
  if (declaration.type === 'FunctionDeclaration') return { kind: 'function', node: declaration };
  if (declaration.type === 'Identifier') {
    return lookUp(tree, declaration.name, tree.program) ?? { kind: 'other' };
  }
  return { kind: 'variable', init: declaration, steps: [], isConstant: true };
}

function declares(declaration: Node | null | undefined, name: string): boolean {
  if (!declaration) return false;
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.some(({ id }) => id.type !== 'Identifier' || id.name === name);
  }
  return 'id' in declaration && declaration.id?.type === 'Identifier' && declaration.id.name === name;
}

function isCallee(tree: SyntaxTree, node: Node): boolean {
  const parent = tree.parentOf(node);
  return (
    (parent?.type === 'CallExpression' || parent?.type === 'OptionalCallExpression') && parent.callee === node
  );
}

/** Whether an identifier is looked up where it stands, and no name of a declaration, a key, a type or an import. */
function isReference(tree: SyntaxTree, node: Node): boolean {
  const parent = tree.parentOf(node);
  if (!parent || /^TS|Specifier$/.test(parent.type))
    return parent?.type === 'TSAsExpression' || parent?.type === 'TSNonNullExpression';
  if ('key' in parent && parent.key === node && !('computed' in parent && parent.computed)) {
    return parent.type === 'ObjectProperty' && parent.shorthand;
  }
  if ('id' in parent && parent.id === node) return false;
  if ('params' in parent && Array.isArray(parent.params) && parent.params.some((one) => one === node))
    return false;
  return !('property' in parent && parent.property === node);
}

function joinPath(importer: string, specifier: string): string {
  const steps = importer.split('/').slice(0, -1);
  for (const step of specifier.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}
