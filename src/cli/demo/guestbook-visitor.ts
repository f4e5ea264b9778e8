import type { Model } from '../../simulator/model.ts';

/** What came of a visit: what was seen, or what stood in the way. */
export interface Visit {
  readonly lines: readonly string[];
  /** Why there is nothing to see: redis-server is not on this machine, say. */
  readonly lacks?: string;
}

/** Writes into the guestbook as a person with a browser would, then looks into the redis behind it. */
export class GuestbookVisitor {
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
  }

  /** @throws Error when the guestbook serves but does not keep what it is given. */
  async write(message: string): Promise<Visit> {
    const address = this.#address();
    if (!address) return { lines: [], lacks: this.#reason() };
    const entries = `${address}/entries`;
    const posted = await fetch(entries, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'demo', message }),
    });
    if (posted.status !== 201)
      throw new Error(`cannot write into the guestbook: ${entries} answers ${posted.status}`);
    const served = await (await fetch(entries)).text();
    const stored = await this.#storedEntries();
    for (const text of [served, stored.join('\n')]) {
      if (!text.includes(message))
        throw new Error(`cannot find the entry "${message}" again: there is only ${text}`);
    }
    return {
      lines: [
        `POST ${entries} ${posted.status} {"name":"demo","message":"${message}"}`,
        `GET  ${entries} 200 ${served.trim()}`,
        ...stored.map((entry) => `LRANGE ${ENTRIES_KEY} has ${entry}`),
      ],
    };
  }

  /** What the guestbook shows. @throws Error when it does not. */
  async read(): Promise<readonly { readonly name: string; readonly message: string }[]> {
    const address = this.#address();
    if (!address) throw new Error(`cannot read the guestbook: ${this.#reason()}`);
    const answer = await fetch(`${address}/entries`);
    if (answer.status !== 200) throw new Error(`cannot read the guestbook: it answers ${answer.status}`);
    return (await answer.json()) as { name: string; message: string }[];
  }

  #address(): string | undefined {
    const unit = this.#model.status().applications.guestbook?.units?.['guestbook/0'];
    const port = unit?.['open-ports']?.[0]?.split('/')[0];
    return unit && port ? `http://${unit['public-address']}:${port}` : undefined;
  }

  #reason(): string {
    const units = Object.values(this.#model.status().applications).flatMap(({ units = {} }) =>
      Object.entries(units),
    );
    const messages = units.map(([name, unit]) => `${name} says "${unit['workload-status'].message ?? ''}"`);
    return messages.join(', ');
  }

  /** Asks every redis that offers the guestbook to keep its entries. */
  async #storedEntries(): Promise<string[]> {
    const { createClient } = await import('@redis/client');
    const relation = this.#model
      .relations()
      .find(({ endpoints }) => endpoints.some((endpoint) => endpoint.startsWith('guestbook:')));
    const found: string[] = [];
    for (const unit of relation?.inScope ?? []) {
      const { host, port, password } = relation?.units[unit] ?? {};
      if (!host || !port || !password) continue;
      const client = createClient({
        socket: { host: JSON.parse(host) as string, port: Number(port) },
        password: JSON.parse(password) as string,
      });
      await client.connect();
      found.push(...(await client.lRange(ENTRIES_KEY, 0, -1)));
      client.destroy();
    }
    return found;
  }
}

/** Where layers/guestbook keeps its entries. */
const ENTRIES_KEY = 'guestbook:entries';
