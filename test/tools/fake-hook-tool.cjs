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

class NeedsStdin extends Error {}

/**
 * Runs one call to its end; a call that is refused changes nothing. Answers `stdin` for one that needs what is on its
 * standard input, where that is not given: it is to be called again.
 */
exports.runTool = ({ modelFile, name, parameters, stdin }) => {
  const model = JSON.parse(fs.readFileSync(modelFile, 'utf8'));
  let stdout = '';
  const write = (text) => {
    stdout += text;
  };
  const readStdin = () => {
    if (stdin === undefined) throw new NeedsStdin();
    return stdin;
  };
  try {
    TOOLS[name]({
      model,
      write,
      parse: (known) => parseArguments(parameters, known),
      answer: (value, format) => write(jsonOf(value, format)),
      read: (file) => (file === '-' ? readStdin() : fs.readFileSync(file, 'utf8')),
    });
    fs.writeFileSync(modelFile, JSON.stringify(model));
    return { stdout, stderr: '', exitCode: 0 };
  } catch (error) {
    if (error instanceof NeedsStdin) return 'stdin';
    if (!(error instanceof Refusal))
      return { stdout: '', stderr: `${error?.stack ?? error}\n`, exitCode: 70 };
    return { stdout: '', stderr: `ERROR ${error.message}\n`, exitCode: error.code };
  }
};
