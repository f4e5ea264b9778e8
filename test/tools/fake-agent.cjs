'use strict';
// Runs fake hook tools for the scripts that stand for them on PATH, as Juju's agent does: a script that starts another
// Node would take several times as long. Called as: node fake-agent.cjs FOLDER, and runs until its standard input closes.
//
// A script leaves its call in the folder, as ID.call with what it has on standard input in ID.stdin, and waits for the
// exit code in the pipe ID.code; what it is to print is then in ID.stdout and ID.stderr.

const fs = require('node:fs');
const path = require('node:path');
const { runTool } = require('./fake-hook-tool.cjs');

const [folder] = process.argv.slice(2);

function answerCalls() {
  for (const file of fs.readdirSync(folder)) if (file.endsWith('.call')) answerCall(path.join(folder, file));
}

function answerCall(file) {
  const [modelFile, name, ...parameters] = fs.readFileSync(file, 'utf8').split('\0').slice(0, -1);
  fs.rmSync(file);
  const base = file.replace(/\.call$/, '');
  const { stdout, stderr, code } = runTool({ modelFile, name, parameters, stdinFile: `${base}.stdin` });
  fs.writeFileSync(`${base}.stdout`, stdout);
  fs.writeFileSync(`${base}.stderr`, stderr);
  fs.writeFileSync(`${base}.code`, `${code}\n`);
}

fs.watch(folder, answerCalls);
answerCalls();
process.stdin.resume().on('close', () => {
  fs.rmSync(folder, { recursive: true, force: true });
  process.exit();
});
