import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostServices } from '../../../src/simulator/hook-tools/host-services.ts';
import { HOST_TOOLS, isHostQuestion, readsHostStdin } from '../../../src/simulator/hook-tools/host-tools.ts';
import { TOOL_NAMES, writeHostTools } from '../../../src/simulator/hook-tools/tools-folder.ts';
import { ServedHook } from '../served-hook.ts';

describe.each(['perl', 'node'] as const)('a stand-in for a program of the host, in %s,', (language) => {
  let hook: ServedHook;

  beforeEach(async () => {
    hook = await ServedHook.start(language);
    for (const name of HOST_TOOLS.keys()) hook.writeProgram(name, `echo "the host's $0:" "$@"; exit 7`);
  });

  afterEach(() => hook.stop());

  it('records a call and does nothing, and is no tool call', async () => {
    const told: (readonly string[])[] = [];
    hook.context.onHostCall = (call) => told.push(call);
    const { stdout, stderr, exitCode } = await hook.run(
      `apt-get install -y 'redis server' '' && useradd $'a\\nb' && reboot`,
    );
    expect([exitCode, stdout.toString(), stderr]).toEqual([0, '', '']);
    expect(hook.context.hostCalls).toEqual([
      ['apt-get', 'install', '-y', 'redis server', ''],
      ['useradd', 'a\nb'],
      ['reboot'],
    ]);
    expect(told).toEqual(hook.context.hostCalls);
    expect(hook.context.toolCalls).toEqual([]);
  });

  it('leaves to the host what only asks, with its arguments, its streams and its exit code', async () => {
    hook.writeProgram('dpkg', 'read -r line; echo "$0 <$1> <$2> $line"; echo trouble >&2; exit 4');
    const { stdout, stderr, exitCode } = await hook.run(`echo in | dpkg -s ''`);
    expect(stdout.toString()).toBe(`${hook.host}/dpkg <-s> <> in\n`);
    expect([exitCode, stderr]).toEqual([4, 'trouble\n']);
    expect(hook.context.hostCalls).toEqual([]);
  });

  it('leaves signals to the host as they were', async () => {
    hook.writeProgram('snap', 'for count in {1..20000}; do echo "$count"; done');
    const { stdout, stderr } = await hook.run(`snap list | { read -r line; }; echo "\${PIPESTATUS[0]}"`);
    expect([stdout.toString(), stderr]).toEqual(['141\n', '']);
  });

  it('says that there is no such command where the host has none', async () => {
    const { stdout, stderr, exitCode } = await hook.run('snap list', { PATH: `${hook.hostTools}:/nowhere:` });
    expect([exitCode, stdout.toString(), stderr]).toEqual([127, '', 'snap: command not found\n']);
  });

  it('finds the host behind other stand-ins, and does not go round', async () => {
    const other = `${hook.folder}/other`;
    writeHostTools(other, hook.host, language);
    const path = [hook.hostTools, other, hook.hostTools, other, hook.host].join(':');
    const { stdout, exitCode } = await hook.run('snap list', { PATH: path });
    expect([exitCode, stdout.toString()]).toEqual([7, `the host's ${hook.host}/snap: list\n`]);
  });

  it('does not run the host for who is in no hook', async () => {
    const refusal = (name: string) =>
      `ERROR cannot run ${name}: it is recorded in hooks only, and this is no hook of the model\n`;
    const unset = await hook.run('unset JUJU_CONTEXT_ID; apt-get update');
    expect([unset.exitCode, unset.stdout.toString(), unset.stderr]).toEqual([1, '', refusal('apt-get')]);
    const wrong = await hook.run('dpkg -s x', { JUJU_CONTEXT_ID: 'x' });
    expect([wrong.exitCode, wrong.stdout.toString(), wrong.stderr]).toEqual([1, '', refusal('dpkg')]);
    await hook.server.stop();
    const alone = await hook.run('apt-get --version');
    expect([alone.exitCode, alone.stdout.toString()]).toEqual([1, '']);
    expect(hook.context.hostCalls).toEqual([]);
  });

  it('reads to its end what it is fed', async () => {
    const { stdout, exitCode } = await hook.run(
      `set -o pipefail; { /bin/sleep 0.05; /usr/bin/head -c 300000 /dev/zero; } | chpasswd && echo key | apt-key add -
       echo "$?"; { apt-get update; read -r line; echo "$line"; } <<< kept`,
    );
    expect([exitCode, stdout.toString()]).toEqual([0, '0\nkept\n']);
    expect(hook.context.hostCalls).toEqual([['chpasswd'], ['apt-key', 'add', '-'], ['apt-get', 'update']]);
  });

  it('answers after services from what the hooks of the unit did', async () => {
    const { stdout } = await hook.run(
      `systemctl is-active redis; echo "$?"; systemctl --now enable redis.service; systemctl is-active redis; echo "$?"`,
    );
    expect(stdout.toString()).toBe('inactive\n3\nactive\n0\n');
    expect(hook.context.hostCalls).toEqual([['systemctl', '--now', 'enable', 'redis.service']]);
  });
});

