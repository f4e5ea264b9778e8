/**
 * A hook tool exited with anything but 0, or could not be started.
 *
 * `exitCode` is Juju's: 2 for a call it found malformed, 1 for one it refused or that failed; undefined when the
 * tool did not start (this Juju has none of that name) or was killed. `command` and `stderr` are whole, for the few
 * callers that must tell cases apart; the message leaves out the values of settings, which may be secret.
 */
export class HookToolError extends Error {
  override readonly name = 'HookToolError';
  readonly command: readonly string[];
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;

  constructor(failure: {
    readonly command: readonly string[];
    readonly exitCode: number | undefined;
    readonly stdout?: string;
    readonly stderr?: string;
    readonly cause?: unknown;
  }) {
    const said = (failure.stderr ?? '').trim().replace(/^ERROR /, '');
    const how = failure.exitCode === undefined ? 'it did not run' : `exit code ${failure.exitCode}`;
    super(`cannot run ${describe(failure.command)}: ${said || how}`, { cause: failure.cause });
    this.command = failure.command;
    this.exitCode = failure.exitCode;
    this.stdout = failure.stdout ?? '';
    this.stderr = failure.stderr ?? '';
  }

  /** Whether Juju says that the relation, or this unit's part in it, is gone. */
  get isGone(): boolean {
    if (/relation not found/.test(this.stderr)) return true;
    const isAboutRelation = this.command[0]?.startsWith('relation-') ?? false;
    return isAboutRelation && /settings not found|permission denied/.test(this.stderr);
  }

  /** Whether Juju knows no such secret, label, resource, storage, payload, binding or address. */
  get isNotFound(): boolean {
    return !this.isGone && /not found|no network config found/.test(this.stderr);
  }

  /** Whether Juju refused because this unit may not: it is not the leader, not trusted, or not the owner. */
  get isRefused(): boolean {
    return /not the leader|permission denied|cannot write relation settings/.test(this.stderr);
  }
}

/** Tools that can be told values in no other way than among their arguments. */
const TAKES_VALUES = ['leader-set', 'action-set'];
const LONGEST_SHOWN = 200;

function describe(command: readonly string[]): string {
  const hidesValues = TAKES_VALUES.includes(command[0] ?? '');
  return command
    .map((argument) => shorten(hidesValues ? argument.replace(/=.*/s, '=…') : argument))
    .join(' ');
}

function shorten(argument: string): string {
  return argument.length > LONGEST_SHOWN ? `${argument.slice(0, LONGEST_SHOWN)}…` : argument;
}
