/*
 * Goes into every charm, as the first module to run: stack traces show the lines of the layers' TypeScript.
 *
 * Node's own --enable-source-maps reads the whole map at each start, which costs every hook; here the map is read when
 * a stack trace is first looked at, so that a hook without errors pays nothing.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

const folder = import.meta.dirname;

Error.prepareStackTrace = (error, frames) =>
  [describe(error), ...frames.map((frame) => `    at ${describeFrame(frame)}`)].join('\n');

const maps = new Map<string, SourceMap | undefined>();

function describeFrame(frame: NodeJS.CallSite): string {
  const text = String(frame);
  const [name, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (!name || line === null || column === null) return text;
  const origin = mapOf(name.replace(/^file:\/\//, ''))?.findOrigin(line, column);
  if (!origin || !('fileName' in origin)) return text;
  const place = `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`;
  return text.replace(`${name}:${line}:${column}`, () => place);
}

/** The map of one of the charm's bundles; undefined of any other file. */
function mapOf(file: string): SourceMap | undefined {
  if (!file.startsWith(`${folder}/`)) return undefined;
  if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
  return maps.get(file);
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // No map, or not this bundle's: a stack trace as it is beats none.
    return undefined;
  }
}

/** The first line, which an error's own toString may refuse to give. */
function describe(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}