it('none of the stand-ins has the name of a hook tool', () => {
  expect([...HOST_TOOLS.keys()].filter((name) => TOOL_NAMES.includes(name))).toEqual([]);
  expect([...HOST_TOOLS.keys()]).not.toContain('apt-cache');
});

/** Calls as charms make them. */
const QUESTIONS = [
  'apt-get --version',
  'apt-get install -y --dry-run redis',
  'apt list --installed',
  'apt-key list',
  'apt-mark showhold',
  'dpkg -l redis',
  'dpkg -s redis',
  'dpkg -L redis',
  'dpkg -S /bin/ls',
  'dpkg --print-architecture',
  'dpkg --compare-versions 1 lt 2',
  'snap list',
  'snap info core',
  'systemctl --version',
  'systemctl list-units --all',
  'ufw status',
  'iptables -t nat -nL',
  'iptables -C INPUT -j ACCEPT',
  'nft list ruleset',
  'sysctl -n vm.swappiness',
  'sysctl -a',
  'mount',
  'hostnamectl',
  'timedatectl status',
  'crontab -u root -l',
  'update-alternatives --display editor',
  'visudo -cf file',
  'docker ps -a',
  'passwd -S root',
  'useradd --help',
];

const CHANGES = [
  'apt-get update',
  'apt-get -y install list',
  'apt-get -o Dpkg::Options::=--force-confold install redis',
  'apt install redis',
  'apt-key adv --keyserver x --recv-keys y',
  'apt-mark hold redis',
  'dpkg -i redis.deb',
  'dpkg --configure -a',
  'dpkg --purge redis',
  'dpkg --add-architecture i386',
  'add-apt-repository --yes ppa:x/y',
  'snap install redis --classic',
  'snap set core a=b',
  'systemctl start redis',
  'systemctl daemon-reload',
  'ufw allow 80',
  'iptables -A INPUT -j ACCEPT',
  'iptables -L -Z',
  'nft add table x',
  'sysctl -w vm.swappiness=1',
  'sysctl vm.swappiness=1',
  'sysctl -p /etc/sysctl.d/x.conf',
  'sysctl --system',
  'mount /dev/x /mnt',
  'hostnamectl set-hostname x',
  'hostnamectl --static set-hostname x',
  'timedatectl set-timezone UTC',
  'crontab -',
  'crontab file',
  'update-alternatives --set editor /bin/vi',
  'shutdown -h now',
  'reboot --help',
  'halt --version',
  'passwd -l root',
  'docker run x',
  'lxd init --auto',
];

describe('a call', () => {
  it.each(QUESTIONS)('of %j only asks', (line) => {
    expect(asks(line)).toBe(true);
  });

  it.each(CHANGES)('of %j would change the host', (line) => {
    expect(asks(line)).toBe(false);
  });

  it.each([
    'apt-key add -',
    'crontab -',
    'chpasswd -e',
    'debconf-set-selections',
    'dpkg --set-selections',
    'passwd ubuntu',
    'lxd init --preseed',
    'docker login -u me --password-stdin',
  ])('of %j is fed through its standard input', (line) => {
    expect(isFed(line)).toBe(true);
  });

  it.each(['apt-get update', 'crontab file', 'debconf-set-selections file', 'passwd -l ubuntu'])(
    'of %j is not fed',
    (line) => {
      expect(isFed(line)).toBe(false);
    },
  );
});

