/** How many blocks of 256 loopback addresses there are, without the first, where people's own servers are. */
const BLOCKS = 254 * 256;

/** Blocks of loopback addresses for models that run side by side, so that none finds its ports taken by another. */
export class AddressBases {
  readonly #taken = new Set<number>();
  #next: number;

  /** Begins at a place of its own for each process, since others may explore at the same time. */
  constructor(start = process.pid * 61) {
    this.#next = start % BLOCKS;
  }

  /** A block that nobody has, as the address before its first: `127.9.1.0`. Give it back when the model is gone. */
  take(): string {
    while (this.#taken.has(this.#next)) this.#step();
    const block = this.#next;
    this.#taken.add(block);
    this.#step();
    return `127.${Math.floor(block / 256) + 1}.${block % 256}.0`;
  }

  giveBack(base: string): void {
    const [, second = 0, third = 0] = base.split('.').map(Number);
    this.#taken.delete((second - 1) * 256 + third);
  }

  #step(): void {
    this.#next = (this.#next + 1) % BLOCKS;
  }
}
