import type { ToolResult } from './tool-run.ts';

/**
 * The services of one unit's machine, as far as its hooks have said something of them: none is ever started, and yet a
 * charm that started one is told that it runs. A service that was never spoken of is stopped and disabled.
 */
export class HostServices {
  readonly #services = new Map<string, ServiceState>();

  /** Answers a call that asks after services; undefined for one that does something else. */
  ask(tool: string, args: readonly string[]): ToolResult | undefined {
    const { verb, names, flags } = parseServiceCall(tool, args);
    const services = names.map((name) => ({ name, ...this.#find(name) }));
    const isQuiet = flags.some((flag) => /^(-q|--quiet)$/.test(flag));
    const answer = (code: number, lines: readonly string[]) => ({
      exitCode: code,
      stdout: isQuiet ? '' : lines.map((line) => `${line}\n`).join(''),
      stderr: '',
    });
    const isAnyActive = services.some(({ isActive }) => isActive);
    const states = services.map(({ isActive }) => (isActive ? 'active' : 'inactive'));
    switch (verb) {
      case 'is-active':
        return answer(isAnyActive ? 0 : 3, states);
      case 'is-failed':
        return answer(1, states);
      case 'is-enabled':
        return answer(
          services.some(({ startup }) => startup === 'enabled') ? 0 : 1,
          services.map(({ startup }) => startup),
        );
      case 'status':
        if (names.length === 0) return undefined;
        return answer(
          services.every(({ isActive }) => isActive) ? 0 : 3,
          services.flatMap((service) => describe(tool, service)),
        );
      case '--status-all':
        return answer(
          0,
          [...this.#services].map(([name, { isActive }]) => ` [ ${isActive ? '+' : '-'} ]  ${name}`),
        );
      default:
        return undefined;
    }
  }

  /** Remembers what a call did to services, had it been run. Other calls pass by. */
  note(tool: string, args: readonly string[]): void {
    const { verb, names, flags } = parseServiceCall(tool, args);
    const change = CHANGES.get(verb);
    if (change === undefined) return;
    const isNow = flags.includes('--now') && change.startup !== undefined;
    for (const name of names) {
      const now = isNow ? { isActive: change.startup === 'enabled' } : {};
      this.#services.set(name, { ...this.#find(name), ...change, ...now });
    }
  }

  #find(name: string): ServiceState {
    return this.#services.get(name) ?? { isActive: false, startup: 'disabled' };
  }
}

interface ServiceState {
  readonly isActive: boolean;
  /** Whether it starts with the machine. */
  readonly startup: 'enabled' | 'disabled' | 'masked';
}

/** What becomes of a service, by verb. A reload, and a restart of what runs only, change nothing about it. */
const CHANGES: ReadonlyMap<string, Partial<ServiceState>> = new Map([
  ['start', { isActive: true }],
  ['restart', { isActive: true }],
  ['reload-or-restart', { isActive: true }],
  ['stop', { isActive: false }],
  ['enable', { startup: 'enabled' }],
  ['reenable', { startup: 'enabled' }],
  ['defaults', { startup: 'enabled' }],
  ['disable', { startup: 'disabled' }],
  ['remove', { startup: 'disabled' }],
  ['mask', { startup: 'masked' }],
  ['unmask', { startup: 'disabled' }],
]);

interface ServiceCall {
  readonly verb: string;
  readonly names: readonly string[];
  readonly flags: readonly string[];
}

/** `systemctl` has the verb before the services, the others after the one service. */
function parseServiceCall(tool: string, args: readonly string[]): ServiceCall {
  const flags = args.filter((arg) => arg.startsWith('-'));
  const words = args.filter((arg) => !arg.startsWith('-'));
  if (tool === 'systemctl') {
    const [verb = '', ...names] = words;
    return { verb, names: names.map((name) => name.replace(/\.service$/, '')), flags };
  }
  if (!['service', 'invoke-rc.d', 'update-rc.d'].includes(tool)) return { verb: '', names: [], flags };
  if (flags.includes('--status-all')) return { verb: '--status-all', names: [], flags };
  const [name, verb = ''] = words;
  return { verb, names: name === undefined ? [] : [name], flags };
}

function describe(tool: string, service: ServiceState & { readonly name: string }): string[] {
  const { name, isActive, startup } = service;
  // Scripts look for these words.
  if (tool !== 'systemctl') return [` * ${name} is ${isActive ? 'running' : 'not running'}`];
  return [
    `* ${name}.service`,
    `     Loaded: loaded (${startup})`,
    `     Active: ${isActive ? 'active (running)' : 'inactive (dead)'}`,
  ];
}
