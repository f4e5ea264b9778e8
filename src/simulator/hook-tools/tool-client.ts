/**
 * The program behind every hook tool where there is no perl: it sends its name and arguments to the agent's socket, with its
 * standard input if the answer asks for that, and then prints and exits as it is told. It says what tool-wire.ts describes;
 * its twin is in perl-tool-client.ts.
 *
 * It is a text of plain CommonJS with two small built-in modules, and not a module of this project, since it runs from the
 * tools directory under any node, and since what it loads is waited for at each tool call. `mark` is put before the name of
 * its tool.
 */
export function nodeToolClient(mark: string): string {
  return `#!${process.execPath}\n'use strict';\nconst mark = '${mark}';\n${PROGRAM}`;
}

/** What the node client is called in its folder; called by this name it takes its tool's name from its first argument. */
export const NODE_CLIENT_FILE = '.tool-client.cjs';

const PROGRAM = String.raw`
const fs = require('node:fs');
const net = require('node:net');

const args = process.argv.slice(1);
let self = args.shift();
if (self.endsWith('/${NODE_CLIENT_FILE}')) self = self.slice(0, self.lastIndexOf('/') + 1) + args.shift();
const name = self.slice(self.lastIndexOf('/') + 1);
const contextId = process.env.JUJU_CONTEXT_ID;
const address = process.env.JUJU_AGENT_SOCKET_ADDRESS;
if (!contextId && mark)
  fail('cannot run ' + name + ': it is recorded in hooks only, and this is no hook of the model');
else if (!contextId) fail('JUJU_CONTEXT_ID not set');
else if (!address) fail('JUJU_AGENT_SOCKET_ADDRESS not set');
else connect();

function connect() {
  const socket = net.createConnection(address);
  let trouble = 'cannot connect to the agent: ';
  let received = Buffer.alloc(0);
  socket.on('connect', () => { trouble = 'the agent closed the connection: '; });
  socket.on('error', (error) => fail(trouble + error.message));
  socket.on('end', () => fail('the agent closed the connection'));
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < 4 || received.length < 4 + received.readUInt32BE(0)) return;
    const [word, stdout, stderr] = fieldsOf(received.subarray(4));
    received = Buffer.alloc(0);
    if (word.toString() === 'stdin') return call(socket, '1', readStdin());
    socket.removeAllListeners('end').destroy();
    if (word.toString() === 'exec') return runHost();
    write(1, stdout);
    write(2, stderr);
    process.exitCode = Number(word);
  });
  call(socket, '', '');
}

function call(socket, hasStdin, stdin) {
  const fields = [contextId, mark + name, whereabouts(), hasStdin, stdin, ...args];
  socket.write(Buffer.concat([Buffer.from('TOOL'), withLength(Buffer.concat(fields.map(withLength)))]));
}

function whereabouts() {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

function withLength(field) {
  const bytes = Buffer.from(field);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function fieldsOf(bytes) {
  const fields = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at))
    fields.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at)));
  return fields;
}

function readStdin() {
  const chunks = [];
  for (;;) {
    const chunk = Buffer.alloc(65536);
    try {
      const count = fs.readSync(0, chunk);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
    } catch (error) {
      if (error.code !== 'EAGAIN') return Buffer.concat(chunks);
      pause();
    }
  }
}

function write(descriptor, bytes) {
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(descriptor, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
      pause();
    }
  }
}

function pause() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

// Those before this very program on PATH, and other names of it, would come here again.
function runHost() {
  const folders = (process.env.PATH || '').split(':').filter(Boolean);
  const own = folders.findLastIndex((folder) => isSame(folder + '/' + name, self));
  for (const folder of folders.slice(own + 1)) {
    const file = folder + '/' + name;
    if (!isExecutable(file)) continue;
    const { spawnSync } = require('node:child_process');
    const { status, signal } = spawnSync(file, args, { stdio: 'inherit', argv0: name });
    // As a shell would say it: this process cannot die of every signal.
    process.exitCode = signal ? 128 + require('node:os').constants.signals[signal] : (status ?? 126);
    return;
  }
  write(2, Buffer.from(name + ': command not found\n'));
  process.exitCode = 127;
}

function isSame(file, other) {
  try {
    const [one, two] = [fs.statSync(file), fs.statSync(other)];
    return one.dev === two.dev && one.ino === two.ino;
  } catch {
    return false;
  }
}

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function fail(message) {
  write(2, Buffer.from('ERROR ' + message + '\n'));
  process.exit(1);
}
`;
