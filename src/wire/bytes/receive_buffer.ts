/**
 * The received and not yet consumed bytes of one connection.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";

/** An empty buffer of at most this size, in bytes, is kept, because it will be needed again. */
const KEPT_BYTES_MAX = 4_096;

/**
 * A buffer that starts small, because most connections of a crowd are silent, grows when a peer
 * sends much at once, and shrinks when it is empty again.
 */
export class ReceiveBuffer {
  readonly #initialBytes: number;
  readonly #bytesMax: number;
  /** The bytes from `start` to `end` are in use. */
  bytes: Uint8Array;
  start = 0;
  end = 0;

  /**
   * @param initialBytes Size at first, in bytes.
   * @param bytesMax Largest size, in bytes.
   */
  constructor(initialBytes: number, bytesMax: number) {
    this.#initialBytes = Math.min(initialBytes, bytesMax);
    this.#bytesMax = bytesMax;
    this.bytes = new Uint8Array(this.#initialBytes);
  }

  /**
   * Where the next bytes are to be put; they count after {@linkcode commit}. May move the bytes
   * that are in use. Empty if the buffer is full and as large as it may be.
   *
   * @param wanted How many bytes are expected, 0 if unknown.
   */
  space(wanted: number): Uint8Array {
    if (this.start === this.end) {
      this.start = this.end = 0;
      const isLarge = this.bytes.length > Math.max(KEPT_BYTES_MAX, this.#initialBytes);
      if (isLarge && wanted === 0) this.bytes = new Uint8Array(this.#initialBytes);
    }
    const free = this.bytes.length - this.end;
    if (free === 0 || (wanted > free && this.bytes.length < this.#bytesMax)) this.#makeRoom(wanted);
    return this.end === 0 ? this.bytes : this.bytes.subarray(this.end);
  }

  /** Says how many bytes were put into the last {@linkcode space}. */
  commit(count: number): void {
    assert(count <= this.bytes.length - this.end, "no more bytes than there was space for");
    this.end += count;
  }

  #makeRoom(wanted: number): void {
    const used = this.end - this.start;
    const size = Math.min(Math.max(this.bytes.length, used * 2, used + wanted), this.#bytesMax);
    if (size > this.bytes.length) {
      const larger = new Uint8Array(size);
      larger.set(this.bytes.subarray(this.start, this.end));
      this.bytes = larger;
    } else {
      this.bytes.copyWithin(0, this.start, this.end);
    }
    this.start = 0;
    this.end = used;
  }
}
