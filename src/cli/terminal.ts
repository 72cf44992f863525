/**
 * Where a command writes.
 *
 * @module
 */

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
      await writeAll(Deno.stdout, text);
    } catch (error) {
      // The exit status must not depend on who reads, so this is not an error.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      this.#readerGone = true;
    }
  }

  async complain(text: string): Promise<void> {
    try {
      await writeAll(Deno.stderr, text);
    } catch {
      // There is nowhere left to tell it.
    }
  }
}

async function writeAll(
  to: { write(bytes: Uint8Array): Promise<number> },
  text: string,
): Promise<void> {
  for (let rest = new TextEncoder().encode(text); rest.length > 0;) {
    rest = rest.subarray(await to.write(rest));
  }
}
