import path from 'node:path';
import { expect, test } from 'vitest';
import { buildCharm } from '../../src/builder/build.ts';
import type { HookRecord } from '../../src/simulator/agent/hook-record.ts';
import { Model } from '../../src/simulator/model.ts';
import { type Tree, writeTree } from '../builder/charm-tree.ts';

/** Two charms that are told in Python names only: functions that register themselves, an Endpoint and requests. */
const CHARMS: Tree = {
  'layers/base/layer.yaml': 'includes: []\n',
  'layers/base/reactive/base.ts': `
import { hookenv, only_once, set_flag, when_not } from 'charms-reactive/compat';

only_once(function start() {
  hookenv.log('base starts');
});

export const install = when_not('base.installed')(function install() {
  set_flag('base.installed');
});
`,
  'layers/web/layer.yaml': 'includes: [layer:base, interface:token]\n',
  'layers/web/metadata.yaml': `name: web
summary: s
description: d
requires: {auth: {interface: token}}
`,
  'layers/web/reactive/web.ts': `
import { hook, hookenv, register_trigger, set_flag, when, when_not } from 'charms-reactive/compat';
import type { TokenRequires } from 'charms-reactive/interfaces/token/requires';

register_trigger({ when_not: 'endpoint.auth.joined', clear_flag: 'web.started' });

export const start = when('endpoint.auth.has_responses')(
  when_not('web.started')(function start(auth: TokenRequires) {
    hookenv.status_set('active', 'with ' + auth.tokens().join(', '));
    set_flag('web.started');
  }),
);

hook('{requires:token}-relation-broken')(function gone() {
  hookenv.status_set('blocked', 'needs a token');
});
`,
  'interfaces/token/interface.yaml': 'name: token\nsummary: s\nmaintainer: m\n',
  'interfaces/token/token-request.ts': `
import { BaseRequest, BaseResponse, Field } from 'charms-reactive/compat';

export class TokenResponse extends BaseResponse {
  @Field('the token') accessor token: string | null = null;
}

export class TokenRequest extends BaseRequest<typeof TokenResponse> {
  static override readonly RESPONSE_CLASS = TokenResponse;
  @Field('whom it is for') accessor user: string | null = null;
}
`,
  'interfaces/token/requires.ts': `
import { RequesterEndpoint, when } from 'charms-reactive/compat';
import { TokenRequest } from './token-request.ts';

export class TokenRequires extends RequesterEndpoint<typeof TokenRequest> {
  static override readonly REQUEST_CLASS = TokenRequest;

  @when('endpoint.{endpoint_name}.joined')
  joined(): void {
    for (const relation of this.relations) {
      TokenRequest.create_or_update({ match_fields: ['user'], relation, user: 'web' });
    }
  }

  tokens(): (string | null)[] {
    return this.responses.map(({ token }) => token);
  }
}
`,
  'interfaces/token/provides.ts': `
import { ResponderEndpoint } from 'charms-reactive/compat';
import { TokenRequest } from './token-request.ts';

export class TokenProvides extends ResponderEndpoint<typeof TokenRequest> {
  static override readonly REQUEST_CLASS = TokenRequest;
}
`,
  'layers/issuer/layer.yaml': 'includes: [layer:base, interface:token]\n',
  'layers/issuer/metadata.yaml': `name: issuer
summary: s
description: d
provides: {tokens: {interface: token}}
`,
  'layers/issuer/reactive/issuer.ts': `
import { hookenv, unitdata, when } from 'charms-reactive/compat';
import type { TokenProvides } from 'charms-reactive/interfaces/token/provides';

const kv = unitdata.kv();

when('endpoint.tokens.new_requests')(async function issue(tokens: TokenProvides) {
  for (const request of tokens.new_requests) {
    const issued = Number(kv.get('issuer.issued', 0)) + 1;
    kv.set('issuer.issued', issued);
    request.respond({ token: request.user + '-' + issued });
  }
  hookenv.status_set('active', 'issued ' + kv.get('issuer.issued'));
});
`,
};

test('charms in Python names are built, deployed and related as any other', async () => {
  const folder = writeTree(CHARMS);
  const search = {
    layersPath: [path.join(folder, 'layers')],
    interfacesPath: [path.join(folder, 'interfaces')],
  };
  const model = await Model.create();
  try {
    for (const name of ['web', 'issuer']) {
      const charm = path.join(folder, 'layers', name);
      const { output } = await buildCharm({ charm, output: path.join(folder, 'built', name), ...search });
      await model.deploy(output);
    }
    const alone = await model.settle();
    expect(alone.errors).toEqual([]);
    expect(runsOf(alone.hooks, 'web/0 install')).toEqual(['start', 'install']);
    model.integrate('web:auth', 'issuer:tokens');
    const { hooks, errors } = await model.settle();
    expect(errors).toEqual([]);
    // The function that runs only once has the name to itself. In which changed hook the answer arrives, Juju leaves open.
    const runs = runsOf(hooks, 'web/0 auth-relation-changed');
    expect(runs.filter((handler) => handler !== 'token/requires.joined@auth')).toEqual(['start#2']);
    expect(runs).toContain('token/requires.joined@auth');
    expect(statusOf(model, 'web')).toBe('active: with web-1');
    expect(statusOf(model, 'issuer')).toBe('active: issued 1');
    model.removeRelation('web:auth', 'issuer:tokens');
    expect((await model.settle()).errors).toEqual([]);
    expect(statusOf(model, 'web')).toBe('blocked: needs a token');
  } finally {
    await model.destroy();
  }
});

/** The handlers that ran in hooks of one name on a unit, as the log tells. */
function runsOf(hooks: readonly HookRecord[], unitAndHook: string): string[] {
  return hooks
    .filter(({ unit, hook }) => `${unit} ${hook}` === unitAndHook)
    .flatMap(({ log }) => log.flatMap(({ message }) => message.split('\n')))
    .flatMap((line) => /running (\S+) \(/.exec(line)?.[1] ?? []);
}

function statusOf(model: Model, application: string): string {
  const unit = model.status().applications[application]?.units?.[`${application}/0`];
  const { current, message } = unit?.['workload-status'] ?? {};
  return `${current}: ${message}`;
}
