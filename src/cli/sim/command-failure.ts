/** What a command of the local Juju is refused or has failed with; `main` prints its message and ends with its code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  /** 1 for what went wrong, 2 for a command that was not understood (Juju's rule). */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A command that was not understood. */
export function misuse(message: string): CommandFailure {
  return new CommandFailure(message, 2);
}
