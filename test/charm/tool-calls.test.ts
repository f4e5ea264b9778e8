import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CharmDefinition, type HookTools, runHook } from 'charms-reactive';
import { RedisRequires } from 'charms-reactive/interfaces/redis/requires';
import { expect, onTestFinished, test } from 'vitest';
import Web from '../../bench/charms/web/reactive/web.ts';
import { answerFor, changed, environmentOf, HOOK_KINDS, type HookKind } from '../../bench/hook-kinds.ts';
import { CALL_BUDGETS } from '../../bench/rows/hook-budgets.ts';
import Basic from '../../layers/basic/reactive/basic.ts';
import { makeProcessTools } from '../../src/tools/process-tools.ts';
import { makeCharm } from './trial-unit.ts';

/* Each call of a hook tool is a process, and the slowest part of most hooks: one more is to be noticed. */

const CHARM: CharmDefinition = makeCharm({
  metadata: { requires: { redis: 'redis' } },
  config: { title: { type: 'string', default: 'Guestbook' }, port: { type: 'int', default: 8080 } },
  layers: { basic: Basic, web: Web },
  interfaces: { 'requires/redis': RedisRequires },
});

/** A status, and one log for all that a hook has to say. */
const TELL = ['status-set', 'juju-log'];

/** What a kind of hook calls, in the state in which hooks before it left the charm. */
async function listCalls(kind: HookKind): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tool-calls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const tools = new NotedTools();
  for (const call of [...kind.before, kind.measured]) {
    tools.calls.length = 0;
    answerFor(tools, call, call === kind.measured && kind.isNews ? 6380 : 6379);
    await runHook(CHARM, { environment: environmentOf(call, folder), tools: tools.asHookTools() });
  }
  return tools.calls;
}

/** Tools that note each command, and answer as those of the bench do. What was asked ahead is not asked again. */
class NotedTools {
  readonly calls: string[] = [];
  readonly #answers = new Map<string, string>();
  readonly #ahead = new Set<string>();

  answer(call: string, value: unknown): void {
    this.#answers.set(call, JSON.stringify(value));
  }

  asHookTools(): HookTools {
    const note = ([tool = '', ...words]: readonly string[]): string => {
      const call = [tool, ...wordsThatMatter(words)].join(' ');
      if (!this.#ahead.delete(call)) this.calls.push(call);
      return this.#answers.get(call.replaceAll(' ', '.')) ?? this.#answers.get(tool) ?? '';
    };
    const askAhead = (ask: (tools: HookTools) => void): void => {
      const asked: string[] = [];
      ask(
        makeProcessTools(([tool = '', ...words]) => {
          asked.push([tool, ...wordsThatMatter(words)].join(' '));
          return 'null';
        }),
      );
      const fresh = asked.filter((call) => !this.#ahead.has(call));
      // One question alone is asked when it comes.
      if (fresh.length < 2) return;
      this.calls.push(...fresh);
      for (const call of fresh) this.#ahead.add(call);
    };
    return { ...makeProcessTools(note), askAhead };
  }
}

/** The words of a call but for options and what they take, and all that is logged or told. */
function wordsThatMatter(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  const told = end < 0 ? words : words.slice(0, end);
  return told.filter((word, place) => {
    const isValue = ['-r', '-l', '--file'].includes(told[place - 1] ?? '');
    return !isValue && (word === '-' || !word.startsWith('-'));
  });
}

function kindOf(name: string): HookKind {
  const kind = HOOK_KINDS.find((known) => known.name === name);
  if (!kind) throw new Error(`there is no kind of hook "${name}"`);
  return kind;
}

test('hooks call the tools that they need and no others', async () => {
  const start = ['config-get', 'relation-ids redis'];
  expect(await listCalls(kindOf('install'))).toEqual([...start, 'status-set', 'status-set', 'juju-log']);
  expect(await listCalls(kindOf('config-changed'))).toEqual(['relation-ids redis', 'config-get', ...TELL]);
  expect(await listCalls(kindOf('update-status, 10'))).toEqual([
    ...['relation-ids redis', 'config-get', 'relation-list', 'relation-get - redis'],
    ...TELL,
  ]);
});

test.each([1, 10, 100, 500])(
  'a changed hook reads the unit that changed, of %i related ones',
  async (units) => {
    expect(await listCalls(changed(units))).toEqual([
      ...[
        'relation-ids redis',
        'config-get',
        'relation-list',
        'relation-get - redis/0',
        'relation-get - redis',
      ],
      ...TELL,
    ]);
  },
);

test('the first contact with units reads each of them once', async () => {
  const calls = await listCalls(kindOf('first contact with 500 units'));
  const reads = calls.filter((call) => call.startsWith('relation-get - redis/'));
  expect(reads).toHaveLength(500);
  expect(new Set(reads).size).toBe(500);
  expect(calls).toHaveLength(500 + 6);
});

test.each(Object.entries(CALL_BUDGETS))('%s keeps to its budget of %i calls', async (name, budget) => {
  expect((await listCalls(kindOf(name))).length).toBeLessThanOrEqual(budget);
});
