/**
 * Memory for many small messages.
 *
 * @module
 */

/**
 * Hands out pieces of a large buffer one after the other and starts a new buffer when it is used up.
 * A piece is never handed out twice; the garbage collector takes a buffer when its last piece is
 * gone. Making a buffer for each reply of 200 bytes costs as much as writing the reply.
 */
export class ByteArena {
  readonly #blockBytes: number;
  #block: Uint8Array;
  #used = 0;

  /** @param blockBytes Size of each buffer, in bytes. */
  constructor(blockBytes: number = 65_536) {
    this.#blockBytes = blockBytes;
    this.#block = new Uint8Array(blockBytes);
  }

  /**
   * A piece of memory that is handed out only once.
   *
   * @param prefix What it begins with.
   * @param bytes Size of the piece, at least the size of the prefix.
   */
  take(prefix: Uint8Array, bytes: number): Uint8Array {
    const piece = this.#piece(bytes);
    piece.set(prefix);
    return piece;
  }

  #piece(bytes: number): Uint8Array {
    // What is large would waste the rest of a block.
    if (bytes > this.#blockBytes >> 2) return new Uint8Array(bytes);
    if (this.#used + bytes > this.#blockBytes) {
      this.#block = new Uint8Array(this.#blockBytes);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used = start + bytes;
    return this.#block.subarray(start, start + bytes);
  }
}
