import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatLogLine } from '../../../src/simulator/report/debug-log.ts';
import { formatStatus } from '../../../src/simulator/report/status-table.ts';
import { Workshop } from '../bash-charm.ts';

let workshop: Workshop;

beforeEach(() => {
  workshop = new Workshop();
});

afterEach(() => workshop.clean());

const NOW = new Date(2026, 0, 2, 10, 21, 7);

describe('formatStatus', () => {
  it('says of an empty model that it is', async () => {
    expect(formatStatus(await workshop.model({ name: 'play' }))).toBe('Model "admin/play" is empty.\n');
  });

  it('aligns as juju does', async () => {
    const model = await workshop.model({ addresses: 'per-unit' });
    const redis = workshop.charm({
      name: 'redis',
      metadata: 'provides:\n  db: redis\npeers:\n  cluster: redis-cluster\n',
      hooks: {
        install: `application-version-set 7.2.4-with-a-long-tail
          for port in 6379 16379 9000-9010 53/udp; do open-port $port; done
          status-set active`,
      },
    });
    const web = workshop.charm({
      name: 'web',
      metadata: 'requires:\n  redis: redis\n',
      hooks: { start: 'status-set blocked "need redis"', 'redis-relation-joined': 'exit 1' },
    });
    await model.deploy(redis, { units: 11 });
    await model.deploy(web);
    model.integrate('web', 'redis');
    await model.settle();
    model.addUnit('web');
    expect(`\n${formatStatus(model, { now: NOW, relations: true })}`).toMatchInlineSnapshot(`
      "
      Model  Controller  Cloud/Region     Version  SLA          Timestamp
      dev    simulator   local/localhost  3.6.28   unsupported  10:21:07

      App    Version          Status  Scale  Charm  Channel  Rev  Exposed  Message
      redis  7.2.4-with-a...  active     11  redis             0  no       
      web                     error     1/2  web               0  no       hook failed: "redis-relation-joined"

      Unit      Workload  Agent       Machine  Public address  Ports                                Message
      redis/0*  active    idle        0        127.0.0.2       6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/1   active    idle        1        127.0.0.3       6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/2   active    idle        2        127.0.0.4       6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/3   active    idle        3        127.0.0.5       6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/4   active    idle        4        127.0.0.6       6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/5   active    idle        5        127.0.0.7       6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/6   active    idle        6        127.0.0.8       6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/7   active    idle        7        127.0.0.9       6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/8   active    idle        8        127.0.0.10      6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/9   active    idle        9        127.0.0.11      6379,16379/tcp 53/udp 9000-9010/tcp  
      redis/10  active    idle        10       127.0.0.12      6379,16379/tcp 53/udp 9000-9010/tcp  
      web/0*    error     idle        11       127.0.0.13                                           hook failed: "redis-relation-joined"
      web/1     waiting   allocating  12       127.0.0.14                                           waiting for machine

      Machine  State    Address     Inst id   Base   AZ  Message
      0        started  127.0.0.2   local-0   local      Running
      1        started  127.0.0.3   local-1   local      Running
      2        started  127.0.0.4   local-2   local      Running
      3        started  127.0.0.5   local-3   local      Running
      4        started  127.0.0.6   local-4   local      Running
      5        started  127.0.0.7   local-5   local      Running
      6        started  127.0.0.8   local-6   local      Running
      7        started  127.0.0.9   local-7   local      Running
      8        started  127.0.0.10  local-8   local      Running
      9        started  127.0.0.11  local-9   local      Running
      10       started  127.0.0.12  local-10  local      Running
      11       started  127.0.0.13  local-11  local      Running
      12       started  127.0.0.14  local-12  local      Running

      Integration provider  Requirer       Interface      Type     Message
      redis:cluster         redis:cluster  redis-cluster  peer     
      redis:db              web:redis      redis          regular  
      "
    `);
  });
});

describe('formatLogLine', () => {
  it('writes a line as juju debug-log does', () => {
    const line = {
      time: NOW.toISOString(),
      unit: 'web/0',
      level: 'INFO',
      logger: 'unit.web/0.juju-log',
      message: 'db:3: connected',
    } as const;
    expect(formatLogLine(line)).toBe('unit-web-0: 10:21:07 INFO unit.web/0.juju-log db:3: connected');
  });
});
