import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { addSearchOptions } from '../charm/build-options.ts';
import type { FlagGraph } from '../graph/flag-graph.ts';

interface GraphFlags {
  readonly layers: readonly string[];
  readonly interfaces: readonly string[];
  readonly format?: string;
  readonly output?: string;
  readonly flag?: string;
  readonly handler?: string;
}

const FORMATS = ['mermaid', 'dot', 'svg'];

/** Adds `reactive graph`: draws which handlers wait for which flags, and who sets and clears them. */
export function addGraphCommand(program: Command): void {
  const command = program
    .command('graph')
    .description('draw which handlers wait for which flags, and who sets and clears them')
    .argument('[charm]', 'the folder of a charm, or of a layer, which is put together in memory', '.')
    .option('--format <format>', '"mermaid", "dot" or "svg" (default: as the file is called, else mermaid)')
    .option('-o, --output <file>', 'write to a file')
    .option('--flag <name>', 'show only what has to do with this flag')
    .option('--handler <name>', 'show only what has to do with this handler');
  addSearchOptions(command).action(async (charm: string, flags: GraphFlags) => {
    const format = chooseFormat(flags);
    const text = await write(await drawCharm(charm, flags), format);
    if (flags.output === undefined) process.stdout.write(text);
    else writeFileSync(flags.output, text);
  });
}

function chooseFormat({ format, output = '' }: GraphFlags): string {
  if (format !== undefined) {
    if (FORMATS.includes(format)) return format;
    throw new Error(`cannot draw as "${format}": give mermaid, dot or svg`);
  }
  if (/\.(dot|gv)$/.test(output)) return 'dot';
  return output.endsWith('.svg') ? 'svg' : 'mermaid';
}

async function drawCharm(charm: string, flags: GraphFlags): Promise<FlagGraph> {
  const { openCharm } = await import('../charm/open-charm.ts');
  const opened = existsSync(charm) ? await openCharm(charm, flags) : undefined;
  if (opened === undefined) throw new Error(`cannot draw "${charm}": there is neither a charm nor a layer`);
  const { assessCharm } = await import('../../proof/assess-charm.ts');
  const { code } = assessCharm(opened);
  const [fault] = opened.findings.filter(({ level }) => level === 'E');
  if (fault !== undefined || code === undefined) {
    throw new Error(`cannot draw "${charm}": ${fault?.text ?? 'its metadata.yaml cannot be read'}`);
  }
  const { makeGraph } = await import('../graph/flag-graph.ts');
  const { findNeighbourhood } = await import('../graph/neighbourhood.ts');
  const graph = makeGraph(code);
  if (flags.flag === undefined && flags.handler === undefined) return graph;
  return findNeighbourhood(graph, flags);
}

async function write(graph: FlagGraph, format: string): Promise<string> {
  if (format === 'mermaid') return (await import('../graph/mermaid.ts')).writeMermaid(graph);
  const dot = (await import('../graph/dot.ts')).writeDot(graph);
  if (format === 'dot') return dot;
  // Large, and of use here alone.
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  return (await Graphviz.load()).dot(dot, 'svg');
}
