/**
 * Where a command writes.
 *
 * @module
 */

import { visibleJson } from "../core/visible_json.ts";

/**
 * Data goes to standard output, messages to standard error, each in the order of the calls. A
 * callback that cannot wait may ignore the promise: {@linkcode Terminal.written} still waits for
 * its text.
 */
export interface Terminal {
  /** Writes data. Once the reader has gone, does nothing: `pulsebox members | head -1` is no error. */
  write(text: string): Promise<void>;
  /** Writes dispensable data: a failure to write it is ignored. */
  offer(text: string): Promise<void>;
  /** Writes a message. */
  complain(text: string): Promise<void>;
  /**
   * Resolves when everything is written; the program ends only then.
   *
   * @throws {Error} what the last write failed with, if one did.
   */
  written(): Promise<void>;
  /** Width for text, in characters: that of the terminal within 60 to 100, or 80. */
  readonly columns: number;
  /** Whether data may be coloured. */
  readonly color: boolean;
}

const COLUMNS_DEFAULT = 80;
const COLUMNS_MIN = 60;
/** Columns of help and tables, however wide the terminal is. */
const COLUMNS_MAX = 100;

/** Where bytes go, for instance `Deno.stdout`. */
export interface Outlet {
  write(bytes: Uint8Array): Promise<number>;
}

/** The most texts of callbacks that may wait for a slow reader; further ones are dropped. */
export const WAITING_TEXTS_MAX = 10_000;

/** The process's own terminal. */
export class ProcessTerminal implements Terminal {
  readonly #output: OrderedWrites;
  readonly #errors: OrderedWrites;

  /** @param output Where data goes. @param errors Where messages go. */
  constructor(output: Outlet = Deno.stdout, errors: Outlet = Deno.stderr) {
    this.#output = new OrderedWrites(output);
    this.#errors = new OrderedWrites(errors);
  }

  get columns(): number {
    if (!Deno.stdout.isTerminal()) return COLUMNS_DEFAULT;
    // A serial console does not know its size and says 0.
    const columns = Deno.consoleSize().columns || COLUMNS_DEFAULT;
    return Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, columns));
  }

  get color(): boolean {
    return Deno.stdout.isTerminal() && !Deno.noColor;
  }

  write(text: string): Promise<void> {
    return this.#output.write(shown(text, Deno.stdout.isTerminal()));
  }

  offer(text: string): Promise<void> {
    return this.#output.offer(shown(text, Deno.stdout.isTerminal()));
  }

  complain(text: string): Promise<void> {
    // If it fails, there is nowhere left to tell it.
    return this.#errors.write(shown(text, false)).catch(() => {});
  }

  async written(): Promise<void> {
    await this.#errors.last.catch(() => {});
    await this.#output.last;
  }
}

/** Writes one text after the other. */
class OrderedWrites {
  /** The write that was asked for last. */
  last: Promise<void> = Promise.resolve();
  readonly #outlet: Outlet;
  #waiting = 0;
  #readerGone = false;

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  write(text: string): Promise<void> {
    if (this.#readerGone || this.#waiting >= WAITING_TEXTS_MAX) return Promise.resolve();
    this.#waiting++;
    const write = this.#writeAfter(this.last, text);
    // Callbacks ignore the promise, and an unhandled rejection would end the program.
    write.catch(() => {});
    this.last = write;
    return write;
  }

  /** As {@linkcode OrderedWrites.write}, but its failure is no failure of the output. */
  offer(text: string): Promise<void> {
    const offered = this.write(text).catch(() => {});
    this.last = offered;
    return offered;
  }

  async #writeAfter(earlier: Promise<void>, text: string): Promise<void> {
    try {
      await earlier;
      for (let rest = new TextEncoder().encode(text); rest.length > 0 && !this.#readerGone;) {
        rest = rest.subarray(await this.#outlet.write(rest));
      }
    } catch (error) {
      // The exit status must not depend on who reads, so this is not an error.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      this.#readerGone = true;
    } finally {
      this.#waiting--;
    }
  }
}

/**
 * The terminal sequences that our own commands write: colours, the alternate screen, the cursor's
 * position.
 */
// deno-lint-ignore no-control-regex -- such a sequence begins with one
const OWN_SEQUENCES = /(\x1b\[(?:[0-9]{1,2}m|\?(?:1049|25)[hl]|[HKJ])|\r\n)/;

/**
 * A text as it is written. Every command writes here, so nothing that a peer chose moves, hides or
 * reorders the rest, even where a command forgot to look. Escapes are those of JSON, because the
 * text may be JSON.
 *
 * @param isScreen Whether our own sequences may pass.
 */
export function shown(text: string, isScreen: boolean): string {
  if (!isScreen) return visibleJson(text);
  return text.split(OWN_SEQUENCES)
    .map((part, index) => index % 2 === 1 ? part : visibleJson(part)).join("");
}
