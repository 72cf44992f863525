/**
 * Where a command writes.
 *
 * @module
 */

import { visibleJson } from "../core/visible_json.ts";

/** Data goes to standard output, messages to standard error. */
export interface Terminal {
  /** Writes data. Once the reader has gone, does nothing: `pulsebox members | head -1` is no error. */
  write(text: string): Promise<void>;
  /** Writes a message. */
  complain(text: string): Promise<void>;
  /** Width for text, in characters: that of the terminal within 60 to 100, or 80. */
  readonly columns: number;
  /** Whether data may be coloured. */
  readonly color: boolean;
}

const COLUMNS_DEFAULT = 80;
const COLUMNS_MIN = 60;
const COLUMNS_MAX = 100;

/** The process's own terminal. */
export class ProcessTerminal implements Terminal {
  #readerGone = false;

  get columns(): number {
    if (!Deno.stdout.isTerminal()) return COLUMNS_DEFAULT;
    // A serial console does not know its size and says 0.
    const columns = Deno.consoleSize().columns || COLUMNS_DEFAULT;
    return Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, columns));
  }

  get color(): boolean {
    return Deno.stdout.isTerminal() && !Deno.noColor;
  }

  async write(text: string): Promise<void> {
    if (this.#readerGone) return;
    try {
      await writeAll(Deno.stdout, shown(text, Deno.stdout.isTerminal()));
    } catch (error) {
      // The exit status must not depend on who reads, so this is not an error.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      this.#readerGone = true;
    }
  }

  async complain(text: string): Promise<void> {
    try {
      await writeAll(Deno.stderr, shown(text, false));
    } catch {
      // There is nowhere left to tell it.
    }
  }
}

/** The sequences that our own commands write: colours, a screen of its own, and where on it. */
// deno-lint-ignore no-control-regex -- such a sequence begins with one
const OWN_SEQUENCES = /(\x1b\[(?:[0-9]{1,2}m|\?(?:1049|25)[hl]|[HKJ])|\r\n)/;

/**
 * A text as it is written. Every command writes here, so nothing that a peer chose moves, hides or
 * reorders the rest, even where a command forgot to look. Escapes are those of JSON, for it may be JSON.
 *
 * @param isScreen Whether our own sequences may pass.
 */
export function shown(text: string, isScreen: boolean): string {
  if (!isScreen) return visibleJson(text);
  return text.split(OWN_SEQUENCES)
    .map((part, index) => index % 2 === 1 ? part : visibleJson(part)).join("");
}

async function writeAll(
  to: { write(bytes: Uint8Array): Promise<number> },
  text: string,
): Promise<void> {
  for (let rest = new TextEncoder().encode(text); rest.length > 0;) {
    rest = rest.subarray(await to.write(rest));
  }
}
