/** A program of the host that hooks of a model do not reach: it is recorded, and prints nothing. */
export interface HostTool {
  /** Calls that only ask and never change anything: they are left to the host's own program. None if not given. */
  readonly asks?: CallTest;
  /** Calls that read standard input, apart from those with an argument `-`: what feeds them is to find a reader. */
  readonly readsStdin?: CallTest;
  /** Whether it is recorded only where the host has it: scripts take its being there for a sign of what the host is. */
  readonly isSign?: boolean;
  /** Whether `--help` and `--version` too stay away from the host. */
  readonly isSealed?: boolean;
}

type CallTest = (args: readonly string[]) => boolean;

const POWER: HostTool = { isSealed: true };

/**
 * The programs that are recorded and not run, by name: those with which charms change a machine. Left out is what charms
 * mostly read with (`ip`, `apt-cache`, `dpkg-query`, `getent`), and what keeps to the files it is given.
 *
 * They are found on PATH before the host's own. A charm that names a program by its whole path (`/usr/bin/apt-get`), or
 * calls it through what has a PATH of its own (`sudo`), goes past them.
 */
export const HOST_TOOLS: ReadonlyMap<string, HostTool> = new Map<string, HostTool>([
  ...['apt-get', 'apt', 'aptitude'].map((name): [string, HostTool] => [
    name,
    {
      asks: anyOf(
        // Not `download` or `source`: they fetch, and what they fetch is there to be installed.
        verb(
          'list',
          'search',
          'show',
          'showsrc',
          'policy',
          'depends',
          'rdepends',
          'versions',
          'why',
          'changelog',
        ),
        flag(/^(-s|--simulate|--just-print|--dry-run|--no-act|--print-uris)$/),
      ),
    },
  ]),
  ['apt-key', { asks: verb('list', 'finger', 'export', 'exportall') }],
  ['apt-mark', { asks: verb('showauto', 'showmanual', 'showhold', 'showinstall') }],
  ['add-apt-repository', {}],
  ['do-release-upgrade', {}],
  [
    'dpkg',
    {
      asks: first(
        /^(-[slLSpCVIcfW]|--(status|list|listfiles|search|print-.*|audit|verify|info|contents|field|show|get-selections|compare-versions|assert-.*|validate-.*))$/,
      ),
      readsStdin: flag(/^--(set-selections|update-avail|merge-avail)$/),
    },
  ],
  ['dpkg-reconfigure', {}],
  ['dpkg-divert', { asks: first(/^--(list|listpackage|truename)$/) }],
  ['dpkg-statoverride', { asks: first(/^--list$/) }],
  ['debconf-set-selections', { readsStdin: (args) => args.every(isFlag) }],
  ['yum', { isSign: true, asks: verb('list', 'info', 'search', 'repolist', 'provides') }],
  ['dnf', { isSign: true, asks: verb('list', 'info', 'search', 'repolist', 'provides', 'repoquery') }],
  [
    'snap',
    { asks: verb('list', 'info', 'find', 'version', 'known', 'get', 'services', 'connections', 'model') },
  ],

  // What they say of a unit's services is answered from what it recorded: see host-services.ts.
  ['systemctl', { asks: verb('list-units', 'list-unit-files', 'show', 'cat', 'is-system-running') }],
  ['service', {}],
  ['invoke-rc.d', {}],
  ['update-rc.d', {}],
  ['initctl', { asks: verb('list', 'version') }],
  ['loginctl', { asks: verb('list-sessions', 'list-users', 'show-session', 'show-user', 'user-status') }],

  ...['reboot', 'shutdown', 'halt', 'poweroff', 'telinit'].map((name): [string, HostTool] => [name, POWER]),

  ...['useradd', 'adduser', 'usermod', 'userdel', 'deluser'].map((name): [string, HostTool] => [name, {}]),
  ...['groupadd', 'addgroup', 'groupdel', 'delgroup', 'groupmod', 'gpasswd'].map(
    (name): [string, HostTool] => [name, {}],
  ),
  ['chpasswd', { readsStdin: () => true }],
  ['passwd', { asks: first(/^(-S|--status)$/), readsStdin: (args) => !args.some(isFlag) }],
  ['visudo', { asks: first(/^(-cf?|--check)$/) }],

  ['ufw', { asks: verb('status', 'show', 'version') }],
  ...['iptables', 'ip6tables'].map((name): [string, HostTool] => [
    name,
    // Not with `-Z`, which resets what it lists.
    { asks: (args) => args.some(isRuleQuestion) && !args.some((arg) => /^(-\w*Z|--zero)/.test(arg)) },
  ]),
  ['nft', { asks: verb('list') }],
  ['netplan', { asks: verb('get', 'info', 'status') }],
  ['ifup', {}],
  ['ifdown', {}],

  ['sysctl', { asks: (args) => args.every((arg) => /^(-[aAbeNnqX]+|--all|--values|[^-=][^=]*)$/.test(arg)) }],
  ['modprobe', { asks: first(/^(-n|--dry-run|-D|--show-depends|-c|--showconfig)$/) }],
  // Without arguments it lists what is mounted.
  ['mount', { asks: (args) => args.length === 0 || args[0] === '-l' }],
  ['umount', {}],
  ['swapon', { asks: first(/^(-s|--summary|--show.*)$/) }],
  ['swapoff', {}],
  ['hostnamectl', { asks: verb(undefined, 'status') }],
  ['timedatectl', { asks: verb(undefined, 'status', 'show', 'list-timezones') }],
  ['localectl', { asks: verb(undefined, 'status', 'list-locales', 'list-keymaps') }],
  ['crontab', { asks: flag(/^-l$/), readsStdin: (args) => args.length === 0 }],
  ['update-alternatives', { asks: flag(/^--(display|list|query|get-selections)$/) }],
  ...['update-grub', 'update-initramfs', 'update-locale', 'locale-gen'].map((name): [string, HostTool] => [
    name,
    {},
  ]),
  ['update-ca-certificates', {}],

  // Containers hold the host's ports, disks and memory as much as programs do.
  ['lxc', { asks: verb('list', 'info', 'version') }],
  ['lxd', { readsStdin: flag(/^--preseed$/) }],
  [
    'docker',
    {
      asks: verb('ps', 'images', 'inspect', 'info', 'version', 'logs', 'port', 'top'),
      readsStdin: anyOf(verb('load', 'import'), flag(/^--password-stdin$/)),
    },
  ],
]);

