import { ToolUsageError } from './tool-errors.ts';

const POOL = /^[a-zA-Z]+[-?a-zA-Z0-9]*$/;
const SIZE = /^-?\d+(?:\.\d+)?[MGTPEZY](?:i?B)?$/;

/**
 * Reads what storage-add takes: `data`, which is one, or `data=2`. Throws `ToolUsageError` in Juju's words, for a pool or a
 * size too: those are for the operator to choose.
 */
export function parseStorageCount(directive: string): { readonly name: string; readonly count: number } {
  const [name = '', fields, ...surplus] = directive.split('=');
  if (name === '' || surplus.length > 0) {
    throw new ToolUsageError(`expected "name=directive" or "name", got ${JSON.stringify(directive)}`);
  }
  if (fields === undefined) return { name, count: 1 };
  if (fields === '') throw cannotParse(name, 'storage directives require at least one field to be specified');
  let count = 0;
  let hasMore = false;
  for (const field of fields.split(',').filter((text) => text !== '')) {
    if (/^-?\d+$/.test(field)) {
      count = Number(field);
      if (count > 0) continue;
      throw cannotParse(
        name,
        `cannot parse count: count must be greater than zero, got ${JSON.stringify(field)}`,
      );
    }
    if (!POOL.test(field) && !SIZE.test(field)) {
      throw cannotParse(name, `unrecognized storage directive ${JSON.stringify(field)}`);
    }
    hasMore = true;
  }
  if (hasMore) throw new ToolUsageError(`only count can be specified for ${JSON.stringify(name)}`);
  return { name, count };
}

function cannotParse(name: string, reason: string): ToolUsageError {
  return new ToolUsageError(`cannot parse directive for storage ${JSON.stringify(name)}: ${reason}`);
}
