/**
 * Names and their codes, written as the protocol's documents write them.
 *
 * @module
 */

/**
 * One enumeration of the protocol. Look-ups go through maps, so that a name sent by a peer never
 * reaches what objects inherit (`__proto__`, `constructor`).
 *
 * @example
 * ```ts ignore
 * const modes = new NameTable("IDLE=0 INHALE=5");
 * modes.code("INHALE"); // 5
 * modes.name(0); // "IDLE"
 * ```
 */
export class NameTable {
  readonly #codes = new Map<string, number>();
  readonly #names = new Map<number, string>();

  /**
   * Reads a table.
   *
   * @param text Pairs `NAME=code` divided by white space.
   * @throws {SyntaxError} if a pair is malformed, or a name or code occurs twice.
   */
  constructor(text: string) {
    for (const pair of text.trim().split(/\s+/)) {
      const match = /^([A-Za-z]\w*)=(\d+)$/.exec(pair);
      const name = match?.[1];
      const code = Number(match?.[2]);
      if (name === undefined || this.#codes.has(name) || this.#names.has(code)) {
        throw new SyntaxError(`Cannot read name table: "${pair}" is malformed or a repetition`);
      }
      this.#codes.set(name, code);
      this.#names.set(code, name);
    }
  }

  /** All names, in the order of the table. */
  get names(): string[] {
    return [...this.#codes.keys()];
  }

  /** The table as text, so that a later version's table can extend it. */
  toString(): string {
    return this.#codes.entries().map(([name, code]) => `${name}=${code}`).toArray().join(" ");
  }

  /** The code of a name, case-sensitive, or `undefined`. */
  code(name: string): number | undefined {
    return this.#codes.get(name);
  }

  /** The name of a code, or `undefined`. */
  name(code: number): string | undefined {
    return this.#names.get(code);
  }
}
