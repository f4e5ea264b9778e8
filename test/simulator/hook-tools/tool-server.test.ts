import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TOOL_NAMES, type ToolLanguage, writeTools } from '../../../src/simulator/hook-tools/tools-folder.ts';
import type { Model } from '../../../src/simulator/model.ts';
import { recordOf, saidBy, Workshop } from '../bash-charm.ts';

let workshop: Workshop;

beforeEach(() => {
  workshop = new Workshop();
});

afterEach(() => workshop.clean());

describe('the socket', () => {
  it('is for this user alone, and gone when the model is', async () => {
    const model = await workshop.model();
    await model.deploy(
      workshop.charm({ name: 'web', hooks: { install: 'echo $JUJU_AGENT_SOCKET_ADDRESS' } }),
    );
    const { hooks } = await model.settle();
    const socket = (saidBy(hooks[0])[0] ?? '').replace('DEBUG ', '');
    expect(socket).toBe(join(model.folder, 'run', 'agent.socket'));
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    await model.destroy();
    expect(existsSync(socket)).toBe(false);
  });

  it('lies elsewhere, as private, for a model whose folder is too deep for one', async () => {
    const folder = workshop.folder(join('deep'.repeat(20), 'deeper'.repeat(20)));
    const model = await workshop.model({ folder });
    await model.deploy(
      workshop.charm({ name: 'web', hooks: { install: 'echo $JUJU_AGENT_SOCKET_ADDRESS; is-leader' } }),
    );
    const [address = '', answer] = saidBy((await model.settle()).hooks[0]);
    const socket = address.replace('DEBUG ', '');
    expect(answer).toBe('DEBUG True');
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    await model.destroy();
    expect(existsSync(dirname(socket))).toBe(false);
  });
});

describe('the server', () => {
  it('hangs up on what is no tool call, and goes on serving', async () => {
    const install = `for text in rubbish null '{}' '{"contextId":"x"}'; do
        printf '%s\\n' "$text" | python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.stdin.buffer.read()); print(s.recv(9))' "$JUJU_AGENT_SOCKET_ADDRESS"
      done; is-leader`;
    const model = await workshop.model();
    await model.deploy(workshop.charm({ name: 'web', hooks: { install } }));
    const said = saidBy((await model.settle()).hooks[0]);
    expect(said).toEqual(["DEBUG b''", "DEBUG b''", "DEBUG b''", "DEBUG b''", 'DEBUG True']);
  });
});

describe.each(['perl', 'node'] as const)('a hook tool in %s', (language) => {
  const install = (script: string, files: Readonly<Record<string, string>> = {}) =>
    installWith(language, script, files);

  it('prints, fails and exits as the model tells it', async () => {
    const said = await install(
      'is-leader --format=json; status-set nonsense; echo "exit $?"; leader-get a=b; echo "exit $?"; relation-ids --format=json cluster',
    );
    expect(said.sort()).toEqual([
      'DEBUG []',
      'DEBUG exit 2',
      'DEBUG exit 2',
      'DEBUG true',
      'WARNING ERROR invalid key "a=b"',
      'WARNING ERROR invalid status "nonsense", expected one of [maintenance blocked waiting active]',
    ]);
  });

  it('reads standard input if its arguments say so, and leaves it alone otherwise', async () => {
    const said = await install(
      `printf '{"a": "1"}' | state-set --file -
       state-get a
       printf 'left over' | { is-leader; cat; }`,
    );
    expect(said).toEqual(['DEBUG 1', 'DEBUG True', 'DEBUG left over']);
  });

  it('reads and writes files from where its caller is', async () => {
    const said = await install(
      'mkdir sub; cp settings sub/here; cd sub; state-set --file here; state-get -o out; cat out; state-get --format=json',
      { settings: 'port: 80\n' },
    );
    expect(said).toEqual(['DEBUG port: "80"', 'DEBUG {"port":"80"}']);
  });

  it('passes any text on as it is', async () => {
    const said = await install(
      `state-set "a=\u00e9 \\"quoted\\" 'x'"$'\\n'"two"; state-get a; juju-log -- "-l" "b c"`,
    );
    expect(said).toEqual(['DEBUG \u00e9 "quoted" \'x\'', 'DEBUG two', 'INFO -l b c']);
  });

  it('carries more than fits a pipe', async () => {
    const said = await install(
      'head -c 60000 /dev/zero | tr "\\0" x > big; { echo -n "big: "; cat big; } > file; state-set --file file; state-get big | wc -c',
    );
    expect(said).toEqual(['DEBUG 60001']);
  });

  it('is on PATH under every name that Juju has now, and none that it never had', async () => {
    const said = await install('type -P secret-add | grep -c secret-add; type -P function-get || echo none');
    expect(said).toEqual(['DEBUG 1', 'DEBUG none']);
    expect(new Set(TOOL_NAMES).size).toBe(TOOL_NAMES.length);
  });

  it('needs the id of a hook that runs', async () => {
    const said = await install(
      'JUJU_CONTEXT_ID=x is-leader; echo "exit $?"; unset JUJU_CONTEXT_ID; is-leader; echo "exit $?"',
    );
    expect(said.sort()).toEqual([
      'DEBUG exit 1',
      'DEBUG exit 1',
      'WARNING ERROR JUJU_CONTEXT_ID not set',
      'WARNING ERROR bad request: wrong context ID; got "x"',
    ]);
  });

  it('is refused to what outlives its hook', async () => {
    const model = await modelWith(language);
    const dispatch = '[ $JUJU_HOOK_NAME != install ] || /usr/bin/env -0 > $HOME/environment';
    await model.deploy(workshop.charm({ name: 'web', dispatch }));
    await model.settle();
    const file = join(model.folder, 'agents', 'unit-web-0', 'home', 'environment');
    const entries = readFileSync(file, 'utf8').split('\0').filter(Boolean);
    const env = Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    );
    const { stderr, status } = await run(join(model.folder, 'tools', 'is-leader'), env);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ERROR bad request: wrong context ID; got "web\/0-install-/);
  });
});

/** Not with spawnSync: the server lives in this process. */
async function run(file: string, env: Record<string, string>) {
  const child = spawn(file, [], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { stderr, status };
}

/** What an install hook says, with tools in one language. */
async function installWith(
  language: ToolLanguage,
  script: string,
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  const model = await modelWith(language);
  const folder = workshop.charm({
    name: 'web',
    metadata: 'peers:\n  cluster: web\n',
    hooks: { install: script },
  });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  await model.deploy(folder);
  return saidBy(recordOf((await model.settle()).hooks, 'web/0', 'install'));
}

async function modelWith(language: ToolLanguage): Promise<Model> {
  const model = await workshop.model();
  const tools = join(model.folder, 'tools');
  rmSync(tools, { recursive: true });
  writeTools(tools, language);
  return model;
}
