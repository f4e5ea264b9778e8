import { expect, it } from 'vitest';
import { addRelation } from '../../../src/simulator/operator/integration.ts';
import { DryModel } from '../dry-model.ts';
import { answer, refusal } from '../tool-caller.ts';

/** wp (two units) requires db of mysql and has peers. Relation 0 is the peers', 1 is wp and mysql. */
function settledModel(rules: { readonly strictReads: boolean }): DryModel {
  const model = new DryModel();
  Object.assign(model.state.rules, rules);
  model.deploy('mysql', { metadata: 'provides:\n  server: mysql\n' });
  model.deploy('wp', { metadata: 'requires:\n  db: mysql\npeers:\n  cluster: wp\n', units: 2 });
  addRelation(model.state, 'wp', 'mysql');
  model.settle();
  return model;
}

const READ = ['relation-get', '-r'] as const;

it('lets a unit read what a sibling wrote to an ordinary relation, as Juju does', () => {
  const context = settledModel({ strictReads: false }).context('wp/0', {
    ...{ kind: 'update-status', name: 'update-status' },
  });
  expect(answer(context, ...READ, 'db:1', 'private-address', 'wp/1')).toBe('127.0.0.1\n');
});

it('denies it where reads are strict, and nothing else', () => {
  const model = settledModel({ strictReads: true });
  const context = model.context('wp/0', { kind: 'update-status', name: 'update-status' });
  expect(refusal(context, ...READ, 'db:1', '-', 'wp/1')).toBe('1 ERROR permission denied');
  for (const [relation, unit] of [
    ['db:1', 'wp/0'],
    ['db:1', 'mysql/0'],
    ['cluster:0', 'wp/1'],
  ] as const) {
    expect(answer(context, ...READ, relation, 'private-address', unit)).toBe('127.0.0.1\n');
  }
});
