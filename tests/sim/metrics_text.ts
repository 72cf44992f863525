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

  /** A figure; `NaN` if there is none of that name. */
  of(name: string): number {
    const line = this.#lines.find((line) => line.startsWith(`${name} `));
    return Number(line?.split(" ").at(-1));
  }

  /** @throws {Error} unless a figure lies between two bounds. */
  must(name: string, least: number, most = least): void {
    const is = this.of(name);
    if (!(is >= least && is <= most)) {
      throw new Error(`${name} is ${is}, must be ${least === most ? least : `${least}-${most}`}`);
    }
  }
}
