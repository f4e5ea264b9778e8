'use strict';
// A hook tool over a model in a JSON file, with Juju's argument rules, texts and exit codes.

const fs = require('node:fs');
const { jsonOf, parseArguments, Refusal } = require('./fake-tool-call.cjs');

const TOOLS = {
  ...require('./fake-relation-tools.cjs'),
  ...require('./fake-unit-tools.cjs'),
  ...require('./fake-action-tools.cjs'),
  ...require('./fake-secret-tools.cjs'),
  ...require('./fake-model-tools.cjs'),
};

/** Runs one call to its end; a call that is refused changes nothing. */
exports.runTool = ({ modelFile, name, parameters, stdinFile }) => {
  const model = JSON.parse(fs.readFileSync(modelFile, 'utf8'));
  let stdout = '';
  const write = (text) => {
    stdout += text;
  };
  try {
    TOOLS[name]({
      model,
      write,
      parse: (known) => parseArguments(parameters, known),
      answer: (value, format) => write(jsonOf(value, format)),
      read: (file) => fs.readFileSync(file === '-' ? stdinFile : file, 'utf8'),
    });
    fs.writeFileSync(modelFile, JSON.stringify(model));
    return { stdout, stderr: '', code: 0 };
  } catch (error) {
    if (!(error instanceof Refusal)) return { stdout: '', stderr: `${error?.stack ?? error}\n`, code: 70 };
    return { stdout: '', stderr: `ERROR ${error.message}\n`, code: error.code };
  }
};
