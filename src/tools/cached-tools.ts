import type { HookTools, RawBag } from './hook-tools.ts';
import { copyBag } from './tool-answers.ts';

/** Asks a question once, and gives the same answer until it is told to forget. */
class Answers {
  readonly #answers = new Map<string, unknown>();

  once<T>(question: string, ask: () => T): T {
    if (!this.#answers.has(question)) this.#answers.set(question, ask());
    return this.#answers.get(question) as T;
  }

  /** The same answer each time too, but each a copy of its own, so that nobody can change it for others. */
  copy<T>(question: string, ask: () => T): T {
    return structuredClone(this.once(question, ask));
  }

  /** As `copy`, for bags, whose keys mean nothing but themselves. */
  bag(question: string, ask: () => RawBag): RawBag {
    return copyBag(this.once(question, ask));
  }

  /** Forgets every question that begins like this. */
  forget(beginning: string): void {
    for (const question of this.#answers.keys())
      if (question.startsWith(beginning)) this.#answers.delete(question);
  }

  /** Does something unless the very same was the last thing done about this matter. */
  unlessSame(matter: string, wanted: string, act: () => void): void {
    if (this.#answers.get(`last ${matter}`) === wanted) return;
    act();
    this.#answers.set(`last ${matter}`, wanted);
  }
}

type Overrides = Partial<HookTools>;

/**
 * Tools that ask Juju at most once in a hook: what does not change while it runs is remembered, and what this hook
 * itself writes is asked anew. Who changes an answer changes it for nobody else. Writes of what is so already are left
 * out, and so not refused either: a status or a version set twice, a leader setting or a state key with the value it has,
 * the deletion of a state key that is not there.
 *
 * `isLeader` is remembered too: a true answer promises leadership for 30 seconds, and what is written as leader is
 * checked by Juju again. Secrets are never remembered, since reading one may move on to a newer revision; nor are the
 * statuses, which others change.
 */
export function cacheTools(tools: HookTools): HookTools {
  const answers = new Answers();
  const overrides: Overrides = {
    ...cacheRelations(tools, answers),
    ...cacheUnit(tools, answers),
    ...cacheModel(tools, answers),
  };
  return new Proxy(tools, {
    get: (target, name) => {
      const override = Reflect.get(overrides, name);
      if (override !== undefined) return override;
      const method: unknown = Reflect.get(target, name);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}

function cacheRelations(tools: HookTools, answers: Answers): Overrides {
  return {
    relationIds: (endpoint) => answers.copy(`relation-ids ${endpoint}`, () => tools.relationIds(endpoint)),
    relationList: (id) => answers.copy(`relation-list ${id}`, () => tools.relationList(id)),
    relationApplication: (id) => answers.once(`relation-app ${id}`, () => tools.relationApplication(id)),
    relationModel: (id) => answers.once(`relation-model ${id}`, () => tools.relationModel(id)),
    relationGet: (owner) => {
      const question = `relation-get ${owner.relationId} ${owner.app ?? false} ${owner.member}`;
      const bag = answers.once(question, () => tools.relationGet(owner));
      return bag && copyBag(bag);
    },
    relationSet: (target, settings) => {
      tools.relationSet(target, settings);
      answers.forget(`relation-get ${target.relationId} `);
    },
  };
}

function cacheUnit(tools: HookTools, answers: Answers): Overrides {
  return {
    configGet: () => answers.copy('config-get', () => tools.configGet()),
    statusSet: (status, message, options) =>
      answers.unlessSame(`status ${options?.application ?? false}`, JSON.stringify([status, message]), () =>
        tools.statusSet(status, message, options),
      ),
    applicationVersionSet: (version) =>
      answers.unlessSame('version', version, () => tools.applicationVersionSet(version)),
    isLeader: () => answers.once('is-leader', () => tools.isLeader()),
    leaderGet: () => answers.bag('leader-get', () => tools.leaderGet()),
    leaderSet: (settings) => {
      const now = answers.bag('leader-get', () => tools.leaderGet());
      // Juju keeps settings without the space around them.
      const changes = Object.entries(settings).filter(
        ([key, value]) => (now[key.trim()] ?? '') !== value.trim(),
      );
      if (changes.length === 0 && Object.keys(settings).length > 0) return;
      tools.leaderSet(Object.fromEntries(changes));
      answers.forget('leader-get');
    },
    openPort: (spec, options) => {
      tools.openPort(spec, options);
      answers.forget('opened-ports');
    },
    closePort: (spec, options) => {
      tools.closePort(spec, options);
      answers.forget('opened-ports');
    },
    openedPorts: () => answers.copy('opened-ports', () => tools.openedPorts()),
    networkGet: (binding, options) =>
      answers.copy(`network-get ${binding} ${options?.relationId ?? ''}`, () =>
        tools.networkGet(binding, options),
      ),
    unitGet: (which) => answers.once(`unit-get ${which}`, () => tools.unitGet(which)),
  };
}

function cacheModel(tools: HookTools, answers: Answers): Overrides {
  const state = (): RawBag => answers.bag('state-get', () => tools.stateGet());
  return {
    goalState: () => answers.copy('goal-state', () => tools.goalState()),
    credentialGet: () => answers.copy('credential-get', () => tools.credentialGet()),
    resourceGet: (name) => answers.once(`resource-get ${name}`, () => tools.resourceGet(name)),
    actionGet: () => answers.copy('action-get', () => tools.actionGet()),
    storageList: (name) => answers.copy(`storage-list ${name ?? ''}`, () => tools.storageList(name)),
    storageGet: (id) => answers.copy(`storage-get ${id}`, () => tools.storageGet(id)),
    stateGet: state,
    stateSet: (values) => {
      const now = state();
      const changes = Object.entries(values).filter(([key, value]) => now[key] !== value);
      if (changes.length === 0) return;
      tools.stateSet(Object.fromEntries(changes));
      answers.forget('state-get');
    },
    stateDelete: (key) => {
      if (key !== '' && !Object.hasOwn(state(), key)) return;
      tools.stateDelete(key);
      answers.forget('state-get');
    },
  };
}
