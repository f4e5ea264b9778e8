import { RelationBase } from '../../conversations/relation-base.ts';
import type { Endpoint } from '../../endpoints/endpoint.ts';
import { publish } from '../../publish/publisher.ts';
import { dumpPythonJson, type JsonValue, parsePythonJson } from '../../store/python-json.ts';
import { liveRelations } from '../run-hook.ts';
import type { CommandUnit } from './command-unit.ts';
import type { Given, Outcome, SubCommand } from './sub-commands.ts';

/** What bash does with relations through the classes of their interfaces. */
export const relationCommands: Readonly<Record<string, SubCommand>> = {
  relation_call: {
    summary: 'calls a method of an endpoint, given by --flag or --relation_name, and prints what it answers',
    arguments: ['method', 'arguments…'],
    options: ['flag', 'state', 'relation_name'],
    run: callMethod,
  },
  relation_id: {
    summary: 'prints the id of the relation of an endpoint with an application, or with one of its units',
    arguments: ['endpoint', 'application'],
    run: findRelation,
  },
};

async function callMethod(
  unit: CommandUnit,
  { words: [method = '', ...words], options }: Given,
): Promise<Outcome> {
  const endpoint = findEndpoint(unit, options);
  const answer: unknown = await callByName(endpoint, method, words);
  const { parts } = unit;
  parts.flags.share();
  publish({ relations: liveRelations(parts), tools: parts.tools, store: parts.store });
  parts.log.flush();
  if (endpoint instanceof RelationBase && method === 'conversations') {
    return { value: endpoint.conversations().map(({ scope }) => scope) };
  }
  return { value: toJson(answer) };
}

function findEndpoint({ parts: { unit } }: CommandUnit, options: Given['options']): Endpoint | RelationBase {
  const { relation_name: name, flag = options.state } = options;
  if (!name && !flag) {
    throw new TypeError(
      'cannot call a method of an endpoint: give it by --flag FLAG or --relation_name NAME',
    );
  }
  const endpoint = name ? unit.findEndpoint(name) : unit.endpointFromFlag(flag ?? '');
  if (endpoint) return endpoint;
  throw new Error(
    name
      ? `cannot find the endpoint "${name}": metadata.yaml has none of that name`
      : `cannot find the endpoint of the flag "${flag}": it is not set, or belongs to none`,
  );
}

/** Bash handlers written for Python say `connection_string` where the method is `connectionString` now. */
function callByName(endpoint: Endpoint | RelationBase, name: string, words: readonly string[]): unknown {
  const camelCase = name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const found = [name, camelCase].find((known) => known in endpoint && !(known in Object.prototype));
  const member: unknown = found === undefined ? undefined : Reflect.get(endpoint, found);
  if (typeof member === 'function') return member.apply(endpoint, words);
  if (found !== undefined && words.length === 0) return member;
  throw new TypeError(
    `cannot call "${name}" of the endpoint "${endpoint.endpointName}": ${endpoint.constructor.name} has no such method`,
  );
}

function toJson(answer: unknown): JsonValue {
  return answer === undefined ? null : parsePythonJson(dumpPythonJson(answer));
}

function findRelation({ tools }: CommandUnit, { words: [endpoint = '', member = ''] }: Given): Outcome {
  const application = member.split('/')[0];
  const id = tools
    .relationIds(endpoint)
    .find((candidate) => tools.relationApplication(candidate) === application);
  if (id !== undefined) return { value: id };
  throw new Error(`cannot find a relation of "${endpoint}" with "${member}": there is none`);
}
