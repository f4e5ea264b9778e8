import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { statusNow } from '../../../src/simulator/agent/statuses.ts';
import { reportStatus } from '../../../src/simulator/report/status-report.ts';
import { describeEmptyStatus, formatStatus } from '../../../src/simulator/report/status-text.ts';
import { createModelState } from '../../../src/simulator/state/new-model.ts';
import { NOW, richModel } from './rich-model.ts';

const state = richModel();
const options = { now: NOW, utc: true };

describe('formatStatus', () => {
  it('prints the table of juju status, with relations and storage', () => {
    expect(`\n${formatStatus(state, { ...options, relations: true, storage: true })}`).toMatchInlineSnapshot(`
      "
      Model  Controller  Cloud/Region     Version  SLA          Timestamp
      dev    simulator   local/localhost  3.6.28   unsupported  10:21:07

      App     Version          Status  Scale  Charm   Channel  Rev  Exposed  Message
      logger                   active      1  logger             0  no       watching
      redis   7.2.4-with-a...  active     12  redis              0  yes      
      web                      active    1/2  web                0  no       serving

      Unit         Workload  Agent       Machine  Public address  Ports                 Message
      redis/0*     active    idle        0        127.0.0.2       6379-6380/tcp 53/udp  
      redis/1      active    idle        1        127.0.0.3       6379-6380/tcp 53/udp  
      redis/2      active    idle        2        127.0.0.4       6379-6380/tcp 53/udp  
      redis/3      active    idle        3        127.0.0.5       6379-6380/tcp 53/udp  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
      redis/4      active    idle        4        127.0.0.6       6379-6380/tcp 53/udp  
      redis/5      active    idle        5        127.0.0.7       6379-6380/tcp 53/udp  
      redis/6      active    idle        6        127.0.0.8       6379-6380/tcp 53/udp  
      redis/7      active    idle        7        127.0.0.9       6379-6380/tcp 53/udp  
      redis/8      active    idle        8        127.0.0.10      6379-6380/tcp 53/udp  
      redis/9      active    idle        9        127.0.0.11      6379-6380/tcp 53/udp  
      redis/10     active    executing   10       127.0.0.12      6379-6380/tcp 53/udp  (config-changed) 
      redis/11     active    idle        11       127.0.0.13      6379-6380/tcp 53/udp  
      web/0*       error     idle        12       127.0.0.14                            hook failed: "redis-relation-joined" for redis:db
        logger/0*  active    idle                 127.0.0.14                            watching
      web/1        waiting   allocating  13       127.0.0.15                            waiting for machine

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
      13       started  127.0.0.15  local-13  local      Running

      Integration provider  Requirer       Interface      Type         Message
      redis:cluster         redis:cluster  redis-cluster  peer         
      redis:db              web:redis      redis          regular      
      web:juju-info         logger:host    juju-info      subordinate  

      Storage Unit  Storage ID  Type        Pool    Mountpoint                Size     Status    Message
      redis/0       data/0      filesystem  rootfs  /nowhere/storage/data-0   2.0 GiB  attached  
      redis/1       data/1      filesystem  rootfs  /nowhere/storage/data-1   2.0 GiB  attached  
      redis/10      data/10     filesystem  rootfs  /nowhere/storage/data-10  2.0 GiB  attached  
      redis/11      data/11     filesystem  rootfs  /nowhere/storage/data-11  2.0 GiB  attached  
      redis/2       data/2      filesystem  rootfs  /nowhere/storage/data-2   2.0 GiB  attached  
      redis/3       data/3      filesystem  rootfs  /nowhere/storage/data-3   2.0 GiB  attached  
      redis/4       data/4      filesystem  rootfs  /nowhere/storage/data-4   2.0 GiB  attached  
      redis/5       data/5      filesystem  rootfs  /nowhere/storage/data-5   2.0 GiB  attached  
      redis/6       data/6      filesystem  rootfs  /nowhere/storage/data-6   2.0 GiB  attached  
      redis/7       data/7      filesystem  rootfs  /nowhere/storage/data-7   2.0 GiB  attached  
      redis/8       data/8      filesystem  rootfs  /nowhere/storage/data-8   2.0 GiB  attached  
      redis/9       data/9      filesystem  rootfs  /nowhere/storage/data-9   2.0 GiB  attached  
      "
    `);
  });

  it('prints neither relations nor storage, nor the relation of a failed hook, where they are not asked for', () => {
    const table = formatStatus(state, options);
    expect(table).not.toMatch(/Integration|Storage/);
    expect(table).toContain('hook failed: "redis-relation-joined"\n');
  });

  it('names the running hook or action, but no hook of a relation, and counts no unit that is gone', () => {
    const busy = richModel();
    const tell = (name: string, message: string) => {
      const unit = busy.units[name];
      if (unit !== undefined) unit.agent.status = statusNow('executing', message);
    };
    tell('redis/0', 'running db-relation-joined hook for web/0');
    tell('redis/1', 'running action backup');
    const gone = busy.units['redis/2'];
    if (gone !== undefined) gone.workload = statusNow('terminated');
    const table = formatStatus(busy, options);
    expect(table).toMatch(/redis\/0\* .*53\/udp {2}\n/);
    expect(table).toMatch(/redis\/1 .*53\/udp {2}\(backup\) \n/);
    expect(table).toMatch(/redis .* 11\/12 /);
  });

  it('prints a line a unit', () => {
    expect(
      `\n${formatStatus(state, { ...options, format: 'line', patterns: ['web', 'redis/1*'] })}`,
    ).toMatchInlineSnapshot(`
      "
      - redis/1: 127.0.0.3 (agent:idle, workload:active) 6379-6380/tcp 53/udp
      - redis/10: 127.0.0.12 (agent:executing, workload:active) 6379-6380/tcp 53/udp
      - redis/11: 127.0.0.13 (agent:idle, workload:active) 6379-6380/tcp 53/udp
      - web/0: 127.0.0.14 (agent:idle, workload:error)
        - logger/0: 127.0.0.14 (agent:idle, workload:active)
      - web/1: 127.0.0.15 (agent:allocating, workload:waiting)
      "
    `);
    for (const format of ['short', 'oneline'] as const) {
      expect(formatStatus(state, { format })).toBe(formatStatus(state, { format: 'line' }));
    }
  });

  it('prints a summary', () => {
    expect(`\n${formatStatus(state, { ...options, format: 'summary' })}`).toMatchInlineSnapshot(`
      "
      Running on subnets:  127.0.0.2/8           
       Utilizing ports:    6379-6380/tcp 53/udp  
            # Machines:  (14)
               started:   14 
                       
               # Units:  (15)
                active:   13 
                 error:    1 
               waiting:    1 
                       
        # Applications:  (3)
                 logger  0/1  exposed
                  redis  1/1  exposed
                    web  0/1  exposed
                       
              # Remote:  (0)
      "
    `);
  });

  it('prints YAML with names in natural order', () => {
    const yaml = formatStatus(state, { ...options, format: 'yaml', patterns: ['web'] });
    expect(`\n${yaml.replaceAll(/arch=.*/g, 'arch=here')}`).toMatchInlineSnapshot(`
      "
      model:
        name: dev
        type: iaas
        controller: simulator
        cloud: local
        region: localhost
        version: 3.6.28
        model-status:
          current: available
          since: "2026-01-02 10:21:07Z"
        sla: unsupported
      machines:
        "12":
          juju-status:
            current: started
            since: "2026-01-02 10:21:07Z"
            version: 3.6.28
          hostname: local-12
          dns-name: 127.0.0.14
          ip-addresses:
          - 127.0.0.14
          instance-id: local-12
          machine-status:
            current: running
            message: Running
            since: "2026-01-02 10:21:07Z"
          modification-status:
            current: applied
            since: "2026-01-02 10:21:07Z"
          base:
            name: local
            channel: ""
          network-interfaces:
            lo:
              ip-addresses:
              - 127.0.0.14
              mac-address: "00:00:00:00:00:00"
              space: alpha
              is-up: true
          hardware: arch=here
        "13":
          juju-status:
            current: started
            since: "2026-01-02 10:21:07Z"
            version: 3.6.28
          hostname: local-13
          dns-name: 127.0.0.15
          ip-addresses:
          - 127.0.0.15
          instance-id: local-13
          machine-status:
            current: running
            message: Running
            since: "2026-01-02 10:21:07Z"
          modification-status:
            current: applied
            since: "2026-01-02 10:21:07Z"
          base:
            name: local
            channel: ""
          network-interfaces:
            lo:
              ip-addresses:
              - 127.0.0.15
              mac-address: "00:00:00:00:00:00"
              space: alpha
              is-up: true
          hardware: arch=here
      applications:
        logger:
          charm: local:logger-0
          base:
            name: local
            channel: ""
          charm-origin: local
          charm-name: logger
          charm-rev: 0
          exposed: false
          application-status:
            current: active
            message: watching
            since: "2026-01-02 10:21:07Z"
          relations:
            host:
            - related-application: web
              interface: juju-info
              scope: container
          subordinate-to:
          - web
          endpoint-bindings:
            "": alpha
            host: alpha
        web:
          charm: local:web-0
          base:
            name: local
            channel: ""
          charm-origin: local
          charm-name: web
          charm-rev: 0
          exposed: false
          application-status:
            current: active
            message: serving
            since: "2026-01-02 10:21:07Z"
          relations:
            juju-info:
            - related-application: logger
              interface: juju-info
              scope: container
          units:
            web/0:
              workload-status:
                current: error
                message: 'hook failed: "redis-relation-joined"'
                since: "2026-01-02 10:21:07Z"
              juju-status:
                current: idle
                since: "2026-01-02 10:21:07Z"
                version: 3.6.28
              leader: true
              machine: "12"
              public-address: 127.0.0.14
              subordinates:
                logger/0:
                  workload-status:
                    current: active
                    message: watching
                    since: "2026-01-02 10:21:07Z"
                  juju-status:
                    current: idle
                    since: "2026-01-02 10:21:07Z"
                    version: 3.6.28
                  leader: true
                  public-address: 127.0.0.14
            web/1:
              workload-status:
                current: waiting
                message: waiting for machine
                since: "2026-01-02 10:21:07Z"
              juju-status:
                current: allocating
                since: "2026-01-02 10:21:07Z"
                version: 3.6.28
              machine: "13"
              public-address: 127.0.0.15
          endpoint-bindings:
            "": alpha
            redis: alpha
      storage:
        storage:
          data/0:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/0:
                  machine: "0"
                  location: /nowhere/storage/data-0
                  life: alive
          data/1:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/1:
                  machine: "1"
                  location: /nowhere/storage/data-1
                  life: alive
          data/2:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/2:
                  machine: "2"
                  location: /nowhere/storage/data-2
                  life: alive
          data/3:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/3:
                  machine: "3"
                  location: /nowhere/storage/data-3
                  life: alive
          data/4:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/4:
                  machine: "4"
                  location: /nowhere/storage/data-4
                  life: alive
          data/5:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/5:
                  machine: "5"
                  location: /nowhere/storage/data-5
                  life: alive
          data/6:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/6:
                  machine: "6"
                  location: /nowhere/storage/data-6
                  life: alive
          data/7:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/7:
                  machine: "7"
                  location: /nowhere/storage/data-7
                  life: alive
          data/8:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/8:
                  machine: "8"
                  location: /nowhere/storage/data-8
                  life: alive
          data/9:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/9:
                  machine: "9"
                  location: /nowhere/storage/data-9
                  life: alive
          data/10:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/10:
                  machine: "10"
                  location: /nowhere/storage/data-10
                  life: alive
          data/11:
            kind: filesystem
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
            persistent: false
            attachments:
              units:
                redis/11:
                  machine: "11"
                  location: /nowhere/storage/data-11
                  life: alive
        filesystems:
          "0":
            provider-id: "0"
            storage: data/0
            attachments:
              machines:
                "0":
                  mount-point: /nowhere/storage/data-0
                  read-only: false
                  life: alive
              units:
                redis/0:
                  machine: "0"
                  location: /nowhere/storage/data-0
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "1":
            provider-id: "1"
            storage: data/1
            attachments:
              machines:
                "1":
                  mount-point: /nowhere/storage/data-1
                  read-only: false
                  life: alive
              units:
                redis/1:
                  machine: "1"
                  location: /nowhere/storage/data-1
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "2":
            provider-id: "2"
            storage: data/2
            attachments:
              machines:
                "2":
                  mount-point: /nowhere/storage/data-2
                  read-only: false
                  life: alive
              units:
                redis/2:
                  machine: "2"
                  location: /nowhere/storage/data-2
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "3":
            provider-id: "3"
            storage: data/3
            attachments:
              machines:
                "3":
                  mount-point: /nowhere/storage/data-3
                  read-only: false
                  life: alive
              units:
                redis/3:
                  machine: "3"
                  location: /nowhere/storage/data-3
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "4":
            provider-id: "4"
            storage: data/4
            attachments:
              machines:
                "4":
                  mount-point: /nowhere/storage/data-4
                  read-only: false
                  life: alive
              units:
                redis/4:
                  machine: "4"
                  location: /nowhere/storage/data-4
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "5":
            provider-id: "5"
            storage: data/5
            attachments:
              machines:
                "5":
                  mount-point: /nowhere/storage/data-5
                  read-only: false
                  life: alive
              units:
                redis/5:
                  machine: "5"
                  location: /nowhere/storage/data-5
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "6":
            provider-id: "6"
            storage: data/6
            attachments:
              machines:
                "6":
                  mount-point: /nowhere/storage/data-6
                  read-only: false
                  life: alive
              units:
                redis/6:
                  machine: "6"
                  location: /nowhere/storage/data-6
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "7":
            provider-id: "7"
            storage: data/7
            attachments:
              machines:
                "7":
                  mount-point: /nowhere/storage/data-7
                  read-only: false
                  life: alive
              units:
                redis/7:
                  machine: "7"
                  location: /nowhere/storage/data-7
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "8":
            provider-id: "8"
            storage: data/8
            attachments:
              machines:
                "8":
                  mount-point: /nowhere/storage/data-8
                  read-only: false
                  life: alive
              units:
                redis/8:
                  machine: "8"
                  location: /nowhere/storage/data-8
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "9":
            provider-id: "9"
            storage: data/9
            attachments:
              machines:
                "9":
                  mount-point: /nowhere/storage/data-9
                  read-only: false
                  life: alive
              units:
                redis/9:
                  machine: "9"
                  location: /nowhere/storage/data-9
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "10":
            provider-id: "10"
            storage: data/10
            attachments:
              machines:
                "10":
                  mount-point: /nowhere/storage/data-10
                  read-only: false
                  life: alive
              units:
                redis/10:
                  machine: "10"
                  location: /nowhere/storage/data-10
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
          "11":
            provider-id: "11"
            storage: data/11
            attachments:
              machines:
                "11":
                  mount-point: /nowhere/storage/data-11
                  read-only: false
                  life: alive
              units:
                redis/11:
                  machine: "11"
                  location: /nowhere/storage/data-11
                  life: alive
            pool: rootfs
            size: 2048
            life: alive
            status:
              current: attached
              since: "2026-01-02 10:21:07Z"
      controller:
        timestamp: "10:21:07"
      "
    `);
  });

  it('prints JSON on one line, with the data of the YAML', () => {
    const json = formatStatus(state, { ...options, format: 'json' });
    expect(json.split('\n')).toHaveLength(2);
    expect(JSON.parse(json)).toEqual(reportStatus(state, options));
    const yaml = parse(formatStatus(state, { ...options, format: 'yaml' })) as unknown;
    const renamed: unknown = JSON.parse(json.replaceAll('"Attachments"', '"attachments"'));
    expect(yaml).toEqual(renamed);
  });
});

describe('describeEmptyStatus', () => {
  it('says of an empty model that it is, below the model itself', () => {
    const empty = createModelState({ name: 'play' });
    expect(describeEmptyStatus(reportStatus(empty))).toBe('Model "admin/play" is empty.');
    expect(formatStatus(empty, options)).toBe(
      'Model  Controller  Cloud/Region     Version  SLA          Timestamp\n' +
        'play   simulator   local/localhost  3.6.28   unsupported  10:21:07\n',
    );
    expect(reportStatus(empty, options)).toMatchObject({ machines: {}, applications: {}, storage: {} });
  });

  it('says where nothing matched', () => {
    const nothing = reportStatus(state, { patterns: ['mysql'] });
    expect(describeEmptyStatus(nothing, ['mysql'])).toBe('Nothing matched specified filter.');
    expect(describeEmptyStatus(nothing, ['mysql', 'pg'])).toBe('Nothing matched specified filters.');
    expect(describeEmptyStatus(reportStatus(state))).toBeUndefined();
  });
});
