/**
 * A hook tool exited with anything but 0, or could not be started.
 *
 * `exitCode` is Juju's: 2 for a call it found malformed, 1 for one it refused or that failed; undefined when the
 * tool did not start or was killed. `stderr` is the tool's whole text, for the few callers that must tell cases apart.
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
    super(`cannot run ${failure.command.join(' ')}: ${said || how}`, { cause: failure.cause });
    this.command = failure.command;
    this.exitCode = failure.exitCode;
    this.stdout = failure.stdout ?? '';
    this.stderr = failure.stderr ?? '';
  }

  /** Whether Juju says that the relation, or this unit's part in it, is gone. */
  get isGone(): boolean {
    return /relation not found|settings not found|permission denied/.test(this.stderr);
  }

  /** Whether Juju knows no such secret, label, resource or storage. */
  get isNotFound(): boolean {
    return /not found/.test(this.stderr);
  }

  /** Whether Juju refused because this unit may not: it is not the leader, not trusted, or not the owner. */
  get isRefused(): boolean {
    return /not the leader|permission denied|cannot write relation settings/.test(this.stderr);
  }
}
