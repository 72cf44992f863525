/**
 * The host's metrics, to compare with what was done to it.
 *
 * @module
 */

/** The text of one reading. */
export class MetricsText {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split("\n");
  }

  /** @throws {Error} unless a figure lies between two bounds. */
  must(name: string, least: number, most = least): void {
    const line = this.#lines.find((line) => line.startsWith(`${name} `));
    const is = Number(line?.split(" ").at(-1));
    if (!(is >= least && is <= most)) {
      throw new Error(`${name} is ${is}, must be ${least === most ? least : `${least}-${most}`}`);
    }
  }
}
