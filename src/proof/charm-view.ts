import { type CharmFiles, readText } from './charm-files.ts';
import type { FieldRule } from './field-rules.ts';
import { type Finding, fault, warning } from './finding.ts';
import { describeKind, readYaml, type YamlValue } from './yaml-value.ts';

/** A charm as its checks see it: its files, and its metadata.yaml as a mapping. */
export interface CharmView {
  readonly files: CharmFiles;
  /** The name of the folder it lies in; undefined where it is not written. */
  readonly folderName: string | undefined;
  readonly metadata: YamlValue;
  /** Whether all hooks go through `dispatch`, so that no file is there for each. */
  readonly hasDispatch: boolean;
  /** The actions that handlers run, which need no file. */
  readonly handledActions: ReadonlySet<string>;
  /** What layer.yaml lets be in metadata.yaml beyond what is known, by section. */
  readonly extensions: ReadonlyMap<string, readonly FieldRule[]>;
}

/** Looks for one kind of fault. */
export type CharmCheck = (charm: CharmView) => readonly Finding[];

/** A charm that can be looked at, or why not; and what was found on the way. */
export interface ViewedCharm {
  readonly charm?: CharmView;
  readonly findings: readonly Finding[];
}

/** Reads what all checks need. Without a metadata.yaml that can be read there is nothing to look at. */
export function viewCharm(source: {
  readonly files: CharmFiles;
  readonly folderName?: string | undefined;
  readonly handledActions?: ReadonlySet<string>;
}): ViewedCharm {
  const { files, folderName, handledActions = new Set() } = source;
  const file = 'metadata.yaml';
  let metadata: YamlValue;
  try {
    metadata = readYaml(readText(files, file) ?? '');
  } catch (error) {
    return { findings: [fault('yaml', `FATAL: cannot parse ${file}: ${reasonOf(error)}`, { file })] };
  }
  if (!metadata.isMapping) {
    const text = `FATAL: ${file} must be a mapping, got ${describeKind(metadata.kind)}`;
    return { findings: [fault('yaml', text, { file, line: metadata.line })] };
  }
  const { extensions, findings } = readExtensions(files);
  return {
    charm: {
      files,
      folderName,
      metadata,
      hasDispatch: files.has('dispatch'),
      handledActions,
      extensions,
    },
    findings,
  };
}

/** The reason in an error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readExtensions(files: CharmFiles): Pick<CharmView, 'extensions'> & Pick<ViewedCharm, 'findings'> {
  const file = 'layer.yaml';
  const none = new Map<string, readonly FieldRule[]>();
  const text = readText(files, file);
  if (text === undefined) return { extensions: none, findings: [] };
  try {
    const sections = readYaml(text).get('proof')?.entries() ?? [];
    const extensions = new Map(sections.map(({ key, value }) => [key, value.items().flatMap(readRule)]));
    return { extensions, findings: [] };
  } catch (error) {
    return {
      extensions: none,
      findings: [warning('yaml', `cannot parse ${file}: ${reasonOf(error)}`, { file })],
    };
  }
}

const RULE_TYPES: Readonly<Record<string, FieldRule['type']>> = {
  String: 'string',
  Boolean: 'boolean',
  Integer: 'integer',
  Mapping: 'mapping',
};

/** What it does not say is not asked for. */
function readRule(spec: YamlValue): readonly FieldRule[] {
  const name = spec.get('name')?.text;
  if (name === undefined) return [];
  const fields = spec.get('subnodes')?.items().flatMap(readRule);
  const type = RULE_TYPES[spec.get('type')?.text ?? ''] ?? 'any';
  return [
    { name, type: type === 'mapping' && fields === undefined ? 'any' : type, ...(fields ? { fields } : {}) },
  ];
}
