import { vi } from 'vitest';
import { announceHook, concludeHook, failHook } from '../../../src/simulator/agent/statuses.ts';
import { addRelation } from '../../../src/simulator/operator/integration.ts';
import { addUnit } from '../../../src/simulator/operator/lifecycle.ts';
import type { ApplicationState, ModelState } from '../../../src/simulator/state/model-state.ts';
import { DryModel } from '../dry-model.ts';

/** The time at which all of it happened. */
export const NOW = new Date('2026-01-02T10:21:07.250Z');

/**
 * A model with a bit of everything: twelve units of redis with peers, storage and ports, one of them in config-changed; web
 * in hook error with a subordinate beside it, related to redis, with a second unit that is not there yet. Its addresses are
 * its own, its times all the same.
 */
export function richModel(): ModelState {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  try {
    return build();
  } finally {
    vi.useRealTimers();
  }
}

/** An application of a model in a test. */
export function applicationOf(state: ModelState, name: string): ApplicationState {
  const application = state.applications[name];
  if (application === undefined) throw new Error(`no application ${name}`);
  return application;
}

const PER_UNIT = { addresses: 'per-unit' } as const;

function build(): ModelState {
  const model = new DryModel({ seed: 1, ...PER_UNIT });
  const { state } = model;
  model.deploy('redis', {
    metadata:
      'provides:\n  db: redis\npeers:\n  cluster: redis-cluster\nstorage:\n  data:\n    type: filesystem\n    minimum-size: 2G\n',
    units: 12,
    run: (context) => {
      if (context.hook.kind === 'install') {
        context.setStatus('active', context.unit.name === 'redis/3' ? 'x'.repeat(130) : '');
        context.application.workloadVersion = '7.2.4-with-a-long-tail\nand more';
        context.unit.ports = [
          { protocol: 'tcp', from: 6379, to: 6379, endpoint: '' },
          { protocol: 'tcp', from: 6380, to: 6380, endpoint: '' },
          { protocol: 'udp', from: 53, to: 53, endpoint: '' },
        ];
      }
      const { relation } = context.hook;
      if (context.hook.kind === 'relation-created' && relation?.endpoint === 'db' && context.isLeader) {
        const bags = state.relations[relation.id]?.applications.redis;
        if (bags !== undefined) bags.settings = { port: '6379' };
      }
    },
  });
  model.deploy('web', {
    metadata: 'requires:\n  redis: redis\n',
    config:
      'options:\n  title: {type: string, default: Hello, description: "What it says."}\n  port: {type: int}\n',
    run: (context) => {
      if (context.hook.kind === 'start') {
        context.setStatus('blocked', 'need redis');
        context.setApplicationStatus('active', 'serving');
      }
    },
  });
  model.deploy('logger', {
    metadata: 'subordinate: true\nrequires:\n  host: {interface: juju-info, scope: container}\n',
    units: 0,
    run: (context) => context.setStatus('active', 'watching'),
  });
  addRelation(state, 'web', 'redis');
  addRelation(state, 'logger', 'web');
  model.settle();
  for (const unit of Object.values(state.units)) concludeHook(unit, { kind: 'start', name: 'start' }, true);
  applicationOf(state, 'redis').exposed = true;
  announceHook(model.unit('redis/10'), { kind: 'config-changed', name: 'config-changed' });
  const relation = Object.values(state.relations).find(({ endpoints }) => endpoints[0]?.name === 'redis');
  failHook(model.unit('web/0'), {
    kind: 'relation-joined',
    name: 'redis-relation-joined',
    relation: { id: relation?.id ?? 0, endpoint: 'redis', remoteApplication: 'redis', remoteUnit: 'redis/0' },
  });
  addUnit(state, applicationOf(state, 'web'), { folder: '/nowhere/agents' });
  return state;
}
