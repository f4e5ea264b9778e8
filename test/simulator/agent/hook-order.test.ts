import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restartAgent } from '../../../src/simulator/agent/agent-restart.ts';
import { addRelation, relationBetween } from '../../../src/simulator/operator/integration.ts';
import {
  addUnit,
  passLeadership,
  removeApplication,
  removeRelation,
  unitsOf,
} from '../../../src/simulator/operator/lifecycle.ts';
import { addStorage, detachStorage } from '../../../src/simulator/operator/storage.ts';
import { ownEndpoint, visibleMembers } from '../../../src/simulator/state/relation-scope.ts';
import { DryModel, type LoggedHook } from '../dry-model.ts';

const ENDPOINTS = 'provides:\n  db: redis\n  more: redis\npeers:\n  cluster: cluster\n';
const WEB =
  'requires:\n  redis: redis\npeers:\n  ring: ring\nstorage:\n  data: {type: filesystem, multiple: {range: 1+}}\n';
const LOGS =
  'subordinate: true\nrequires:\n  host: {interface: juju-info, scope: container}\npeers:\n  mesh: mesh\n';

/** What may happen to a model: units come and go, relations too, bags are written, and hooks run here and there. */
type Happening = readonly [name: string, pick: number];

const happenings = fc.array(
  fc.tuple(
    fc.constantFrom(
      ...['add redis', 'add web', 'remove unit', 'relate', 'part', 'write', 'write app'],
      // Hooks run more often than anything else happens.
      ...['step', 'step', 'step', 'step', 'step', 'step', 'step', 'settle one', 'config', 'leader-set'],
      ...['tie', 'untie', 'refresh', 'elect', 'restart agent', 'add storage', 'detach storage'],
    ),
    fc.nat(1000),
  ),
  { maxLength: 60 },
);

function happen(model: DryModel, [name, pick]: Happening): void {
  const { state } = model;
  const units = Object.keys(state.units);
  const unit = units[pick % Math.max(units.length, 1)];
  const add = (application: string) => {
    const target = state.applications[application];
    if (target !== undefined) addUnit(state, target, { folder: '/nowhere/agents' });
  };
  if (name === 'add redis' || name === 'add web') add(name.slice(4));
  else if (name === 'relate' || name === 'part') relateOrPart(model, name, pick);
  else if (name === 'config' && state.applications.web !== undefined)
    state.applications.web.config = { n: pick };
  else if (name === 'tie' || name === 'untie') relateOrPart(model, name, pick);
  else if (unit === undefined) return;
  else if (name === 'remove unit') removeUnit(model, unit);
  else if (name === 'restart agent') restartAgent(model.unit(unit));
  else if (name === 'refresh' || name === 'elect') changeApplication(model, unit, name);
  else if (name === 'add storage' || name === 'detach storage') changeStorage(model, unit, name);
  else if (name === 'step') model.step(unit);
  else if (name === 'settle one') model.settleUnit(unit);
  else writeSomething(model, unit, name, pick);
}

/** Subordinates go with their principals alone. */
function removeUnit(model: DryModel, unit: string): void {
  if (model.unit(unit).principal === null) model.unit(unit).life = 'dying';
}

function changeApplication(model: DryModel, unit: string, name: string): void {
  const application = model.state.applications[model.unit(unit).application];
  if (application === undefined) return;
  if (name === 'refresh') application.charmModified += 1;
  else passLeadership(model.state, application);
}

function changeStorage(model: DryModel, name: string, what: string): void {
  const { state } = model;
  const unit = model.unit(name);
  const application = state.applications[unit.application];
  const held = Object.values(state.storage).find((storage) => storage.unit === name);
  if (what === 'detach storage' && held !== undefined) detachStorage(state, held.id);
  if (what === 'add storage' && unit.application === 'web' && application !== undefined) {
    addStorage(state, { unit, application, name: 'data', count: 1 });
  }
}

function relateOrPart(model: DryModel, name: string, pick: number): void {
  const isTie = name === 'tie' || name === 'untie';
  const endpoint = isTie ? 'logs' : `redis:${pick % 2 === 0 ? 'db' : 'more'}`;
  try {
    if (name === 'relate' || name === 'tie') addRelation(model.state, 'web', endpoint);
    else removeRelation(model.state, relationBetween(model.state, 'web', endpoint));
  } catch {
    // It is there already, or it is not.
  }
}

function writeSomething(model: DryModel, unit: string, name: string, pick: number): void {
  const context = model.context(unit, { kind: 'update-status', name: 'update-status' });
  if (name === 'leader-set') {
    if (context.isLeader) context.setLeaderSettings({ n: String(pick % 3) });
    return;
  }
  const isApplication = name === 'write app';
  if (isApplication && !context.isLeader) return;
  for (const id of Object.keys(model.unit(unit).agent.relations)) {
    context.changes.write({ relationId: Number(id), isApplication }, { n: String(pick % 3) });
  }
  context.changes.commit();
}

function newModel(seed: number): DryModel {
  const model = new DryModel({ seed });
  model.deploy('redis', { metadata: ENDPOINTS });
  model.deploy('web', { metadata: WEB });
  model.deploy('logs', { metadata: LOGS, units: 0 });
  return model;
}

