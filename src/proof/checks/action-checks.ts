import { readText } from '../charm-files.ts';
import { type CharmCheck, reasonOf } from '../charm-view.ts';
import { type Finding, fault, warning } from '../finding.ts';
import { readYaml } from '../yaml-value.ts';

/** Actions, or functions as they were called for a while: each has a program of its own, or a handler. */
export const checkActions: CharmCheck = (charm) => {
  const { files, handledActions } = charm;
  const kind = ['actions', 'functions'].find((name) => files.has(`${name}.yaml`));
  if (kind === undefined) return [];
  const file = `${kind}.yaml`;
  const actions = parse(readText(files, file) ?? '');
  if (actions instanceof Error) {
    return [fault('actions', `FATAL: cannot parse ${file}: ${actions.message}`, { file })];
  }
  if (actions.kind === 'null') return [];
  if (!actions.isMapping) {
    return [fault('actions', `${kind}: must be a dictionary of json schemas`, { file, line: actions.line })];
  }
  return actions.entries().flatMap(({ key, line }): readonly Finding[] => {
    const place = { file, line, key };
    if (key.startsWith('juju')) {
      return [fault('actions', `${kind}.${key}: juju is a reserved namespace`, place)];
    }
    const program = `${kind}/${key}`;
    if (handledActions.has(key)) return [];
    if (!files.has(program)) {
      return [warning('actions', `${kind}.${key}: ${program} does not exist`, place)];
    }
    if (files.isExecutable(program)) return [];
    return [fault('actions', `${kind}.${key}: ${program} is not executable`, place)];
  });
};

function parse(text: string): ReturnType<typeof readYaml> | Error {
  try {
    return readYaml(text);
  } catch (error) {
    return new Error(reasonOf(error));
  }
}
