/**
 * The reply that a server gives again and again.
 *
 * @module
 */

import { ByteArena, type ByteSource } from "../wire/http1/byte_arena.ts";
import type { ReplyCircumstances, ReplyTemplate } from "../wire/http1/reply_template.ts";
import type { Persistence } from "../wire/http1/writer.ts";
import type { FastReply } from "./http_service.ts";

/** Longer bodies, in characters, are not compared with the last one. */
export const REPEATED_BODY_CHARACTERS_MAX = 64;

/** Replies that are shared; each is written anew when another one or another second came between. */
const ARENA = new ByteArena(16_384);

/**
 * Encodes the replies of one server. Within a second all applications of an exhibit with the same
 * rhythm get the same bytes: from the second time in a row on they are written once for all
 * connections, whose buffers then need not be touched.
 */
export class RepeatedReply {
  #template: ReplyTemplate | undefined;
  /** Body of the last reply; undefined if it cannot be compared with the next one. */
  #body: string | undefined;
  #circumstances: ReplyCircumstances = { date: "", persistence: "close", method: "" };
  /** The encoded reply, once it came twice. */
  #bytes: Uint8Array | undefined;

  /**
   * Encodes a reply.
   *
   * @param source Where its bytes are to lie if it is not that of the last call.
   * @return Bytes that may be sent to several peers.
   */
  encode(
    reply: FastReply,
    date: string,
    persistence: Persistence,
    method: string,
    source: ByteSource,
  ): Uint8Array {
    const { template, body } = reply;
    const last = this.#circumstances;
    const isAlike = last.date === date && last.persistence === persistence &&
      last.method === method;
    if (isAlike && this.#template === template && this.#body === body) {
      return this.#bytes ??= template.encode(body, last, ARENA);
    }
    const circumstances = isAlike ? last : { date, persistence, method };
    this.#circumstances = circumstances;
    // Bytes may change without becoming others.
    const isComparable = typeof body === "string" && body.length <= REPEATED_BODY_CHARACTERS_MAX;
    this.#template = template;
    this.#body = isComparable ? body : undefined;
    this.#bytes = undefined;
    return template.encode(body, circumstances, source);
  }
}
