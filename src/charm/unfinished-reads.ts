import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { HookContext } from '../hook/environment.ts';
import type { RemoteBags } from '../relations/remote-bags.ts';

const FILE = '.unit-state.unread';

/**
 * Which units' bags a hook was about that has not ended well: a file beside the store, since whatever the hook wrote into the store
 * is undone. Where Juju does not run that hook again (`juju resolved --no-retry`), a later one asks for those bags anew.
 */
export class UnfinishedReads {
  readonly #file: string;
  readonly #members: { readonly relationId: string; readonly unitName: string }[];

  constructor(charmDir: string) {
    this.#file = path.join(charmDir, FILE);
    this.#members = readLines(this.#file).flatMap((line) => {
      const [relationId, unitName] = line.split(' ');
      return relationId && unitName ? [{ relationId, unitName }] : [];
    });
  }

  /** Has what earlier hooks did not get to the end of asked for anew, and notes what this one is about. */
  begin(hook: HookContext, bags: RemoteBags): void {
    for (const member of this.#members) bags.forget(member);
    const { id: relationId, remoteUnit: unitName } = hook.relation ?? {};
    if (relationId === undefined || unitName === undefined || !hook.name.endsWith('-changed')) return;
    this.#members.push({ relationId, unitName });
    const lines = this.#members.map((member) => `${member.relationId} ${member.unitName}\n`);
    writeFileSync(this.#file, [...new Set(lines)].join(''), { mode: 0o600 });
  }

  /** The hook has ended well, and its store is committed. */
  end(): void {
    if (this.#members.length > 0) rmSync(this.#file, { force: true });
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
