/**
 * Writes lines without ever waiting for their reader.
 *
 * @module
 */

import { inBackground } from "../../net/background.ts";
import { settlesWithin } from "../../net/sleep.ts";

/** Where lines go, for instance `Deno.stderr`. */
export interface LineTarget {
  write(bytes: Uint8Array): Promise<number>;
}

/** Characters that may wait for a slow reader before lines are dropped. */
export const WAITING_LENGTH_MAX = 1_048_576;
/** How long the last lines may take at the end, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 300;

/**
 * A bounded queue of lines. Writing to standard error blocks when nobody reads it, and must not
 * block a role. So lines wait here, and are dropped and counted when there are too many.
 */
export class LineWriter implements AsyncDisposable {
  readonly #target: LineTarget;
  #waiting = "";
  #dropped = 0;
  #writing: Promise<void> | undefined;

  constructor(target: LineTarget) {
    this.#target = target;
  }

  /** Takes a line, without its line break. Returns at once. */
  write(line: string): void {
    if (this.#waiting.length + line.length >= WAITING_LENGTH_MAX) {
      this.#dropped++;
      return;
    }
    this.#waiting += `${line}\n`;
    this.#writing ??= inBackground(this.#drain());
  }

  /** Resolves when all lines are written, or after {@linkcode CLOSE_TIMEOUT_MS}. */
  async flush(): Promise<void> {
    if (this.#writing === undefined) return;
    await settlesWithin(this.#writing, CLOSE_TIMEOUT_MS);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flush();
  }

  async #drain(): Promise<void> {
    // Write a turn later, so that the lines of one turn become one write.
    await Promise.resolve();
    try {
      while (this.#waiting !== "") {
        const text = this.#takeWaiting();
        for (let rest = new TextEncoder().encode(text); rest.length > 0;) {
          rest = rest.subarray(await this.#target.write(rest));
        }
      }
    } catch {
      // The reader is gone; there is nobody left to tell.
      this.#waiting = "";
    } finally {
      this.#writing = undefined;
    }
  }

  #takeWaiting(): string {
    const text = this.#dropped === 0
      ? this.#waiting
      : `${this.#waiting}${this.#dropped} log lines were dropped because nobody read them\n`;
    this.#waiting = "";
    this.#dropped = 0;
    return text;
  }
}
