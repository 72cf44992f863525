/**
 * The unread bytes of one peer.
 *
 * @module
 */

import { ReceiveBuffer } from "../bytes/receive_buffer.ts";

/** Initial size of the buffer: a subscriber sends little. */
const INITIAL_BYTES = 512;
/** The most bytes of one read from a busy peer, and the room in a buffer beyond a frame. */
const READ_BYTES_MAX = 65_536;
const GROWTH = 8;

/** A receive buffer that grows with each full read of a busy peer, and shrinks again. */
export class Arrivals extends ReceiveBuffer {
  #wanted = 0;
  #offered = 0;

  /** @param frameBytesMax The largest frame in bytes, without its header. */
  constructor(frameBytesMax: number) {
    super(INITIAL_BYTES, frameBytesMax + READ_BYTES_MAX);
  }

  /** Where to put the next bytes. */
  offer(): Uint8Array {
    const space = this.space(this.#wanted);
    this.#offered = space.length;
    return space;
  }

  /** Reports how many bytes were put there. */
  override commit(count: number): void {
    super.commit(count);
    // A read that filled the buffer has probably left bytes behind.
    if (count === this.#offered) {
      this.#wanted = Math.min(Math.max(count, INITIAL_BYTES) * GROWTH, READ_BYTES_MAX);
    } else if (count * GROWTH < this.#offered) {
      this.#wanted = 0;
    }
  }

  /** The bytes that can be read. */
  get length(): number {
    return this.end - this.start;
  }

  /** Takes bytes out, as a copy because the buffer is reused. */
  take(skip: number, count: number): Uint8Array {
    const from = this.start + skip;
    this.start = from + count;
    return this.bytes.slice(from, from + count);
  }

  /** Adds bytes that were received elsewhere. */
  put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const space = this.offer();
      const count = Math.min(space.length, bytes.length - at);
      if (count === 0) return;
      space.set(bytes.subarray(at, at + count));
      this.commit(count);
      at += count;
    }
  }
}
