import {
  defineRequest,
  defineResponse,
  type Endpoint,
  type EndpointClass,
  field,
  type JsonValue,
  type Relation,
  RequesterEndpoint,
  ResponderEndpoint,
} from 'charms-reactive';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<Expected>() {
  return <Actual>(
    _value: Actual,
    ..._same: Equal<Actual, Expected> extends true ? [] : ['not the same type']
  ) => {};
}

class CertResponse extends defineResponse({
  fields: {
    cert: field('the certificate', (value) => typeof value === 'string'),
    key: field<{ readonly pem: string }>('the key'),
  },
}) {}

class CertRequest extends defineRequest({
  fields: {
    cn: field<string>('the common name'),
    sans: field<string[]>('other names'),
    extra: field('anything'),
  },
  response: CertResponse,
}) {}

class CertsRequires extends RequesterEndpoint.of(CertRequest) {}
class CertsProvides extends ResponderEndpoint.of(CertRequest) {}

/** What an interface's author writes; it is compiled, never run. */
export function requester(certs: CertsRequires, relation: Relation): void {
  const request = certs.requests.create(relation, { cn: 'a.local', sans: ['b.local'] });
  expectType<CertRequest>()(request);
  expectType<string | null>()(request.cn);
  expectType<readonly string[] | null>()(request.sans);
  expectType<JsonValue>()(request.extra);
  expectType<string>()(request.requestId);
  request.cn = 'c.local';
  request.cn = null;
  // @ts-expect-error: a number is no common name
  request.cn = 1;
  // @ts-expect-error: what came out of JSON cannot be edited in place
  request.sans?.push('d.local');
  // @ts-expect-error: there is no such field
  request.commonName;
  // @ts-expect-error: an id stays
  request.requestId = 'r2';

  certs.requests.create(relation, { requestId: 'r1' });
  // @ts-expect-error: there is no such field
  certs.requests.create(relation, { common_name: 'a.local' });
  // @ts-expect-error: a text is no list of names
  certs.requests.create(relation, { sans: 'a.local' });
  // @ts-expect-error: a request is made on a relation
  certs.requests.create({ cn: 'a.local' });

  certs.requests.createOrUpdate(relation, { match: ['cn'], fields: { cn: 'a.local', sans: [] } });
  // @ts-expect-error: only a field can be matched
  certs.requests.createOrUpdate(relation, { match: ['name'], fields: { cn: 'a.local' } });

  expectType<CertRequest | undefined>()(certs.requests.get('r1'));
  expectType<CertRequest | undefined>()(certs.requests.find({ cn: 'a.local' }, relation));
  expectType<CertRequest[]>()(certs.requests.findAll({ requestId: 'r1', sans: null }));
  // @ts-expect-error: there is no such field
  certs.requests.find({ name: 'a.local' });

  const found = certs.responseByCn('a.local', relation) ?? certs.responseBySans(['b.local']);
  expectType<string | undefined>()(found?.cert);
  expectType<string | null | undefined>()(found?.request.cn);
  expectType<string | undefined>()(certs.responseBy({ cn: 'a.local' })?.key?.pem);
  // @ts-expect-error: a number is no common name
  certs.responseByCn(1);
  // @ts-expect-error: there is no such field
  certs.responseByName('a.local');
  for (const response of certs.responses) expectType<readonly string[] | null>()(response.request.sans);
  for (const each of certs.requests) expectType<string | undefined>()(each.response?.cert);
  request.update({ sans: ['e.local'], cn: null });
  // @ts-expect-error: there is no such field
  request.update({ name: 'a.local' });
}

export function responder(certs: CertsProvides): void {
  for (const request of certs.newRequests) {
    const response = request.respond({ cert: '---', key: { pem: '---' } });
    expectType<string>()(response.cert);
    expectType<string | null>()(response.request.cn);
    request.respond({ cert: '---' });
    // @ts-expect-error: a field with a check must be given
    request.respond({ key: null });
    // @ts-expect-error: and cannot be null
    request.respond({ cert: null });
    // @ts-expect-error: there is no such field
    request.respond({ cert: '---', certificate: '---' });
  }
  expectType<CertRequest | undefined>()(certs.allRequests.find({ cn: 'a.local' }));
  // @ts-expect-error: a responder makes no requests
  certs.allRequests.create;
}

export function definitions(): void {
  // @ts-expect-error: JSON has no dates
  field<Date>('when');
  // @ts-expect-error: JSON has no functions
  field<{ run(): void }>('what');
  // @ts-expect-error: every response has a request
  defineResponse({ fields: { request: field('taken') } });
  // @ts-expect-error: every request has an id
  defineRequest({ fields: { request_id: field('taken') }, response: CertResponse });
  // @ts-expect-error: a request needs a class of responses
  defineRequest({ fields: {} });
  class JobRequest extends defineRequest({
    fields: { job_name: field<string>('its name'), 'run-as': field<'root' | 'nobody'>('whose') },
    response: CertResponse,
  }) {}
  class Jobs extends RequesterEndpoint.of(JobRequest) {}
  const classes: EndpointClass[] = [Jobs, CertsRequires, CertsProvides];
  const find = (jobs: Jobs): (string | undefined)[] => [
    jobs.responseByJobName('backup')?.cert,
    jobs.responseByRunAs('root')?.cert,
  ];
  const endpoint = (jobs: Jobs): Endpoint => jobs;
  void [classes, find, endpoint];
}
