import { readText } from '../charm-files.ts';
import type { CharmCheck, CharmView } from '../charm-view.ts';
import { type Finding, info, warning } from '../finding.ts';

/** On Windows a hook is known by its ending. */
const WINDOWS_ENDINGS = ['.ps1', '.cmd', '.bat', '.exe'];

/** Hooks have a folder, where not all of them go through `dispatch`. */
export const checkHooksFolder: CharmCheck = ({ files, hasDispatch }) =>
  hasDispatch || files.hasFolder('hooks') ? [] : [info('hooks', 'no hooks directory')];

/** The hooks that nearly every charm has, and `config-changed` where there is something to configure. */
export const checkCommonHooks: CharmCheck = (charm) =>
  ['install', 'start', 'stop', 'config-changed'].flatMap((hook) => {
    const isExpected = !charm.hasDispatch && (hook !== 'config-changed' || charm.files.has('config.yaml'));
    const missing = isExpected ? [info('hooks', `missing recommended hook ${hook}`, { key: hook })] : [];
    return checkHook(charm, hook) ?? missing;
  });

/** What is wrong with a hook's file; undefined where there is none. */
export function checkHook({ files, hasDispatch }: CharmView, hook: string): readonly Finding[] | undefined {
  const windows = WINDOWS_ENDINGS.map((ending) => `hooks/${hook}${ending}`).find((file) => files.has(file));
  const file = windows ?? `hooks/${hook}`;
  const text = readText(files, file);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return [
    // Juju starts dispatch in its place.
    ...(windows === undefined && !hasDispatch && !files.isExecutable(file)
      ? [info('hooks', `${hook} not executable`, { file })]
      : []),
    ...lines.flatMap((line, index) =>
      line.includes('http://169.254.169.254/')
        ? [
            warning('hooks', `(${hook}:${index + 1}) - hook accesses EC2 metadata service directly`, {
              file,
              line: index + 1,
            }),
          ]
        : [],
    ),
  ];
}
