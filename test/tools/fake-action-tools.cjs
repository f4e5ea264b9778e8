'use strict';
// The fake hook tools of actions. A model without an action runs a hook.

const { FORMAT, atMost, failed, malformed } = require('./fake-tool-call.cjs');

const PART = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const RESERVED = ['stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'];

function runningAction(model) {
  if (!model.action) throw failed('not running an action');
  return model.action;
}

function splitResult(argument) {
  const at = argument.indexOf('=');
  if (at < 0) throw malformed(`argument "${argument}" must be of the form key...=value`);
  const parts = argument.slice(0, at).split('.');
  for (const part of parts) {
    if (!PART.test(part)) throw malformed(`key "${part}" must start and end with lowercase alphanumeric, …`);
    if (RESERVED.includes(part)) throw malformed(`cannot set reserved action key "${part}"`);
  }
  return { parts, value: argument.slice(at + 1) };
}

module.exports = {
  'action-get': ({ model, parse, answer }) => {
    const { options, positionals } = parse(FORMAT);
    if (positionals.length > 0) throw malformed('this fake gives all parameters or none');
    answer(runningAction(model).parameters, options.format);
  },
  'action-set': ({ model, parse }) => {
    for (const { parts, value } of parse().positionals.map(splitResult)) {
      let map = runningAction(model).results;
      for (const part of parts.slice(0, -1)) {
        if (typeof map[part] !== 'object') map[part] = {};
        map = map[part];
      }
      map[parts.at(-1)] = value;
    }
  },
  'action-fail': ({ model, parse }) => {
    const [message = 'action failed without reason given, check action for errors'] = atMost(
      1,
      parse().positionals,
    );
    runningAction(model).failure = message;
  },
  'action-log': ({ model, parse }) => {
    const { positionals } = parse();
    if (positionals.length === 0) throw malformed('no message specified');
    runningAction(model).log.push(positionals.join(' '));
  },
};
