import type { FakeTools } from './fake-tools.ts';

/** A hook as Juju would start it. */
export interface HookCall {
  readonly hook: string;
  /** How many units of redis are related. */
  readonly units: number;
  /** In the hooks of a relation: the unit that it is about. */
  readonly remoteUnit?: string;
}

/** A kind of hook to measure: what came before it, and the hook itself. */
export interface HookKind {
  readonly name: string;
  /** Hooks that bring the charm into the state in which the measured one finds it. */
  readonly before: readonly HookCall[];
  readonly measured: HookCall;
  /** Whether the unit that the hook is about has published something new since. */
  readonly isNews?: boolean;
}

const FIRST = 'redis/0';

/** Every kind of hook, with so many remote units where it matters. */
export const HOOK_KINDS: readonly HookKind[] = [
  { name: 'install', before: [], measured: { hook: 'install', units: 0 } },
  { name: 'config-changed', before: installed(0), measured: { hook: 'config-changed', units: 0 } },
  idle(10),
  changed(1),
  changed(10),
  changed(100),
  changed(500),
  {
    name: 'first contact with 500 units',
    before: installed(0),
    measured: { hook: 'redis-relation-joined', units: 500, remoteUnit: FIRST },
  },
];

/** `update-status`, with nothing new. */
export function idle(units: number): HookKind {
  return {
    name: `update-status, ${units}`,
    before: related(units),
    measured: { hook: 'update-status', units },
  };
}

/** A unit has changed its address. */
export function changed(units: number): HookKind {
  return {
    name: `changed, ${units}`,
    before: related(units),
    measured: { hook: 'redis-relation-changed', units, remoteUnit: FIRST },
    isNews: true,
  };
}

function installed(units: number): HookCall[] {
  return ['install', 'config-changed', 'start', 'update-status'].map((hook) => ({ hook, units }));
}

function related(units: number): HookCall[] {
  const about = (event: string): HookCall => ({
    hook: `redis-relation-${event}`,
    units,
    remoteUnit: FIRST,
  });
  return [...installed(0), about('joined'), about('changed'), { hook: 'update-status', units }];
}

/** Sets what the tools answer in a hook; `port` is what its unit published. */
export function answerFor(tools: Pick<FakeTools, 'answer'>, { units }: HookCall, port: number): void {
  const names = Array.from({ length: units }, (_, number) => `redis/${number}`);
  tools.answer('config-get', { title: 'Guestbook', port: 8080 });
  tools.answer('is-leader', true);
  tools.answer('leader-get', {});
  tools.answer('unit-get', '10.0.0.1');
  tools.answer('opened-ports', []);
  tools.answer('status-get', { status: 'active', message: '' });
  tools.answer('goal-state', { units: {}, relations: {} });
  tools.answer('network-get', NETWORK);
  tools.answer('relation-ids', []);
  tools.answer('relation-ids.redis', units > 0 ? ['redis:1'] : []);
  tools.answer('relation-list', names);
  tools.answer('relation-list.app', 'redis');
  tools.answer('relation-get', {});
  for (const name of names) {
    const hostname = `10.0.${Math.floor(Number(name.slice(6)) / 256)}.${Number(name.slice(6)) % 256}`;
    const published = { hostname, 'private-address': hostname, password: 'secret' };
    tools.answer(`relation-get.-.${name}`, { ...published, port: String(name === FIRST ? port : 6379) });
  }
}

/** The variables that Juju sets. */
export function environmentOf({ hook, remoteUnit }: HookCall, folder: string): Record<string, string> {
  return {
    JUJU_UNIT_NAME: 'web/0',
    JUJU_MODEL_NAME: 'bench',
    JUJU_MODEL_UUID: '00000000-0000-4000-8000-000000000000',
    JUJU_VERSION: '3.6.14',
    JUJU_CHARM_DIR: folder,
    CHARM_DIR: folder,
    JUJU_HOOK_NAME: hook,
    JUJU_DISPATCH_PATH: `hooks/${hook}`,
    JUJU_CONTEXT_ID: 'web/0-bench-1',
    JUJU_AGENT_SOCKET_NETWORK: 'unix',
    JUJU_API_ADDRESSES: '10.0.0.254:17070',
    JUJU_PRINCIPAL_UNIT: '',
    ...(remoteUnit === undefined
      ? {}
      : {
          JUJU_RELATION: 'redis',
          JUJU_RELATION_ID: 'redis:1',
          JUJU_REMOTE_UNIT: remoteUnit,
          JUJU_REMOTE_APP: 'redis',
        }),
  };
}

const NETWORK = {
  'bind-addresses': [
    {
      'mac-address': '00:16:3e:00:00:01',
      'interface-name': 'eth0',
      addresses: [{ hostname: '', address: '10.0.0.1', value: '10.0.0.1', cidr: '10.0.0.0/16' }],
    },
  ],
  'ingress-addresses': ['10.0.0.1'],
  'egress-subnets': ['10.0.0.1/32'],
};
