/**
 * The first record of a client that speaks TLS.
 *
 * @module
 */

/** Room for the first bytes of a peer: all of a plain hello, or the beginning of a longer one. */
const FIRST_BYTES = 512;
/** The longest first record that is taken, in bytes: keys for quantum computers take 2 000. */
export const HELLO_BYTES_MAX = 8_192;
/** A record's header: its type, the version, how many bytes follow (RFC 8446 section 5.1). */
const HEADER_BYTES = 5;
const HANDSHAKE_RECORD = 22;
const VERSION_MAJOR = 3;
const CLIENT_HELLO = 1;
/** Type and length of a handshake message (RFC 8446 section 4). */
const MESSAGE_HEADER_BYTES = 4;

/** What is known of a first record: more of it has to come, it is there, or it is no hello. */
export type HelloState = "partial" | "complete" | "no-hello";

/**
 * Gathers the first record of a peer, so that nothing that costs more has to be set up for one that
 * says nothing or stops in the middle. Its memory grows with what the peer sends, whatever it announces.
 */
export class HelloBuffer {
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /** What has come so far. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Where the next bytes are to be received; at least one while the hello is partial. */
  space(): Uint8Array<ArrayBuffer> {
    if (this.#length === this.#buffer.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    return this.#buffer.subarray(this.#length);
  }

  /** Takes over what was received into {@linkcode space}. */
  commit(count: number): HelloState {
    this.#length += count;
    const [type, major, , high = 0, low = 0, message] = this.bytes;
    if (type !== undefined && type !== HANDSHAKE_RECORD) return "no-hello";
    if (major !== undefined && major !== VERSION_MAJOR) return "no-hello";
    if (message !== undefined && message !== CLIENT_HELLO) return "no-hello";
    if (this.#length < HEADER_BYTES) return "partial";
    const recordBytes = high * 256 + low;
    if (recordBytes < MESSAGE_HEADER_BYTES) return "no-hello";
    if (HEADER_BYTES + recordBytes > HELLO_BYTES_MAX) return "no-hello";
    return this.#length < HEADER_BYTES + recordBytes ? "partial" : "complete";
  }
}
