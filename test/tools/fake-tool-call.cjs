'use strict';
// What every fake hook tool needs: Juju's arguments, refusals and answers. A tool is a function that is given the model,
// `parse` for its arguments, `answer` and `write` for what it prints, and `read` for a file, or `-` for standard input.

class Refusal extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/** A call that is malformed (exit code 2), and one that is refused or that fails (exit code 1). */
const malformed = (message) => new Refusal(message, 2);
const failed = (message) => new Refusal(message, 1);

const own = (map, key) => (Object.hasOwn(map, key) ? map[key] : undefined);
const text = (name) => ({ name, type: 'text' });
const flag = (name) => ({ name, type: 'boolean' });
const FORMAT = { '--format': text('format') };
const RELATION = { '-r': text('relation'), '--relation': text('relation') };

/** Options by long name, and what is left; `--` ends the options. */
function parseArguments(rest, known = {}) {
  const options = {};
  const positionals = [];
  for (let index = 0; index < rest.length; index += 1) {
    const argument = rest[index];
    if (argument === '--') return { options, positionals: [...positionals, ...rest.slice(index + 1)] };
    if (!argument.startsWith('-') || argument === '-') {
      positionals.push(argument);
      continue;
    }
    const [, name, glued] = /^(--?[^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const option = known[name];
    if (!option) throw malformed(`option provided but not defined: ${name}`);
    if (option.type === 'boolean') options[option.name] = true;
    else if (glued !== undefined) options[option.name] = glued;
    else {
      index += 1;
      if (index >= rest.length) throw malformed(`option needs an argument: ${name}`);
      options[option.name] = rest[index];
    }
  }
  return { options, positionals };
}

/** Refuses positionals past the first few. */
function atMost(count, positionals) {
  if (positionals.length > count)
    throw malformed(`unrecognized args: ${JSON.stringify(positionals.slice(count))}`);
  return positionals;
}

const ESCAPES = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };

/** A value in JSON as Go writes it. */
function jsonOf(value, format) {
  if (format !== 'json') throw malformed(`this fake answers in json only, not "${format}"`);
  return `${JSON.stringify(value).replace(/[<>&]/g, (character) => ESCAPES[character])}\n`;
}

function pairsOf(positionals) {
  const pairs = Object.create(null);
  for (const argument of positionals) {
    if (argument === '') continue;
    const at = argument.indexOf('=');
    const key = argument.slice(0, at).trim();
    if (at < 0 || key === '') throw malformed(`expected "key=value", got "${argument}"`);
    if (key in pairs) throw malformed(`key "${key}" specified more than once`);
    pairs[key] = argument.slice(at + 1).trim();
  }
  return pairs;
}

/** Juju reads YAML here. What this project sends is JSON, which is YAML too; others test that it is good YAML. */
function parseSettings(text) {
  const settings = JSON.parse(text);
  for (const value of Object.values(settings)) {
    if (typeof value !== 'string')
      throw failed('yaml: unmarshal errors:\n  line 1: cannot unmarshal into string');
  }
  return settings;
}

function relationOf(model, id) {
  if (id === undefined) throw malformed('no relation id specified');
  const number = id.slice(id.lastIndexOf(':') + 1);
  if (!/^\d+$/.test(number)) throw malformed(`invalid value "${id}" for option -r: invalid relation id`);
  const key = Object.keys(model.relations).find((each) => each.endsWith(`:${number}`));
  if (!key) throw malformed(`invalid value "${id}" for option -r: relation not found`);
  return { key, relation: model.relations[key] };
}

/** What is stored, or what this hook makes of it. */
const now = (model, name) => model.pending[name] ?? model.stored[name];

module.exports = {
  FORMAT,
  RELATION,
  Refusal,
  atMost,
  failed,
  flag,
  jsonOf,
  malformed,
  now,
  own,
  pairsOf,
  parseArguments,
  parseSettings,
  relationOf,
  text,
};
