import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the layer of a charm with many handlers, of which some form a chain that one hook runs through to its end. */
export function writeChainLayer(
  folder: string,
  size: { readonly handlers: number; readonly links: number },
): void {
  const { handlers, links } = size;
  const lines = Array.from({ length: handlers }, (_, number) => {
    if (number >= links) {
      const flags = `'flag.${number}', 'missing.${number}'`;
      return `  handler(when(${flags}), function idle${number}(unit) {\n    unit.flags.set('never.${number}');\n  }),`;
    }
    const condition = number === 0 ? `whenNot('link.1')` : `when('link.${number}')`;
    return `  handler(${condition}, function link${number}(unit) {\n    unit.flags.set('link.${number + 1}');\n  }),`;
  });
  const files = {
    'metadata.yaml': 'name: bench-chain\nsummary: Many handlers, to measure.\ndescription: Many handlers.\n',
    'layer.yaml': 'includes:\n  - layer:basic\n',
    'reactive/chain.ts': [
      "import { defineLayer, handler, when, whenNot } from 'charms-reactive';\n",
      "export default defineLayer('chain', [",
      ...lines,
      ']);\n',
    ].join('\n'),
  };
  mkdirSync(join(folder, 'reactive'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}
