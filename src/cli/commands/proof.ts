import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { Finding } from '../../proof/finding.ts';
import { addSearchOptions } from '../charm/build-options.ts';

interface ProofFlags {
  readonly layers: readonly string[];
  readonly interfaces: readonly string[];
  readonly format: string;
}

/** What the reference says of a folder that is neither. */
const NOTHING_TO_PROOF = 'FATAL: No bundle.yaml (Bundle) or metadata.yaml (Charm) found, cannot proof';

/** Adds `reactive proof`: looks for what is wrong with a charm or a layer, without running it. */
export function addProofCommand(program: Command): void {
  const command = program
    .command('proof')
    .description(
      'look for what is wrong with a charm, built or not: metadata and files, flags that nothing sets, handlers that never run',
    )
    .argument('[charm]', 'the folder of a charm, or of a layer, which is put together in memory', '.');
  addSearchOptions(command)
    .option('--format <format>', '"text", a line for each finding, or "json"', 'text')
    .addHelpText('after', EXIT_CODES)
    .action(async (charm: string, flags: ProofFlags) => {
      if (!['text', 'json'].includes(flags.format)) {
        throw new Error(`cannot print "${flags.format}": give text or json`);
      }
      const outcome = await proof(charm, flags);
      print(outcome, flags.format);
      process.exitCode = outcome.exitCode;
    });
}

const EXIT_CODES = `
Each finding is a line: I is good to know, W is to be mended, E will not work.
The exit code is 200 where there is an E, 100 where there is a W, else 0.`;

interface Outcome {
  readonly findings: readonly Finding[];
  readonly exitCode: number;
  /** A line in place of findings. */
  readonly refusal?: string;
}

async function proof(charm: string, flags: ProofFlags): Promise<Outcome> {
  const { exitCodeOf } = await import('../../proof/finding.ts');
  const refuse = (refusal: string): Outcome => ({ findings: [], exitCode: 200, refusal });
  if (!existsSync(charm)) return refuse(`Unable to read from ${path.resolve(charm)}`);
  const { openCharm } = await import('../charm/open-charm.ts');
  const opened = await openCharm(charm, flags);
  if (opened === undefined) return refuse(NOTHING_TO_PROOF);
  const { assessCharm } = await import('../../proof/assess-charm.ts');
  const isEmpty = opened.files.paths.length === 0;
  const found = isEmpty ? [] : assessCharm(opened).findings;
  const findings = [...opened.findings, ...found];
  return { findings, exitCode: exitCodeOf(findings) };
}

function print({ findings, exitCode, refusal }: Outcome, format: string): void {
  if (format === 'json') {
    const told = refusal === undefined ? findings : [{ level: 'E', check: 'fatal', text: refusal }];
    console.log(JSON.stringify({ exitCode, findings: told }, null, 2));
  } else if (refusal !== undefined) console.log(refusal);
  else for (const { level, text } of findings) console.log(`${level}: ${text}`);
}
