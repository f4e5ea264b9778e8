import { describe, expect, it } from 'vitest';
import { reportRelations } from '../../../src/simulator/report/relation-matrix.ts';
import { selectShown } from '../../../src/simulator/report/status-filter.ts';
import { richModel } from './rich-model.ts';

const state = richModel();

function shown(...patterns: string[]): string[] {
  const { applications, units, machines } = selectShown(state, patterns);
  return [...applications, ...units, ...machines].sort();
}

describe('selectShown', () => {
  it('shows an application with its units, their subordinates and their machines', () => {
    expect(shown('web')).toEqual(['12', '13', 'logger', 'logger/0', 'web', 'web/0', 'web/1']);
  });

  it('shows one unit, or those that a pattern fits', () => {
    expect(shown('web/1')).toEqual(['13', 'web', 'web/1']);
    expect(shown('redis/1*')).toEqual(['1', '10', '11', 'redis', 'redis/1', 'redis/10', 'redis/11']);
    expect(shown('we*/1')).toEqual(['13', 'web', 'web/1']);
  });

  it('shows the principal of a subordinate', () => {
    expect(shown('logger')).toEqual(['12', 'logger', 'logger/0', 'web', 'web/0']);
  });

  it('shows what is on a machine, in a status, exposed, or has a port open', () => {
    expect(shown('13')).toEqual(['13', 'web', 'web/1']);
    expect(shown('error')).toEqual(['12', 'logger', 'logger/0', 'web', 'web/0']);
    expect(shown('executing')).toEqual(['10', 'redis', 'redis/10']);
    expect(shown('exposed')).toContain('redis/11');
    expect(shown('exposed')).not.toContain('web');
    expect(shown('6300-6400/tcp')).toContain('redis/0');
    expect(shown('6300-6400/udp')).toEqual([]);
  });

  it('shows relations only where both ends match', () => {
    expect(reportRelations(state, ['redis']).map(({ provider }) => provider)).toEqual(['redis:cluster']);
    expect(reportRelations(state, ['redis', 'web'])).toHaveLength(3);
  });
});

describe('reportRelations', () => {
  it('tells the ends, the interface and the type of each, by provider', () => {
    expect(reportRelations(state)).toEqual([
      {
        provider: 'redis:cluster',
        requirer: 'redis:cluster',
        interface: 'redis-cluster',
        type: 'peer',
        message: '',
      },
      { provider: 'redis:db', requirer: 'web:redis', interface: 'redis', type: 'regular', message: '' },
      {
        provider: 'web:juju-info',
        requirer: 'logger:host',
        interface: 'juju-info',
        type: 'subordinate',
        message: '',
      },
    ]);
  });

  it('says of one that nobody is in yet that it is joining', () => {
    const early = richModel();
    for (const relation of Object.values(early.relations)) {
      for (const name of Object.keys(relation.units)) delete relation.units[name];
    }
    expect(reportRelations(early).map(({ message }) => message)).toEqual(['joining', 'joining', 'joining']);
  });
});
