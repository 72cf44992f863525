/**
 * Takes a response apart that comes in chunks, however it is cut.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-7.1
 * @module
 */

import { concatenate } from "../../src/wire/bytes/concatenate.ts";

const LINE_FEED = 0x0a;
/** Bytes at the end of each chunk. */
const CHUNK_END = 2;

/** The body of one response. */
export class ChunkedBody {
  #waiting = new Uint8Array();
  #isHead = true;
  /** Bytes of the present chunk, with its end, that are still to come. */
  #left = 0;

  /** @return The bytes of the body among those that have come. */
  take(bytes: Uint8Array): Uint8Array {
    this.#waiting = concatenate([this.#waiting, bytes.slice()]);
    const body: Uint8Array<ArrayBuffer>[] = [];
    while (this.#waiting.length > 0) {
      if (this.#left > 0) {
        const isEnd = this.#left <= CHUNK_END;
        const part = this.#waiting.slice(0, isEnd ? this.#left : this.#left - CHUNK_END);
        if (!isEnd) body.push(part);
        this.#left -= part.length;
        this.#waiting = this.#waiting.slice(part.length);
        continue;
      }
      const line = this.#line();
      if (line === undefined) break;
      if (!this.#isHead) this.#left = parseInt(line, 16) + CHUNK_END;
      else if (line === "") this.#isHead = false;
    }
    return concatenate(body);
  }

  #line(): string | undefined {
    const end = this.#waiting.indexOf(LINE_FEED);
    if (end < 0) return undefined;
    const line = new TextDecoder().decode(this.#waiting.subarray(0, end)).trimEnd();
    this.#waiting = this.#waiting.slice(end + 1);
    return line;
  }
}
