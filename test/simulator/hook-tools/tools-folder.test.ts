import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOST_TOOLS } from '../../../src/simulator/hook-tools/host-tools.ts';
import { TOOL_NAMES, writeHostTools, writeTools } from '../../../src/simulator/hook-tools/tools-folder.ts';
import { ServedHook } from '../served-hook.ts';

let hook: ServedHook;

afterEach(() => hook.stop());

describe.each(['perl', 'node'] as const)('a tool in %s', (language) => {
  beforeEach(async () => {
    hook = await ServedHook.start(language);
  });

  it('passes on its arguments as they are: empty, quoted, with new lines, and beyond ASCII', async () => {
    const { exitCode } = await hook.run(
      `state-set '' $'a=one\\ntwo\\t\\\\ "three"' 'b=\u00e9\u{1F600}' -- '  c  = d '; is-leader --format json ''`,
    );
    expect(exitCode).toBe(2);
    expect(hook.context.toolCalls).toEqual([
      ['state-set', '', 'a=one\ntwo\t\\ "three"', 'b=\u00e9\u{1F600}', '--', '  c  = d '],
      ['is-leader', '--format', 'json', ''],
    ]);
  });

  it('passes on arguments that are no UTF-8 in some form, and is served after that', async () => {
    const { stdout, exitCode } = await hook.run(`state-set $'a=x\\xff\\xc3y'; state-get a; is-leader`);
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toBe('x\ufffd\ufffdy\nTrue\n');
  });

  it('prints to the byte what the server answers', async () => {
    const text = Array.from({ length: 0x180 }, (_, code) => String.fromCodePoint(code || 1)).join('');
    hook.context.changes.charmState = { a: `${text}\r\n\n`, b: '' };
    const { stdout, stderr } = await hook.run('state-get a; state-get b; PERL_UNICODE=SDA state-get a');
    const whole = `${text}\r\n\n\n`;
    expect(stdout.equals(Buffer.from(whole + whole))).toBe(true);
    expect(stderr).toBe('');
  });

  it('carries megabytes of standard input that come slowly, and prints megabytes into a slow reader', async () => {
    const keys = Array.from({ length: 80 }, (_, key) => `k${key}: ${'x'.repeat(60_000)}\u00e9`);
    writeFileSync(join(hook.folder, 'big'), `${keys.join('\n')}\n`);
    const { stdout, stderr } = await hook.run(
      `{ /usr/bin/head -c 100000; /bin/sleep 0.05; /bin/cat; } < big | state-set --file -
       state-get --format=yaml | { /bin/sleep 0.05; /bin/cat; }`,
    );
    expect(stderr).toBe('');
    expect(stdout.equals(readFileSync(join(hook.folder, 'big')))).toBe(true);
  });

  it('leaves standard input alone unless it is asked for it', async () => {
    const { stdout } = await hook.run(
      `printf 'left\\n' | { is-leader; read -r line; echo "$line"; }; printf 'a: 1' | { state-set --file -; }; state-get a`,
    );
    expect(stdout.toString()).toBe('True\nleft\n1\n');
  });

  it('works with its standard streams closed', async () => {
    const { stdout, stderr } = await hook.run(
      'is-leader <&-; is-leader >&-; echo "$?"; is-leader 2>&-; state-set --file - <&-; echo "$?"; status-set x <&- >&- 2>&-; echo "$?"',
    );
    expect(stderr).toBe('');
    expect(stdout.toString()).toBe('True\n0\nTrue\n0\n2\n');
  });

  it('is not killed where nobody reads what it prints', async () => {
    hook.context.changes.charmState = { a: 'x'.repeat(1_000_000) };
    const { stdout } = await hook.run(`state-get a | { read -r -n 1; }; echo "\${PIPESTATUS[0]}"`);
    expect(stdout.toString()).toBe('0\n');
  });

  it('prints to a stream that does not wait for its reader, and reads one that does not wait for its writer', async () => {
    hook.context.changes.charmState = { a: 'x'.repeat(300_000) };
    hook.writeProgram(
      'unblocked',
      `exec /usr/bin/perl -MFcntl -e 'fcntl($_, F_SETFL, fcntl($_, F_GETFL, 0) | O_NONBLOCK) for *STDIN, *STDOUT; exec @ARGV' "$@"`,
    );
    const { stdout, stderr } = await hook.run(
      `{ /bin/sleep 0.1; echo 'b: late'; } | unblocked state-set --file - | /bin/cat
       unblocked state-get a < <(:) | { /bin/sleep 0.1; /bin/cat; } | { read -r line; echo "\${#line}"; }; state-get b`,
    );
    expect(stderr).toBe('');
    expect(stdout.toString()).toBe('300000\nlate\n');
  });

  it('is found by its whole path, a path from here, and a link from elsewhere', async () => {
    const odd = join(hook.folder, 'a "b" é\n-x');
    mkdirSync(odd);
    symlinkSync(join(hook.tools, 'is-leader'), join(odd, 'is-leader'));
    const { stdout, stderr } = await hook.run(
      `"$PWD/tools/is-leader"; tools/is-leader; cd tools; ./is-leader; cd ../a*; ./is-leader; PATH=. is-leader; "$PWD/is-leader"`,
    );
    expect(stderr).toBe('');
    expect(stdout.toString()).toBe('True\n'.repeat(6));
  });

  it('works in a folder that is gone', async () => {
    const { stdout } = await hook.run('/bin/mkdir gone; cd gone; /bin/rmdir ../gone; is-leader');
    expect(stdout.toString()).toBe('True\n');
  });

  it('calls by a name that is no tool of Juju are refused', async () => {
    symlinkSync('is-leader', join(hook.tools, 'is-follower'));
    const { stderr, exitCode } = await hook.run('is-follower');
    expect([exitCode, stderr]).toEqual([1, 'ERROR bad request: unknown command: is-follower\n']);
  });

  it('says what is missing of its environment', async () => {
    const said = [];
    for (const missing of ['JUJU_CONTEXT_ID', 'JUJU_AGENT_SOCKET_ADDRESS']) {
      for (const script of [`unset ${missing}; is-leader`, `${missing}= is-leader`])
        said.push(await hook.run(script));
    }
    expect(said.map(({ stderr, exitCode }) => `${exitCode} ${stderr}`)).toEqual([
      '1 ERROR JUJU_CONTEXT_ID not set\n',
      '1 ERROR JUJU_CONTEXT_ID not set\n',
      '1 ERROR JUJU_AGENT_SOCKET_ADDRESS not set\n',
      '1 ERROR JUJU_AGENT_SOCKET_ADDRESS not set\n',
    ]);
  });

  it('says that it cannot connect where nobody serves', async () => {
    await hook.server.stop();
    const { stdout, stderr, exitCode } = await hook.run('is-leader');
    expect([exitCode, stdout.toString()]).toEqual([1, '']);
    expect(stderr).toMatch(/^ERROR cannot connect to the agent: connect .*\n$/);
    expect(stderr).toContain('agent.socket');
  });

  it('says that the agent hung up, before it has read the call and after', async () => {
    const address = join(hook.folder, 'rude.socket');
    writeFileSync(join(hook.folder, 'big'), 'x'.repeat(100_000));
    for (const isReading of [false, true]) {
      const rude = createServer((socket) => {
        if (!isReading) return socket.destroy();
        return socket.once('data', () => socket.end(Buffer.from([0, 0, 0, 9, 0])));
      });
      await new Promise<void>((resolve) => rude.listen(address, resolve));
      const { stderr, exitCode } = await hook.run('is-leader "$(<big)"', {
        JUJU_AGENT_SOCKET_ADDRESS: address,
      });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^ERROR the agent closed the connection.*\n$/);
      await new Promise((resolve) => rude.close(resolve));
    }
  });
});

