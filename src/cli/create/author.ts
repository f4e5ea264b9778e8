import { spawnSync } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import type { Environment } from './template-values.ts';

/** Who writes what is created. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

/**
 * Who the user is: NAME and EMAIL of the environment, as the reference takes them, else what git is told, else the user's
 * account on this machine.
 */
export function findAuthor(environment: Environment): Author {
  const account = readAccount();
  return {
    name: clean(environment.NAME) || clean(askGit('user.name')) || account.name,
    email: clean(environment.EMAIL) || clean(askGit('user.email')) || account.email,
  };
}

/** As metadata.yaml has it: `Ada Lovelace <ada@example.com>`. */
export function toMaintainer({ name, email }: Author): string {
  return `${name} <${email}>`;
}

/** What would end a maintainer's name too early is no part of it. */
function clean(text: string | undefined): string {
  return (text ?? '').replace(/[<>"\p{Cc}]/gu, '').trim();
}

function askGit(key: string): string {
  const { stdout } = spawnSync('git', ['config', '--get', key], { encoding: 'utf8' });
  // There may be no git.
  return stdout ?? '';
}

function readAccount(): Author {
  const host = hostname() || 'localhost';
  try {
    const { username } = userInfo();
    return { name: username, email: `${username}@${host}` };
  } catch {
    // A container may run as a user that has no account.
    return { name: 'nobody', email: `nobody@${host}` };
  }
}