/** Whether a call only asks, so that the host's own program may answer it. */
export function isHostQuestion(tool: HostTool, args: readonly string[]): boolean {
  if (/^--(help|version)$/.test(args[0] ?? '')) return !tool.isSealed;
  return tool.asks?.(args) ?? false;
}

/** Whether a call is fed through its standard input. */
export function readsHostStdin(tool: HostTool, args: readonly string[]): boolean {
  return args.includes('-') || (tool.readsStdin?.(args) ?? false);
}

function anyOf(...tests: readonly CallTest[]): CallTest {
  return (args) => tests.some((test) => test(args));
}

/** The first argument that is no flag is one of these; undefined stands for there being none. */
function verb(...verbs: readonly (string | undefined)[]): CallTest {
  return (args) => verbs.includes(args.find((arg) => !isFlag(arg)));
}

function flag(pattern: RegExp): CallTest {
  return (args) => args.some((arg) => pattern.test(arg));
}

function first(pattern: RegExp): CallTest {
  return (args) => pattern.test(args[0] ?? '');
}

function isFlag(arg: string): boolean {
  return arg.startsWith('-');
}

function isRuleQuestion(arg: string): boolean {
  return /^(-[nvx]*[LS]|--list|--list-rules|-C|--check)$/.test(arg);
}