describe('the folder', () => {
  beforeEach(async () => {
    hook = await ServedHook.start();
  });

  it('has every tool of Juju, in perl where there is one, and nothing else that shows', async () => {
    const shown = readdirSync(hook.tools).filter((name) => !name.startsWith('.'));
    expect(shown.sort()).toEqual([...TOOL_NAMES].sort());
    expect(readFileSync(join(hook.tools, 'is-leader'), 'utf8')).toMatch(/^#!\/usr\/bin\/perl/);
  });

  it('goes through wrappers where node has a place that no script can name', async () => {
    const odd = join(hook.folder, "node of 'mine'");
    const own = process.execPath;
    symlinkSync(own, odd);
    const folder = join(hook.folder, 'wrappers');
    const hostFolder = join(hook.folder, 'host-wrappers');
    try {
      process.execPath = odd;
      writeTools(folder, 'node');
      writeHostTools(hostFolder, '', 'node');
    } finally {
      process.execPath = own;
    }
    hook.writeProgram('dpkg', 'echo "the host: $*"');
    const { stdout, stderr } = await hook.run(`is-leader; dpkg -s 'a b'; apt-get update`, {
      PATH: `${folder}:${hostFolder}:${hook.host}`,
    });
    expect(stderr).toBe('');
    expect(stdout.toString()).toBe('True\nthe host: -s a b\n');
    expect(hook.context.hostCalls).toEqual([['apt-get', 'update']]);
  });

  it('of stand-ins has those that tell what a host is only where the host has them', () => {
    const folder = join(hook.folder, 'others');
    hook.writeProgram('yum', ':');
    writeHostTools(folder, `/nowhere::${hook.host}`);
    const all = [...HOST_TOOLS.keys()];
    expect(
      readdirSync(folder)
        .filter((name) => !name.startsWith('.'))
        .sort(),
    ).toEqual(all.filter((name) => name !== 'dnf').sort());
    expect(readdirSync(hook.hostTools)).not.toContain('yum');
  });
});
