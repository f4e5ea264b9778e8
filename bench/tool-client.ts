import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeTools } from '../src/simulator/hook-tools/tools-folder.ts';
import { ServedHook } from '../test/simulator/served-hook.ts';

/*
 * What a call of a hook tool costs, beside what it costs to start nothing. All are measured in one run, in turns, so that
 * what else the machine does falls on all of them: the ratios are what counts.
 */

const ROUNDS = 25;
const CALLS = 10;

const hook = await ServedHook.start();
try {
  const candidates = findCandidates();
  const rounds: Record<string, number[]> = Object.fromEntries(candidates.map(({ name }) => [name, []]));
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const { name, command } of candidates) {
      const milliseconds = await measure(command);
      // The first round brings the programs into memory.
      if (round >= 0) rounds[name]?.push(milliseconds);
    }
  }
  const nothing = medianOf(rounds.true ?? []);
  console.log(`median of ${ROUNDS} rounds of ${CALLS} calls; ${process.platform}, node ${process.version}\n`);
  console.log(`${'a call of'.padEnd(30)}   ms   × true`);
  for (const { name } of candidates) {
    const median = medianOf(rounds[name] ?? []);
    console.log(
      `${name.padEnd(30)}${median.toFixed(1).padStart(5)}${(median / nothing).toFixed(1).padStart(9)}`,
    );
  }
} finally {
  await hook.stop();
}

interface Candidate {
  readonly name: string;
  /** For a shell. */
  readonly command: string;
}

/** Programs that this machine does not have are left out. */
function findCandidates(): Candidate[] {
  const client = (language: 'perl' | 'node'): Candidate => {
    const folder = join(hook.folder, language);
    writeTools(folder, language);
    return { name: `is-leader, in ${language}`, command: `'${join(folder, 'is-leader')}' >/dev/null` };
  };
  const start = (name: string, program: string, args: string): Candidate[] =>
    existsSync(program) ? [{ name, command: `'${program}' ${args}` }] : [];
  const node = start('node -e 0', process.execPath, '-e 0');
  const perl = start('perl -e 0', '/usr/bin/perl', '-e 0');
  return [
    ...start('true', existsSync('/bin/true') ? '/bin/true' : '/usr/bin/true', ''),
    ...start('bash -c :', '/bin/bash', '-c :'),
    ...perl,
    ...(perl.length > 0 ? [client('perl')] : []),
    ...start('python3 -S -c 0', '/usr/bin/python3', '-S -c 0'),
    ...node,
    client('node'),
  ];
}

/** Milliseconds of one call. The shell waits and not this process, which serves the calls. */
async function measure(command: string): Promise<number> {
  const calls = `${command} || exit\n`.repeat(CALLS);
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', `${calls}:`], {
    env: hook.env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  if (exitCode !== 0) throw new Error(`cannot measure ${command}: it exits with ${exitCode}`);
  return (performance.now() - started) / CALLS;
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
