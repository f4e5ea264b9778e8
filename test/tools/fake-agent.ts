/*
 * Answers the hook tools of tests, as Juju's agent does: a tool that starts another Node would take many times as long. The
 * tools are those of the local Juju; what they call is a fake, whose model is the file that the tools take for their context.
 * Called as: node fake-agent.ts SOCKET, and runs until its standard input closes.
 */
import { createRequire } from 'node:module';
import { createServer, type Socket } from 'node:net';
import {
  formatAnswer,
  RequestReader,
  type WireAnswer,
  type WireRequest,
} from '../../src/simulator/hook-tools/tool-wire.ts';

const { runTool } = createRequire(import.meta.url)('./fake-hook-tool.cjs') as {
  runTool(call: {
    readonly modelFile: string;
    readonly name: string;
    readonly parameters: readonly string[];
    readonly stdin: string | undefined;
  }): WireAnswer;
};

const [socketFile] = process.argv.slice(2);

function serve(connection: Socket): void {
  const reader = new RequestReader();
  connection.on('data', (chunk) => {
    const request = reader.read(chunk);
    if (request !== undefined) connection.write(formatAnswer(answer(request)));
  });
  connection.on('error', () => connection.destroy());
}

function answer({ contextId, tool, args, stdin }: WireRequest): WireAnswer {
  return runTool({ modelFile: contextId, name: tool, parameters: args, stdin });
}

const server = createServer(serve).listen(socketFile);
process.stdin.resume().on('close', () => {
  // It takes its socket away.
  server.close();
  process.exit();
});
