import type { HookTools } from './hook-tools.ts';

/**
 * Tools that ask Juju at most once in a hook: what does not change while it runs is remembered, and what this hook
 * itself writes is asked anew.
 *
 * `isLeader` is remembered too: a true answer promises leadership for 30 seconds, and what is written as leader is
 * checked by Juju again.
 */
export function cacheTools(tools: HookTools): HookTools {
  const answers = new Map<string, unknown>();
  const once = <T>(key: string, ask: () => T): T => {
    if (!answers.has(key)) answers.set(key, ask());
    return answers.get(key) as T;
  };
  const forget = (prefix: string): void => {
    for (const key of answers.keys()) if (key.startsWith(prefix)) answers.delete(key);
  };
  return {
    statusSet: (status, message, options) => tools.statusSet(status, message, options),
    statusGet: () => tools.statusGet(),
    applicationVersionSet: (version) => tools.applicationVersionSet(version),
    log: (message, level) => tools.log(message, level),
    relationIds: (endpoint) => [...once(`relation-ids ${endpoint}`, () => tools.relationIds(endpoint))],
    relationList: (id) => [...once(`relation-list ${id}`, () => tools.relationList(id))],
    relationApplication: (id) => once(`relation-app ${id}`, () => tools.relationApplication(id)),
    relationGet: (owner) =>
      once(`relation-get ${owner.relationId} ${owner.app ?? false} ${owner.member}`, () =>
        tools.relationGet(owner),
      ),
    relationSet: (target, settings) => {
      tools.relationSet(target, settings);
      forget(`relation-get ${target.relationId} `);
    },
    configGet: () => once('config-get', () => tools.configGet()),
    isLeader: () => once('is-leader', () => tools.isLeader()),
    leaderGet: () => once('leader-get', () => tools.leaderGet()),
    leaderSet: (settings) => {
      tools.leaderSet(settings);
      forget('leader-get');
    },
    openPort: (spec) => {
      tools.openPort(spec);
      forget('opened-ports');
    },
    closePort: (spec) => {
      tools.closePort(spec);
      forget('opened-ports');
    },
    openedPorts: () => [...once('opened-ports', () => tools.openedPorts())],
    networkGet: (binding, options) =>
      once(`network-get ${binding} ${options?.relationId ?? ''}`, () => tools.networkGet(binding, options)),
    unitGet: (which) => once(`unit-get ${which}`, () => tools.unitGet(which)),
  };
}
