import { readFileSync } from 'node:fs';
import type { SourceFile } from '../planned-paths.ts';
import { type ComposedFile, highest, type Tactic } from './tactic.ts';

/** Any file without a rule of its own: the highest layer's, whole, executable as it is there. */
export const copyTactic: Tactic = {
  handles: () => true,
  plan: (copies) => () => [copyOf(highest(copies))],
};

/** The file as it is in its layer, under another path where one is given. */
export function copyOf(file: SourceFile, path = file.path): ComposedFile {
  return {
    path,
    content: readFileSync(file.source),
    isExecutable: file.isExecutable,
    owner: file.layer.url,
    kind: 'static',
    sources: [file.source],
  };
}
