/**
 * What an application gets for its request, before it becomes HTTP.
 *
 * @module
 */

import { errorReply } from "../../wire/hilbert/replies.ts";

/** How a request ended. `unwell` is the answer to a health check that found something. */
export type Outcome = "done" | "bad-request" | "full" | "unwell";

/** A reply before it becomes HTTP. */
export interface HeartbeatReply {
  readonly outcome: Outcome;
  readonly body: string;
}

/** All is well. */
export function done(body: string): HeartbeatReply {
  return { outcome: "done", body };
}

/** The request makes no sense. */
export function bad(target: string): HeartbeatReply {
  return { outcome: "bad-request", body: errorReply(target) };
}

/** There is no room for another application. */
export function full(target: string): HeartbeatReply {
  return { outcome: "full", body: errorReply(target) };
}

/** How many different waits have their reply ready. */
export const WAIT_REPLIES_MAX = 256;

/** Replies that tell how long to wait. Stations have few different waits, and each beat gets one. */
export class WaitReplies {
  readonly #made = new Map<number, HeartbeatReply>();

  /** @param wait In the unit of the protocol; told in whole ones, rounded up. */
  reply(wait: number): HeartbeatReply {
    let reply = this.#made.get(wait);
    if (reply === undefined) {
      reply = done(String(Math.ceil(wait)));
      // Starting over is simpler than to find the oldest, and costs little once in 256 strange waits.
      if (this.#made.size === WAIT_REPLIES_MAX) this.#made.clear();
      this.#made.set(wait, reply);
    }
    return reply;
  }
}
