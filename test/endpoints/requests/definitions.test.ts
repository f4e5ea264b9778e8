import {
  BaseRequest,
  BaseResponse,
  defineRequest,
  defineResponse,
  type Field,
  field,
  RequesterEndpoint,
  ResponderEndpoint,
} from 'charms-reactive';
import { describe, expect, test } from 'vitest';
import { CertRequest, CertResponse, Side, wireRequest } from './certs.ts';

test('the classes say what their fields are, and are told by instanceof', () => {
  expect(CertRequest.fields.cn.description).toBe('the common name');
  expect(Object.keys(CertResponse.fields)).toEqual(['cert', 'key']);
  expect(CertRequest.responseClass).toBe(CertResponse);
  expect(CertRequest.prototype).toBeInstanceOf(BaseRequest);
  expect(CertResponse.prototype).toBeInstanceOf(BaseResponse);
});

test.each([
  'requestId',
  'response',
  'respond',
  'relation',
  'update',
  'toJSON',
  'constructor',
  'toString',
  '__proto__',
])('a request field cannot be called "%s", for every request has something of that name', (name) => {
  const fields = Object.fromEntries([[name, field('taken')]]);
  expect(() => defineRequest({ fields, response: CertResponse })).toThrow(
    `cannot define the field "${name}"`,
  );
});

test('request_id is no field to define, for it is on the wire already', () => {
  const fields: Record<string, Field<unknown>> = { request_id: field('taken') };
  expect(() => defineRequest({ fields, response: CertResponse })).toThrow(
    'cannot define the field "request_id"',
  );
});

test('finders are named after fields of several words, and give way to methods the endpoint has', async () => {
  class Job extends defineRequest({
    fields: { job_name: field<string>('a'), 'run-as': field<string>('b'), 'request-id': field<string>('c') },
    response: CertResponse,
  }) {}
  class Jobs extends RequesterEndpoint.of(Job) {}
  const side = new Side(Jobs, { role: 'requires' });
  side.trial.tools.published = {
    'certs:0': {
      unit: { ...wireRequest('1', { job_name: 'x', 'run-as': 'y', 'request-id': 'z' }) },
      app: {},
    },
  };
  const certs = await side.during(
    (trial) => trial.join('certs:0', 'ca/0', { response_1: '{"cert": "c"}' }),
    (jobs) =>
      [
        jobs.responseByJobName('x'),
        jobs.responseByRunAs('y'),
        jobs.responseByRequestId('1'),
        jobs.responseByRequestId('z'),
      ].map((response) => response?.cert),
  );
  expect(certs).toEqual(['c', 'c', 'c', undefined]);
});

describe('fields with a check', () => {
  const isText = (value: unknown): value is string => typeof value === 'string';
  class Answer extends defineResponse({ fields: { text: field('what is said', isText) } }) {}
  class Question extends defineRequest({
    fields: { text: field('what is asked', isText), aside: field<string>('b') },
    response: Answer,
  }) {}
  class Asks extends RequesterEndpoint.of(Question) {}
  class Answers extends ResponderEndpoint.of(Question) {}

  test('what we publish must pass', async () => {
    const side = new Side(Asks, { role: 'requires' });
    await side.during(
      (trial) => trial.join('certs:0', 'ca/0'),
      (asks) => {
        const [relation] = asks.relations;
        if (!relation) throw new Error('there is a relation');
        expect(() => asks.requests.create(relation, {} as { text: string })).toThrow(
          'cannot create a request on relation "certs:0": the value of "text" is not valid',
        );
        const request = asks.requests.create(relation, { requestId: 'q', text: 'why?' });
        expect(() => {
          (request as { text: unknown }).text = 1;
        }).toThrow('cannot change request "q": the value of "text" is not valid');
      },
    );
    expect(side.published()).toEqual({ request_q: '{"request_id": "q", "text": "why?"}' });
  });

  test('B34: a request of the other side that does not pass is skipped, with its flag and a warning', async () => {
    const side = new Side(Answers, { role: 'provides', unit: 'ca/0' });
    const texts = await side.during(
      (trial) =>
        trial.join('certs:0', 'web/0', {
          ...wireRequest('a', { text: 'why?' }),
          ...wireRequest('b', { text: 1 }),
          ...wireRequest('c'),
        }),
      (answers) => answers.newRequests.map((request) => request.text.toUpperCase()),
    );
    expect(texts).toEqual(['WHY?']);
    expect(side.requestFlags()).toEqual(['has_requests', 'malformed_requests', 'new_requests']);
    expect(side.warnings()).toEqual([
      'skipping malformed requests of unit web/0 in relation certs:0: "request_b": the value of "text" is not valid; ' +
        '"request_c": the value of "text" is not valid',
    ]);
  });

  test('B34: so is a response, and the next unit that answers counts', async () => {
    const side = new Side(Asks, { role: 'requires' });
    side.trial.tools.published = {
      'certs:0': { unit: { request_q: '{"request_id": "q", "text": "why?"}' }, app: {} },
    };
    side.trial.putUnit('certs:0', 'ca/0', { response_q: '{"text": null}' });
    const said = await side.during(
      (trial) => trial.join('certs:0', 'ca/1', { response_q: '{"text": "so"}' }),
      (asks) => asks.responses.map((response) => response.text),
    );
    expect(said).toEqual(['so']);
    expect(side.requestFlags()).toEqual(['all_responses', 'has_responses', 'malformed_responses']);
    expect(side.warnings()).toEqual([
      'skipping malformed responses of unit ca/0 in relation certs:0: "response_q": the value of "text" is not valid',
    ]);
  });

  test('B34: a check that throws fails no hook', async () => {
    const isLong = (value: unknown): value is string => (value as string).length > 3;
    class Long extends defineRequest({ fields: { text: field('long', isLong) }, response: Answer }) {}
    const side = new Side(ResponderEndpoint.of(Long), { role: 'provides', unit: 'ca/0' });
    await side.trial.join('certs:0', 'web/0', wireRequest('q'));
    expect(side.requestFlags()).toEqual(['malformed_requests']);
    expect(side.warnings()).toEqual([
      expect.stringContaining('"request_q": the check of "text" threw TypeError'),
    ]);
  });
});
