import { readFileSync } from 'node:fs';
import path from 'node:path';
import { answerLayerOption } from '../lib/layer-option.ts';

const names = process.argv.slice(2);
if (names.length !== 2) {
  process.stderr.write('usage: layer_option LAYER OPTION\n');
  process.exit(2);
}
// Bundled, this file lies in the charm's programs/.
const layerYaml = readFileSync(path.join(import.meta.dirname, '..', 'layer.yaml'), 'utf8');
const { output, exitCode } = answerLayerOption(layerYaml, names);
process.stdout.write(output);
process.exitCode = exitCode;