/** The hooks of each unit, without relation numbers, hold to what Juju guarantees. Answers the first breach. */
function findBreach(unit: string, log: readonly LoggedHook[]): string | undefined {
  const names = log.map((hook) => hook.name);
  const order = ['install', 'config-changed', 'start', 'stop', 'remove'];
  const firsts = order.map((name) => names.indexOf(name)).filter((index) => index >= 0);
  if (firsts.some((index, at) => index < (firsts[at - 1] ?? 0))) return `${unit}: ${order} out of order`;
  for (const name of ['install', 'start', 'stop', 'remove']) {
    if (names.filter((other) => other === name).length > 1) return `${unit}: ${name} twice`;
  }
  if (names.includes('remove') && names.at(-1) !== 'remove') return `${unit}: more after remove`;
  for (const [at, name] of names.entries()) {
    const next = names[at + 1] ?? 'config-changed';
    if (name === 'upgrade-charm' && next !== 'config-changed') return `${unit}: ${next} after upgrade-charm`;
  }
  const storage = names.filter((name) => name.includes('-storage-'));
  const attached = storage.filter((name) => name.endsWith('attached')).length;
  if (names.includes('remove') && attached * 2 !== storage.length) return `${unit}: storage left attached`;
  for (const id of new Set(log.map((hook) => hook.relation))) {
    if (id === undefined) continue;
    const own = log.filter((hook) => hook.relation === id);
    const text = own.map((hook) => `${hook.kind}(${hook.remote ?? ''})`).join(' ');
    const breach = breachOfRelation(own, names);
    if (breach !== undefined) return `${unit} relation ${id}: ${breach} in ${text}`;
  }
  return undefined;
}

function breachOfRelation(hooks: readonly LoggedHook[], allNames: readonly string[]): string | undefined {
  const joined = new Set<string>();
  const seen = new Set<string>();
  for (const [at, hook] of hooks.entries()) {
    const { kind, remote } = hook;
    const previous = hooks[at - 1];
    if (kind === 'relation-created' && at > 0) return 'created is not the first';
    if (previous?.kind === 'relation-broken') return 'something after broken';
    if (previous?.kind === 'relation-joined' && (kind !== 'relation-changed' || remote !== previous.remote)) {
      return 'joined without changed';
    }
    if (kind === 'relation-broken' && joined.size > 0) return 'broken before all departed';
    if (kind === 'relation-broken' && /^(ring|cluster)/.test(hook.name)) return 'peers broken';
    if (remote === undefined) continue;
    if (kind === 'relation-joined' && seen.has(remote)) return `${remote} joined twice`;
    if (kind !== 'relation-joined' && !joined.has(remote)) return `${kind} of ${remote}, which is not there`;
    seen.add(remote);
    if (kind === 'relation-joined') joined.add(remote);
    if (kind === 'relation-departed') joined.delete(remote);
  }
  const first = hooks.find(({ kind }) => kind !== 'relation-created' && kind !== 'relation-broken');
  if (first !== undefined && !allNames.includes('start')) return `${first.name} without start`;
  return undefined;
}

describe('whatever happens, in whatever order', () => {
  it('every unit gets its hooks as Juju guarantees them', () => {
    fc.assert(
      fc.property(happenings, fc.nat(50), (list, seed) => {
        const model = newModel(seed);
        for (const happening of list) happen(model, happening);
        model.settle();
        for (const [unit, log] of model.logs) expect(findBreach(unit, log)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it('every unit ends up knowing exactly who is there, at the versions that are there, with nothing left due', () => {
    fc.assert(
      fc.property(happenings, fc.nat(50), (list, seed) => {
        const model = newModel(seed);
        for (const happening of list) happen(model, happening);
        model.settle();
        const { state } = model;
        for (const unit of Object.values(state.units)) {
          expect(unit.life).toBe('alive');
          const own = Object.values(state.storage).filter((storage) => storage.unit === unit.name);
          expect([...unit.agent.storage].sort()).toEqual(own.map(({ id }) => id).sort());
          const principal = unit.principal === null ? undefined : state.units[unit.principal];
          expect(principal?.machine ?? unit.machine).toBe(unit.machine);
          for (const [id, knowledge] of Object.entries(unit.agent.relations)) {
            const relation = state.relations[id];
            if (relation === undefined) throw new Error(`${unit.name} knows relation ${id}, which is gone`);
            // The implicit end of juju-info is told nothing.
            const isTold = !ownEndpoint(relation, unit.application)?.implicit;
            expect(knowledge.members).toEqual(isTold ? visibleMembers(state, relation, unit) : {});
            expect(relation.life).toBe('alive');
          }
        }
        expect(model.settle()).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('a subordinate that comes to life just as another unit goes has its hooks in the same run', () => {
    const model = newModel(0);
    model.settleUnit('web/0');
    removeUnit(model, 'redis/0');
    addRelation(model.state, 'web', 'logs');
    expect(model.of('logs/0', model.settle())).toContain('host-relation-joined web/0');
    expect(model.settle()).toEqual([]);
  });

  it('an application that is removed leaves nothing of itself', () => {
    fc.assert(
      fc.property(happenings, fc.nat(50), (list, seed) => {
        const model = newModel(seed);
        for (const happening of list) happen(model, happening);
        const redis = model.state.applications.redis;
        if (redis !== undefined) removeApplication(model.state, redis);
        model.settle();
        expect(unitsOf(model.state, 'redis')).toEqual([]);
        expect(Object.keys(model.state.applications)).toEqual(['web', 'logs']);
        const names = Object.values(model.state.relations).map((relation) => relation.endpoints[0]?.name);
        expect(names.filter((name) => name !== 'host')).toEqual(['ring', 'mesh']);
      }),
      { numRuns: 200 },
    );
  });
});
