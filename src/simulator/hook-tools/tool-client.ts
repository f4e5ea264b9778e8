/**
 * The program behind every hook tool: it sends its name and arguments to the agent's socket, with its standard input if
 * the answer asks for that, and then prints and exits as it is told.
 *
 * It is a text of plain CommonJS with two small built-in modules, and not a module of this project, since it runs from the
 * tools directory under any node, and since what it loads is waited for at each tool call.
 */
export const TOOL_CLIENT = String.raw`'use strict';
const fs = require('node:fs');
const net = require('node:net');

// Called through a link it knows its tool by the link's name, and else by its first argument.
const args = process.argv.slice(1);
const self = args.shift();
const name = self.slice(self.lastIndexOf('/') + 1);
const tool = name === '.tool-client.cjs' ? args.shift() : name;
const contextId = process.env.JUJU_CONTEXT_ID;
const address = process.env.JUJU_AGENT_SOCKET_ADDRESS;
if (!contextId) fail('JUJU_CONTEXT_ID not set');
else if (!address) fail('JUJU_AGENT_SOCKET_ADDRESS not set');
else call(undefined);

function call(stdin) {
  const chunks = [];
  const socket = net.createConnection(address);
  socket.on('error', (error) => fail('cannot connect to the agent: ' + error.message));
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('end', () => {
    if (chunks.length === 0) return fail('the agent closed the connection');
    const answer = JSON.parse(Buffer.concat(chunks).toString());
    if (answer.needsStdin) return call(fs.readFileSync(0).toString('base64'));
    write(1, answer.stdout);
    write(2, answer.stderr);
    process.exitCode = answer.exitCode;
  });
  const request = { contextId, tool, args, cwd: process.cwd(), stdin };
  socket.write(JSON.stringify(request) + '\n');
}

function write(descriptor, text) {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(descriptor, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
    }
  }
}

function fail(message) {
  write(2, 'ERROR ' + message + '\n');
  process.exitCode = 1;
}
`;
