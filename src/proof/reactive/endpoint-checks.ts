import { plainText, writeText } from '../../analysis/flag-text.ts';
import { warning } from '../finding.ts';
import type { ModelCheck } from './charm-model.ts';
import { readPattern } from './hook-names.ts';
import { findNearest, placeAt, writePlace } from './wording.ts';

/** Endpoints that no interface implements and no code is about: relations there come to nothing. */
export const checkEndpoints: ModelCheck = (charm) => {
  const { model, flags, endpoints, implemented, isCharm } = charm;
  if (!isCharm || model.handlers.length === 0 || !flags.isKnown.set) return [];
  const patterns = model.handlers.flatMap((handler) =>
    handler.conditions.flatMap((one) => (one.kind === 'hook' ? one.patterns : [])),
  );
  const hooks = patterns.flatMap((pattern) => {
    const reading = readPattern(pattern, charm);
    return reading && 'hooks' in reading ? reading.hooks : [writeText(pattern)];
  });
  const names = [
    ...hooks,
    ...flags.waiters.map(({ flag }) => writeText(flag)),
    ...model.endpointCalls.map(({ name }) => `endpoint.${writeText(name)}.`),
  ];
  return endpoints
    .filter((one) => one.interface !== 'juju-info' && !implemented.has(`${one.interface}/${one.role}`))
    .filter(({ name }) => !names.some((one) => isAbout(one, name)))
    .map((endpoint) => {
      const { name, role } = endpoint;
      const what = `endpoint "${name}" (${role} ${endpoint.interface}) has no implementation, and no handler is about it`;
      const text = `${what}; include interface:${endpoint.interface} in layer.yaml`;
      return warning('endpoint-without-implementation', text, {
        file: 'metadata.yaml',
        key: `${role}.${name}`,
      });
    });
};

/** Endpoints that the charm's own code asks for, and that metadata.yaml does not have. */
export const checkEndpointCalls: ModelCheck = ({ model, endpoints, isCharm }) =>
  model.endpointCalls.flatMap(({ name: text, group, place }) => {
    const name = plainText(text);
    if (name === undefined || !isCharm || group !== model.ownGroup) return [];
    if (endpoints.some((endpoint) => endpoint.name === name)) return [];
    const nearest = findNearest(
      name,
      endpoints.map((endpoint) => endpoint.name),
    );
    const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
    const said = `endpoint "${name}" is asked for, and metadata.yaml has none of that name${hint} ${writePlace(place)}`;
    return [warning('endpoint-unknown', said, placeAt(place, name))];
  });

function isAbout(text: string, endpoint: string): boolean {
  return (
    text.startsWith(`endpoint.${endpoint}.`) ||
    text.startsWith(`${endpoint}.`) ||
    text.startsWith(`${endpoint}-relation-`) ||
    // What is not wholly known may be about any.
    /^(endpoint\.)?…/.test(text)
  );
}
