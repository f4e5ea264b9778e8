/** One thing wrong in a charm file. `keyPath` is as in `MetadataError`. */
export interface MetadataFault {
  readonly keyPath: string;
  readonly reason: string;
}

/**
 * A charm file (metadata.yaml, config.yaml, layer.yaml, interface.yaml) that breaks a rule or is no YAML.
 *
 * `faults` holds everything found wrong, in file order, at least one; `keyPath` and `reason` are the first one's.
 * A key path is written `requires.db.interface` or `includes[0]`; it is `line 3, column 7` where the text is no YAML,
 * and empty where the document as a whole is meant. The message has a line for each fault:
 * `cannot read "<file>": <key.path>: <reason>`.
 */
export class MetadataError extends Error {
  override readonly name = 'MetadataError';
  readonly file: string;
  readonly keyPath: string;
  readonly reason: string;
  readonly faults: readonly MetadataFault[];

  constructor(file: string, faults: readonly [MetadataFault, ...MetadataFault[]]) {
    super(faults.map((fault) => describeFault(file, fault)).join('\n'));
    this.file = file;
    this.keyPath = faults[0].keyPath;
    this.reason = faults[0].reason;
    this.faults = faults;
  }
}

function describeFault(file: string, { keyPath, reason }: MetadataFault): string {
  return `cannot read "${file}": ${keyPath === '' ? '' : `${keyPath}: `}${reason}`;
}
