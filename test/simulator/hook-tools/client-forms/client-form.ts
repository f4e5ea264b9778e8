/** One form in which charm-helpers or ops calls a tool, and what it must hear. */
export interface ClientForm {
  readonly client: 'charm-helpers' | 'ops' | 'both';
  readonly argv: readonly string[];
  /** Where it is called; in config-changed of the leader wp/0 if not given. */
  readonly in?: 'relation' | 'peer-relation' | 'broken' | 'follower' | 'storage' | 'action';
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  /** What the same hook must read afterwards: a command and what it prints. */
  readonly reads?: readonly [argv: readonly string[], stdout: string];
}
