import {
  defineRequest,
  defineResponse,
  Endpoint,
  field,
  RequesterEndpoint,
  ResponderEndpoint,
  when,
} from 'charms-reactive';
import { expect, test } from 'vitest';
import { handlersOf } from '../../charm/trial-unit.ts';
import { Side } from './certs.ts';

class ImportResponse extends defineResponse({
  fields: {
    success: field('whether it was imported', (value) => typeof value === 'boolean'),
    reason: field<string>('why not'),
  },
}) {}

class ImportRequest extends defineRequest({
  fields: {
    name: field<string>('how it is called'),
    dashboard: field<Readonly<Record<string, number>>>('what it shows'),
  },
  response: ImportResponse,
}) {}

/** Publishes dashboards, as the provides side of grafana-dashboard does. */
class Dashboards extends RequesterEndpoint.of(ImportRequest) {
  wanted: Readonly<Record<string, Readonly<Record<string, number>>>> = {};

  register(name: string, dashboard: Readonly<Record<string, number>>): void {
    for (const relation of this.relations)
      this.requests.createOrUpdate(relation, { match: ['name'], fields: { name, dashboard } });
  }

  get failed(): string[] {
    return this.responses.filter(({ success }) => !success).map(({ request }) => request.name ?? '');
  }
}

/** Imports them, as the requires side does. */
class Grafana extends ResponderEndpoint.of(ImportRequest) {
  static readonly imported: string[] = [];

  @when('endpoint.{endpoint_name}.new_requests')
  import(): void {
    for (const request of this.newRequests) {
      Grafana.imported.push(request.name ?? '');
      const isBroken = Object.keys(request.dashboard ?? {}).length === 0;
      request.respond({ success: !isBroken, reason: isBroken ? 'it is empty' : null });
    }
  }
}

test('a dialogue of both sides, each fed what the other published, from asking to withdrawing', async () => {
  const charm = new Side(Dashboards, { role: 'provides' });
  const grafana = new Side(Grafana, { role: 'requires', unit: 'grafana/0' });
  const tellGrafana = () => grafana.trial.change('certs:0', 'web/0', charm.published());
  const tellCharm = () => charm.trial.change('certs:0', 'grafana/0', grafana.published());

  await grafana.trial.join('certs:0', 'web/0');
  await charm.during(
    (trial) => trial.join('certs:0', 'grafana/0'),
    (dashboards) => {
      dashboards.register('load', { a: 1 });
      dashboards.register('empty', {});
    },
  );
  const [load = '', empty = ''] = Object.keys(charm.published()).map((key) => key.slice('request_'.length));
  expect(charm.published()).toEqual({
    [`request_${load}`]: `{"dashboard": {"a": 1}, "name": "load", "request_id": "${load}"}`,
    [`request_${empty}`]: `{"dashboard": {}, "name": "empty", "request_id": "${empty}"}`,
  });

  expect(handlersOf(await tellGrafana())).toEqual(['certs/requires.import@certs']);
  expect([...Grafana.imported].sort()).toEqual(['empty', 'load']);
  expect(grafana.published()).toEqual({
    [`response_${load}`]: '{"reason": null, "success": true}',
    [`response_${empty}`]: '{"reason": "it is empty", "success": false}',
  });
  expect(handlersOf(await grafana.trial.run('update-status'))).toEqual([]);

  const failed = await charm.during(tellCharm, (dashboards) => dashboards.failed);
  expect(failed).toEqual(['empty']);
  expect(charm.requestFlags()).toEqual(['all_responses', 'has_responses']);

  const withdrawn = await charm.during(
    (trial) => trial.run('update-status'),
    (dashboards) => {
      dashboards.requests.find({ name: 'empty' })?.withdraw();
      return dashboards.failed;
    },
  );
  expect(withdrawn).toEqual([]);
  await tellGrafana();
  expect(Object.keys(grafana.published())).toEqual([`response_${load}`]);
  await charm.during(tellCharm, (dashboards) => dashboards.register('load', { a: 2 }));
  await tellGrafana();
  expect(Grafana.imported).toHaveLength(2);
});

test('an interface of another kind keeps none of these flags', async () => {
  class Plain extends Endpoint {}
  const side = new Side(Plain, { role: 'requires' });
  await side.trial.join('certs:0', 'ca/0', { request_q: '{"request_id": "q"}' });
  expect(side.requestFlags()).toEqual([]);
});
