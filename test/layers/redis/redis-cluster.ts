import { processesOf, type UnitRunner } from '../unit-runner.ts';
import { CLUSTER, makeRedisUnit } from './redis-unit.ts';

type Bag = Readonly<Record<string, string>>;

/** Units of one application, each with its own server, that see of each other what Juju would show them. */
export class RedisCluster {
  readonly #units = new Map<string, UnitRunner>();
  readonly #gone = new Set<string>();
  readonly #dying = new Set<string>();
  /** What a unit saw last of another, or of the application. */
  readonly #seen = new Map<string, string>();
  /** What the application published among its peers. */
  application: Bag = {};
  leader = 'redis/0';
  jujuVersion = '2.9.52';

  unit(name: string): UnitRunner {
    const unit = this.#units.get(name);
    if (!unit) throw new Error(`there is no unit ${name}`);
    return unit;
  }

  /** Adds units, each with its first hooks. */
  async deploy(...names: string[]): Promise<void> {
    for (const name of names) {
      this.#units.set(name, makeRedisUnit(name));
      await this.hook(name, 'install');
    }
    await this.settle();
  }

  /** Lets every unit see what its peers say, a hook for each that said something, until none has anything new to say. */
  async settle(): Promise<void> {
    for (let isQuiet = false; !isQuiet; ) {
      isQuiet = true;
      for (const name of this.#present) {
        for (const [writer, bag] of this.#bags()) {
          const key = `${name} ${writer}`;
          if (writer === name || this.#seen.get(key) === bag) continue;
          this.#seen.set(key, bag);
          isQuiet = false;
          await this.peerHook(name, 'changed', writer === 'redis' ? {} : { remoteUnit: writer });
        }
      }
    }
  }

  async hook(name: string, hook: string): Promise<void> {
    this.#show(name);
    await this.unit(name).hook(hook);
    this.#note(name);
  }

  /** A hook of the relation among peers: about a unit, or else about the application. */
  async peerHook(
    name: string,
    event: string,
    about: { readonly remoteUnit?: string; readonly departingUnit?: string } = {},
  ): Promise<void> {
    this.#show(name, event === 'departed' ? about.remoteUnit : undefined);
    await this.unit(name).hook({ name: `cluster-relation-${event}`, relationId: CLUSTER, ...about });
    this.#note(name);
  }

  /** Juju says from now on that a unit is to go. */
  markDying(name: string): void {
    this.#dying.add(name);
  }

  /** A unit is gone, with its machine. */
  destroy(name: string): void {
    this.killServer(name);
    this.#gone.add(name);
  }

  killServer(name: string): void {
    for (const pid of processesOf(this.unit(name).folder)) process.kill(pid, 'SIGKILL');
  }

  /** Where a unit's server is, and the password. */
  address(name: string) {
    const bag = this.unit(name).tools.published[CLUSTER]?.unit ?? {};
    return { host: JSON.parse(bag.host ?? '""'), port: Number(bag.port), password: this.password };
  }

  /** What all units share. */
  get password(): string {
    const { password, 'password-secret': secret } = this.application;
    if (password !== undefined) return JSON.parse(password);
    const { revisions = [] } = this.unit(this.leader).tools.secrets[JSON.parse(secret ?? '""')] ?? {};
    return String(revisions.at(-1)?.password);
  }

  /** What each unit says of itself, ports left out. */
  statuses(): string[] {
    return this.#present.map((name) => {
      const { status, message } = this.unit(name).tools.status;
      return `${name} ${status}: ${message.replace(/:\d+/, '')}`;
    });
  }

  get #present(): string[] {
    return [...this.#units.keys()].filter((name) => !this.#gone.has(name));
  }

  /** What Juju would tell a unit before a hook. */
  #show(name: string, departed?: string): void {
    const { tools } = this.unit(name);
    const bags = [...this.#units].map(([peer, { tools: theirs }]): [string, Bag] => [
      peer,
      theirs.published[CLUSTER]?.unit ?? {},
    ]);
    const peers = bags.filter(([peer]) => peer !== name && !this.#gone.has(peer) && peer !== departed);
    tools.model.isLeader = name === this.leader;
    const relation = { application: 'redis', units: Object.fromEntries(peers) };
    this.unit(name).relate({
      ...tools.model.relations,
      [CLUSTER]: { ...relation, departed: Object.fromEntries(bags) },
    });
    tools.published[CLUSTER] = { unit: tools.published[CLUSTER]?.unit ?? {}, app: this.application };
    tools.goal = {
      units: Object.fromEntries(
        this.#present.map((unit) => [unit, { status: this.#dying.has(unit) ? 'dying' : 'active' }]),
      ),
      relations: {},
    };
    this.unit(name).jujuVersion = this.jujuVersion;
    if (name !== this.leader) tools.secrets = this.unit(this.leader).tools.secrets;
  }

  #note(name: string): void {
    if (name === this.leader) this.application = this.unit(name).tools.published[CLUSTER]?.app ?? {};
  }

  /** What each unit and the application publish among peers, as text. */
  #bags(): [string, string][] {
    const units = this.#present.map((name): [string, string] => [
      name,
      JSON.stringify(this.unit(name).tools.published[CLUSTER]?.unit ?? {}),
    ]);
    return [...units, ['redis', JSON.stringify(this.application)]];
  }
}
