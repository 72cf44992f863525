/**
 * The memory of the reply that is being sent.
 *
 * @module
 */

import { ByteArena, type ByteSource } from "../wire/http1/byte_arena.ts";
import type { Connection } from "./connection.ts";

/** Replies up to this size, in bytes, are written into the connection's own buffer. */
const OWN_BYTES_MAX = 512;

/** Replies that have to wait for another one to be sent, of all connections. */
const ARENA = new ByteArena();

/**
 * One small buffer for one connection, used again as soon as the last reply is out, which it nearly
 * always is when the next request comes. So a heartbeat makes no garbage for its reply.
 */
export class ReplyBuffer implements ByteSource {
  readonly #connection: Connection;
  /** Made with the first reply: a silent connection needs none. */
  #own: Uint8Array | undefined;
  /** The view that was handed out last; replies to heartbeats have all the same length. */
  #view: Uint8Array | undefined;

  /** What the buffer begins with: that of the last reply, which is mostly that of the next one. */
  #prefix: Uint8Array | undefined;

  /** @param connection On which everything taken is sent, or not at all. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  take(prefix: Uint8Array, bytes: number): Uint8Array {
    if (bytes > OWN_BYTES_MAX || this.#connection.queueBytes > 0) return ARENA.take(prefix, bytes);
    const own = this.#own ??= new Uint8Array(OWN_BYTES_MAX);
    if (this.#prefix !== prefix) {
      own.set(prefix);
      this.#prefix = prefix;
    }
    if (this.#view?.length !== bytes) this.#view = own.subarray(0, bytes);
    return this.#view;
  }
}
