import { describe, expect, it } from 'vitest';
import { addRelation, relationBetween } from '../../../src/simulator/operator/integration.ts';
import { removeRelation } from '../../../src/simulator/operator/lifecycle.ts';
import { relationKey } from '../../../src/simulator/state/relation-scope.ts';
import { DryModel } from '../dry-model.ts';

function twoApplications(web: string, redis: string): DryModel {
  const model = new DryModel();
  model.deploy('web', { metadata: web });
  model.deploy('redis', { metadata: redis });
  return model;
}

describe('addRelation', () => {
  it('finds the one pair that fits, whichever application comes first', () => {
    for (const pair of [
      ['web', 'redis'],
      ['redis', 'web'],
      ['web:db', 'redis'],
      ['redis:server', 'web:db'],
    ] as const) {
      const model = twoApplications(
        'requires:\n  db: redis\n  cache: memcache\n',
        'provides:\n  server: redis\n',
      );
      expect(relationKey(addRelation(model.state, pair[0], pair[1]))).toBe('web:db redis:server');
    }
  });

  it('prefers what charms declare to the juju-info that every charm has', () => {
    const model = twoApplications(
      'requires:\n  db: redis\n  host: juju-info\n',
      'provides:\n  server: redis\n',
    );
    expect(relationKey(addRelation(model.state, 'web', 'redis'))).toBe('web:db redis:server');
    expect(relationKey(addRelation(model.state, 'web:host', 'redis'))).toBe('web:host redis:juju-info');
  });

  it('refuses what fits nothing, or more than one pair', () => {
    const model = twoApplications(
      'requires:\n  a: redis\n  b: redis\n  c: other\n',
      'provides:\n  server: redis\n',
    );
    const relate = (first: string, second: string) => () => addRelation(model.state, first, second);
    expect(relate('web', 'redis')).toThrow(
      'ambiguous relation: "web redis" could refer to "web:a redis:server"; "web:b redis:server"',
    );
    expect(relate('web:c', 'redis:server')).toThrow(
      'cannot add relation "web:c redis:server": no relations found: "web:c" requires interface "other", "redis:server" provides interface "redis"',
    );
    expect(relate('web:nope', 'redis')).toThrow('application "web" has no "nope" relation');
    expect(relate('nope', 'redis')).toThrow('application "nope" not found');
    expect(relate('constructor', 'redis')).toThrow('application "constructor" not found');
    expect(relate('web', 'web')).toThrow('no relations found');
  });

  it('refuses the same pair twice, and another relation over the limit of an endpoint', () => {
    const model = twoApplications(
      'requires:\n  db: {interface: redis, limit: 1}\n',
      'provides:\n  server: redis\n  second: redis\n',
    );
    addRelation(model.state, 'web', 'redis:server');
    expect(() => addRelation(model.state, 'web', 'redis:server')).toThrow(
      'cannot add relation "web redis:server": relation web:db redis:server already exists',
    );
    expect(() => addRelation(model.state, 'web', 'redis:second')).toThrow(
      'establishing a new relation for web:db would exceed its maximum relation limit of 1',
    );
  });

  it('refuses a container scope without a subordinate at either end', () => {
    const model = twoApplications(
      'requires:\n  db: {interface: redis, scope: container}\n',
      'provides:\n  server: redis\n',
    );
    expect(() => addRelation(model.state, 'web', 'redis')).toThrow(
      'has scope container, which needs a subordinate application at one end',
    );
  });
});

describe('removing a relation', () => {
  it('is refused for peers', () => {
    const model = new DryModel();
    model.deploy('redis', { metadata: 'peers:\n  cluster: redis\n' });
    const relation = relationBetween(model.state, 'redis:cluster', 'redis:cluster');
    expect(() => removeRelation(model.state, relation)).toThrow(
      'cannot remove relation "redis:cluster": is a peer relation',
    );
  });

  it('needs endpoints where there are two', () => {
    const model = twoApplications('requires:\n  a: redis\n  b: redis\n', 'provides:\n  server: redis\n');
    addRelation(model.state, 'web:a', 'redis');
    addRelation(model.state, 'web:b', 'redis');
    expect(() => relationBetween(model.state, 'web', 'redis')).toThrow(
      'it could refer to "web:a redis:server"; "web:b redis:server"',
    );
    expect(relationKey(relationBetween(model.state, 'redis:server', 'web:b'))).toBe('web:b redis:server');
    expect(() => relationBetween(model.state, 'web:c', 'redis')).toThrow('relation "web:c redis" not found');
  });
});
