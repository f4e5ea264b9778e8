import { describe, expect, it } from 'vitest';
import { reportApplicationDetails } from '../../../src/simulator/report/application-details.ts';
import { formatUnitDetails, reportUnitDetails } from '../../../src/simulator/report/unit-details.ts';
import { applicationOf, richModel } from './rich-model.ts';

const state = richModel();

describe('reportUnitDetails', () => {
  it('shows what the related application and its units published, and not what the unit itself did', () => {
    const details = reportUnitDetails(state, ['web/0']);
    const bag = (address: string) => ({
      'egress-subnets': `${address}/32`,
      'ingress-address': address,
      'private-address': address,
    });
    const [redis] = details['web/0']?.['relation-info'] ?? [];
    expect(redis?.['related-units']?.['redis/11']).toEqual({ 'in-scope': true, data: bag('127.0.0.13') });
    expect(Object.keys(redis?.['related-units'] ?? {})).toHaveLength(12);
    expect(
      `\n${formatUnitDetails(reportUnitDetails(state, ['web/0'], { relatedUnit: 'redis/1' }))}`,
    ).toMatchInlineSnapshot(`
        "
        web/0:
          machine: "12"
          opened-ports: []
          public-address: 127.0.0.14
          charm: local:web-0
          leader: true
          life: alive
          relation-info:
          - relation-id: 1
            endpoint: redis
            related-endpoint: db
            application-data:
              port: "6379"
            related-units:
              redis/1:
                in-scope: true
                data:
                  egress-subnets: 127.0.0.3/32
                  ingress-address: 127.0.0.3
                  private-address: 127.0.0.3
        "
      `);
  });

  it('fills in what the unit itself published in peer relations, in JSON empty in others', () => {
    const json = formatUnitDetails(reportUnitDetails(state, ['redis/0']), 'json');
    const parsed = JSON.parse(json) as ReturnType<typeof reportUnitDetails>;
    const locals = parsed['redis/0']?.['relation-info']?.map((info) => [info.endpoint, info['local-unit']]);
    expect(locals).toEqual([
      ['cluster', expect.objectContaining({ 'in-scope': true })],
      ['db', { 'in-scope': false, data: null }],
    ]);
    expect(parsed['redis/0']).toMatchObject({
      leader: true,
      'workload-version': '7.2.4-with-a-long-tail\nand more',
      'opened-ports': ['6379/tcp', '6380/tcp', '53/udp'],
    });
  });

  it('shows one endpoint, or the applications alone, where that is asked for', () => {
    const endpoint = reportUnitDetails(state, ['web/0'], { endpoint: 'juju-info' });
    expect(endpoint['web/0']?.['relation-info']?.map((info) => info['related-endpoint'])).toEqual(['host']);
    const app = reportUnitDetails(state, ['web/0'], { app: true, endpoint: 'redis' });
    expect(app['web/0']?.['relation-info']).toEqual([
      {
        'relation-id': 1,
        endpoint: 'redis',
        'related-endpoint': 'db',
        'application-data': { port: '6379' },
        'local-unit': { 'in-scope': false, data: null },
      },
    ]);
  });

  it('hides what a unit published that left the relation', () => {
    const left = richModel();
    const relation = Object.values(left.relations).find(({ endpoints }) => endpoints[0]?.name === 'redis');
    const member = relation?.units['redis/4'];
    if (member !== undefined) member.inScope = false;
    const [info] = reportUnitDetails(left, ['web/0'])['web/0']?.['relation-info'] ?? [];
    expect(info?.['related-units']?.['redis/4']).toEqual({ 'in-scope': false, data: {} });
  });

  it('names all units that there are not', () => {
    expect(() => reportUnitDetails(state, ['web/7', 'web/0', 'pg/0'])).toThrow(
      'unit "web/7" not found\nunit "pg/0" not found',
    );
  });
});

describe('reportApplicationDetails', () => {
  it('tells what juju show-application does', () => {
    const { redis } = reportApplicationDetails(state, ['redis']);
    expect(redis).toEqual({
      charm: 'redis',
      base: 'local',
      constraints: { arch: expect.stringMatching(/^\w+$/) as string },
      principal: true,
      exposed: true,
      'exposed-endpoints': { '': { 'expose-to-cidrs': ['0.0.0.0/0', '::/0'] } },
      remote: false,
      life: 'alive',
      'endpoint-bindings': { '': 'alpha', cluster: 'alpha', db: 'alpha' },
    });
    const { logger } = reportApplicationDetails(state, ['logger']);
    expect(logger).toMatchObject({ principal: false, exposed: false });
    expect(logger).not.toHaveProperty('constraints');
  });

  it('takes the base from the charm, and refuses what there is not', () => {
    const other = richModel();
    const web = applicationOf(other, 'web');
    web.charm = { ...web.charm, base: { name: 'ubuntu', channel: '22.04' } };
    expect(reportApplicationDetails(other, ['web']).web?.base).toBe('ubuntu@22.04');
    expect(() => reportApplicationDetails(other, ['pg'])).toThrow('application "pg" not found');
  });
});
