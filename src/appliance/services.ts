/**
 * The parts of a host that serve peers.
 *
 * @module
 */

/**
 * The parts that serve peers. All end side by side, because each may take its time to let peers
 * finish, and the store, which writes the last changes after them, must still end in time.
 */
export class Services implements AsyncDisposable {
  readonly #parts: AsyncDisposable[] = [];

  /** Adds a part; it ends together with the others. */
  add<T extends AsyncDisposable>(part: T): T {
    this.#parts.push(part);
    return part;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ends = this.#parts.splice(0).map((part) => part[Symbol.asyncDispose]());
    for (const end of await Promise.allSettled(ends)) {
      if (end.status === "rejected") throw end.reason;
    }
  }
}
