/**
 * Caches the encoded bytes of the most recent reply.
 *
 * @module
 */

import { ByteArena } from "../../wire/bytes/byte_arena.ts";
import type { ReplyCircumstances, ReplyTemplate } from "../../wire/http1/reply_template.ts";
import type { Persistence } from "../../wire/http1/writer.ts";
import type { FastReply } from "./fast_reply.ts";

/** Longer bodies, in characters, are not compared with the previous one. */
export const REPEATED_BODY_CHARACTERS_MAX = 64;

/** The buffer that holds the bytes of all replies. */
const ARENA = new ByteArena(16_384);

/**
 * Encodes the replies of one server. Within a second, all applications of an exhibit with the same
 * interval get the same reply, which is then encoded once for all connections.
 */
export class RepeatedReply {
  #template: ReplyTemplate | undefined;
  /** Body of the last reply; undefined if it cannot be compared with the next one. */
  #body: string | undefined;
  #circumstances: ReplyCircumstances = { date: "", persistence: "close", method: "" };
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #lines: string;

  /** @param lines Fields of every reply of the server. */
  constructor(lines = "") {
    this.#lines = lines;
  }

  /**
   * Encodes a reply.
   *
   * @return Bytes that may be sent to several peers.
   */
  encode(reply: FastReply, date: string, persistence: Persistence, method: string): Uint8Array {
    const { template, body } = reply;
    const last = this.#circumstances;
    const isAlike = last.date === date && last.persistence === persistence &&
      last.method === method;
    if (isAlike && this.#template === template && this.#body === body) return this.#bytes;
    if (!isAlike) this.#circumstances = { date, persistence, method, lines: this.#lines };
    // The content of a byte array may change although the array is the same.
    const isComparable = typeof body === "string" && body.length <= REPEATED_BODY_CHARACTERS_MAX;
    this.#template = template;
    this.#body = isComparable ? body : undefined;
    return this.#bytes = template.encode(body, this.#circumstances, ARENA);
  }
}
