/**
 * A charm cannot be built from its layers: the message says what, why, and the remedy where there is one.
 *
 * A layer file that breaks its own rules is a `MetadataError` instead; nothing else is thrown by the builder on purpose.
 */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}
