/*
 * Goes into every charm, as the first module to run: stack traces show the lines of the layers' TypeScript.
 *
 * Node's own --enable-source-maps reads the whole map at each start, which costs every hook; here the map is read when
 * a stack trace is first looked at, so that a hook without errors pays nothing.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

const bundle = import.meta.filename;

Error.prepareStackTrace = (error, frames) =>
  [describe(error), ...frames.map((frame) => `    at ${describeFrame(frame)}`)].join('\n');

let map: SourceMap | undefined;

function describeFrame(frame: NodeJS.CallSite): string {
  const text = String(frame);
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  if (frame.getFileName() !== import.meta.url || line === null || column === null) return text;
  try {
    map ??= new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
    const origin = map.findOrigin(line, column);
    if (!('fileName' in origin)) return text;
    const place = `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`;
    return text.replace(`${import.meta.url}:${line}:${column}`, () => place);
  } catch {
    // No map, or not this bundle's: a stack trace as it is beats none.
    return text;
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
