/** A hook tool was called wrongly. The tool prints `ERROR`, this message, and exits with 2, which charm-helpers tells apart. */
export class ToolUsageError extends Error {
  override readonly name = 'ToolUsageError';
}

/** A hook tool was called rightly and could not do it. The tool prints `ERROR`, this message, and exits with 1. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
}

/** A hook tool needs what stands on its standard input: the caller is asked to call again with it. */
export class StdinNeeded extends Error {
  override readonly name = 'StdinNeeded';
}