describe('services', () => {
  it('that were never spoken of are stopped and disabled', () => {
    const services = new HostServices();
    expect(ask(services, 'systemctl is-active a')).toBe('3 inactive');
    expect(ask(services, 'systemctl is-enabled a')).toBe('1 disabled');
    expect(ask(services, 'systemctl is-failed a')).toBe('1 inactive');
    expect(ask(services, 'systemctl status a')).toContain('3 * a.service\n');
    expect(ask(services, 'service a status')).toBe('3  * a is not running');
    expect(ask(services, 'service --status-all')).toBe('0 ');
  });

  it('run once they are started, until they are stopped', () => {
    const services = new HostServices();
    note(services, 'systemctl restart a b.service');
    expect(ask(services, 'systemctl is-active a.service b c')).toBe('0 active\nactive\ninactive');
    expect(ask(services, 'systemctl is-active --quiet b')).toBe('0 ');
    expect(ask(services, 'systemctl status a')).toContain('Active: active (running)');
    expect(ask(services, 'systemctl status a c')).toMatch(/^3 /);
    note(services, 'service b stop');
    note(services, 'systemctl reload b');
    note(services, 'systemctl try-restart b');
    expect(ask(services, 'service b status')).toBe('3  * b is not running');
    expect(ask(services, 'service a status')).toBe('0  * a is running');
    expect(ask(services, 'service --status-all')).toBe('0  [ + ]  a\n [ - ]  b');
  });

  it('start with the machine, or not, apart from whether they run', () => {
    const services = new HostServices();
    note(services, 'systemctl enable a');
    expect(ask(services, 'systemctl is-enabled a')).toBe('0 enabled');
    expect(ask(services, 'systemctl is-active a')).toBe('3 inactive');
    note(services, 'systemctl mask a');
    expect(ask(services, 'systemctl is-enabled a')).toBe('1 masked');
    note(services, 'systemctl unmask a');
    expect(ask(services, 'systemctl is-enabled a')).toBe('1 disabled');
    note(services, 'systemctl enable --now a');
    note(services, 'update-rc.d -f a remove');
    expect(ask(services, 'systemctl is-enabled a')).toBe('1 disabled');
    expect(ask(services, 'systemctl is-active a')).toBe('0 active');
    note(services, 'systemctl disable --now a');
    expect(ask(services, 'systemctl is-active a')).toBe('3 inactive');
    note(services, 'update-rc.d a defaults');
    note(services, 'invoke-rc.d a start');
    expect(ask(services, 'systemctl is-enabled a')).toBe('0 enabled');
    expect(ask(services, 'systemctl is-active a')).toBe('0 active');
  });

  it('are not what other programs are about, nor other questions', () => {
    const services = new HostServices();
    expect(services.ask('snap', ['is-active', 'a'])).toBeUndefined();
    expect(services.ask('apt-get', ['a', 'status'])).toBeUndefined();
    expect(services.ask('systemctl', ['status'])).toBeUndefined();
    expect(services.ask('systemctl', ['list-units'])).toBeUndefined();
    note(services, 'snap start a');
    note(services, 'systemctl daemon-reload a');
    expect(ask(services, 'systemctl is-active a')).toBe('3 inactive');
    expect(ask(services, 'service --status-all')).toBe('0 ');
  });
});

function asks(line: string): boolean {
  const [tool, args] = findTool(line);
  return isHostQuestion(tool, args);
}

function isFed(line: string): boolean {
  const [tool, args] = findTool(line);
  return readsHostStdin(tool, args);
}

function findTool(line: string) {
  const [name = '', ...args] = line.split(' ');
  const tool = HOST_TOOLS.get(name);
  if (tool === undefined) throw new Error(`no stand-in for ${name}`);
  return [tool, args] as const;
}

function ask(services: HostServices, line: string): string {
  const [tool = '', ...args] = line.split(' ');
  const said = services.ask(tool, args);
  return said === undefined ? 'nothing' : `${said.exitCode} ${said.stdout.replace(/\n$/, '')}`;
}

function note(services: HostServices, line: string): void {
  const [tool = '', ...args] = line.split(' ');
  services.note(tool, args);
}
